"""What people do with lines: reply, edit, delete, react, call somebody; live for everybody, at once and after a gap."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.conftest import Member
from e2e.held import Held
from e2e.proxy import Proxy
from e2e.room import RoomPage
from e2e.site import Site


@pytest.fixture
def proxy(site: Site) -> Iterator[Proxy]:
    with Proxy(site.port).running() as proxy:
        yield proxy


# Opens the words of a reaction and chooses the first before the browser has come to moving the focus.
AT_ONCE = """() => {
    const menu = document.querySelector(".acts [data-key=e]");
    menu.focus();
    menu.click();
    menu.dispatchEvent(new KeyboardEvent("keydown", { key: "1", bubbles: true }));
}"""


def act(room: RoomPage, nth: int, key: str) -> None:
    """By hand: point at a line and press what is there."""
    line = room.lines.nth(nth)
    line.hover()
    line.locator(f"[data-key='{key}']").first.click()


def choose(room: RoomPage, nth: int, act_name: str) -> None:
    """From a line's menu."""
    act(room, nth, ".")
    room.lines.nth(nth).locator(f"[data-act={act_name}]").click()


def test_two_people_answer_react_edit_and_delete_live(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, maya = member("민서"), member("Maya", language="en")
    post = new_post(by=minseo.user)
    here, there = RoomPage(minseo.page).open(post), RoomPage(maya.page).open(post)
    here.say(f"골라 주세요 @{maya.user.nickname}")
    expect(there.lines).to_have_count(1)
    expect(there.lines.first).to_have_class("line who " + _hue(minseo.user) + " call")

    act(there, 0, "r")
    expect(there.page.locator("#answered")).to_be_visible()
    there.say("This one")
    expect(here.lines.nth(1).locator(".quote .cut")).to_have_text(f"골라 주세요 @{maya.user.nickname}")
    expect(there.page.locator("#answered")).to_be_hidden()
    expect(here.lines.nth(1)).to_have_class("line who " + _hue(maya.user) + " call")  # an answer calls, too

    act(here, 1, "e")
    minseo.page.keyboard.press("2")
    word = there.lines.nth(1).locator(".reacts button")
    expect(word).to_have_text("아하1")
    expect(word).to_have_attribute("aria-pressed", "false")
    expect(here.lines.nth(1).locator(".reacts button")).to_have_attribute("aria-pressed", "true")
    word.click()
    expect(here.lines.nth(1).locator(".reacts button")).to_have_text("아하2")
    expect(word).to_have_attribute("aria-pressed", "true")
    word.click()
    expect(here.lines.nth(1).locator(".reacts button")).to_have_text("아하1")

    choose(here, 0, "edit")
    minseo.page.locator("#id_edited").fill("다른 것을 골라 주세요")
    minseo.page.keyboard.press("Enter")
    expect(there.words.first).to_have_text("다른 것을 골라 주세요 edited")
    expect(there.lines.nth(1).locator(".quote .cut")).to_have_text("다른 것을 골라 주세요")
    expect(here.box).to_be_visible()
    choose(here, 0, "delete")
    minseo.page.locator("#line-form .danger").click()
    expect(there.words.first).to_have_text("This line was deleted.")
    expect(there.lines.nth(1).locator(".quote .cut")).to_have_text("This line was deleted.")
    expect(minseo.page.locator("#line-form form")).to_have_count(0)


def _hue(user: Any) -> str:
    from cobra.sigil import hue

    return f"h{hue(user.nickname)}"


def test_a_line_is_deleted_while_somebody_replies_to_it(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiwoo = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    line = post.room.say(author=minseo.user, text="잘못 말했어요")
    room = RoomPage(jiwoo.page).open(post)
    act(room, 0, "r")
    room.box.fill("그건 말이죠")
    line.delete_softly(by=minseo.user)
    expect(room.words.first).to_have_text("지운 줄이에요.")
    expect(jiwoo.page.locator("#answered .cut")).to_have_text("지운 줄이에요.")
    room.box.press("Enter")
    expect(room.lines.nth(1)).to_contain_text("그건 말이죠")
    expect(room.lines.nth(1).locator(".quote .cut")).to_have_text("지운 줄이에요.")


def test_the_connection_breaks_in_the_middle_of_an_edit(
    member: Callable[..., Member], new_post: Callable[..., Any], proxy: Proxy
) -> None:
    minseo, jiwoo = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    line = post.room.say(author=minseo.user, text="첫 말")
    room = RoomPage(minseo.page)
    room.page.goto(f"{proxy.url}{post.get_absolute_url()}?view=room")
    room.is_live()
    choose(room, 0, "edit")
    edited = minseo.page.locator("#id_edited")
    edited.fill("반쯤 고친")
    proxy.close()
    expect(room.stream).to_have_attribute("data-state", "lost")
    line.react(by=jiwoo.user, word="TIL")
    post.room.say(author=jiwoo.user, text="끊긴 사이에")
    proxy.open()
    room.connect_now()
    expect(room.lines).to_have_count(2)
    expect(room.lines.first.locator(".reacts button")).to_have_text("TIL1")
    expect(edited).to_be_focused()
    expect(edited).to_have_value("반쯤 고친")
    edited.press_sequentially(" 말")
    edited.press("Enter")
    expect(room.words.first).to_contain_text("반쯤 고친 말")
    expect(room.lines.first).to_be_focused()


def test_two_tabs_of_one_person_agree(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo = member("민서")
    post = new_post(by=minseo.user)
    post.room.say(author=minseo.user, text="두 탭에서 봐요")
    one = RoomPage(minseo.page).open(post)
    two = RoomPage(minseo.context.new_page()).open(post)
    one.lines.first.hover()
    one.page.evaluate(AT_ONCE)
    expect(two.lines.first.locator(".reacts button")).to_have_attribute("aria-pressed", "true")
    choose(two, 0, "edit")
    two.page.locator("#id_edited").fill("한 탭에서 고쳐요")
    two.page.keyboard.press("Enter")
    expect(one.words.first).to_contain_text("한 탭에서 고쳐요")
    expect(two.page.locator("#id_edited")).to_have_count(0)
    choose(two, 0, "edit")
    expect(two.page.locator("#id_edited")).to_be_focused()
    choose(one, 0, "delete")
    one.page.locator("#line-form .danger").click()
    expect(two.words.first).to_have_text("지운 줄이에요.")
    two.page.locator("#id_edited").fill("아까운 말")
    two.page.locator("#id_edited").press("Enter")
    expect(two.page.locator(".asides > .err")).to_have_text("지운 줄이라 바꿀 수 없어요.")
    expect(two.page.locator("#id_edited")).to_have_value("아까운 말")


def test_names_complete_while_they_are_typed_and_the_keys_reach_every_line(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiwoo = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    post.room.say(author=jiwoo.user, text="저요")
    room = RoomPage(minseo.page).open(post)
    room.box.focus()
    minseo.page.keyboard.type("@ㅈㅇ")
    choice = minseo.page.locator("#callees [aria-selected=true]")
    expect(choice).to_have_text(jiwoo.user.nickname)
    expect(room.box).to_have_attribute("aria-activedescendant", f"callee-{jiwoo.user.pk}")
    minseo.page.keyboard.press("Enter")
    expect(room.box).to_have_value(f"@{jiwoo.user.nickname}")
    minseo.page.keyboard.type("가 말했어요")
    expect(minseo.page.locator("#callees")).to_be_hidden()
    minseo.page.keyboard.press("Enter")
    expect(room.lines.nth(1).locator(".at")).to_have_attribute("data-person", str(jiwoo.user.pk))
    minseo.page.keyboard.press("ArrowUp")  # the box is empty: what I said last
    expect(minseo.page.locator("#id_edited")).to_be_focused()
    minseo.page.keyboard.press("Escape")
    expect(room.lines.nth(1)).to_be_focused()
    minseo.page.keyboard.press("k")
    minseo.page.keyboard.press("r")
    expect(minseo.page.locator("#answered b")).to_have_text(jiwoo.user.nickname)
    expect(room.box).to_be_focused()
    minseo.page.keyboard.press("Escape")
    expect(minseo.page.locator("#answered")).to_be_hidden()


def test_an_answer_that_comes_after_a_name_was_picked_opens_no_list_again(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiwoo = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    post.room.say(author=jiwoo.user, text="저요")
    room = RoomPage(minseo.page).open(post)
    room.box.fill("@지")
    expect(minseo.page.locator("#callees [aria-selected=true]")).to_have_text(jiwoo.user.nickname)
    held = Held(minseo.page, "**/room/people/**")
    with minseo.page.expect_request("**/room/people/**"):
        room.box.press_sequentially("우")
    room.box.press("Enter")
    expect(room.box).to_have_value(f"@{jiwoo.user.nickname}")
    with minseo.page.expect_event("requestfinished"):
        held.take().continue_()
    minseo.page.evaluate("() => new Promise((done) => setTimeout(done, 100))")  # the page has heard of it
    expect(minseo.page.locator("#callees")).to_be_hidden()
    room.box.press("Enter")
    expect(room.lines.nth(1).locator(".at")).to_have_attribute("data-person", str(jiwoo.user.pk))


def test_a_long_line_unfolds_and_stays_so_when_it_changes(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서")
    post = new_post(by=minseo.user)
    line = post.room.say(author=minseo.user, text="가나다라 " * 790 + "끝이에요.")
    assert len(line.text) > 3_900
    room = RoomPage(minseo.page).open(post)
    words = room.lines.first.locator(".tx > .words")
    folded = _height(words.element_handle())
    room.lines.first.locator(".unfold a").click()
    assert _height(words.element_handle()) > 2 * folded
    line.react(by=minseo.user, word="+1")
    expect(room.lines.first.locator(".reacts button")).to_have_count(1)
    assert _height(room.lines.first.locator(".tx > .words").element_handle()) > 2 * folded


def _height(element: Any) -> float:
    return float(element.bounding_box()["height"])


def test_without_scripts_a_line_has_a_page_with_all_of_it(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서", java_script_enabled=False)
    post = new_post(by=minseo.user)
    post.room.say(author=minseo.user, text="첫 말")
    page = minseo.page
    page.goto(f"{post.get_absolute_url()}?view=room")
    page.locator("#lines .when").first.click()
    page.get_by_role("button", name="TIL").click()
    expect(page.get_by_role("button", name="TIL", pressed=True)).to_be_visible()
    page.locator("#id_body").fill("답이에요")
    page.get_by_role("button", name="보내기").click()
    expect(page.locator("#lines .quote .cut")).to_have_text("첫 말")
    page.locator("#lines .reacts button").first.click()  # said already: nothing changes, and the room opens around it
    expect(page.locator("#lines .reacts b")).to_have_text("1")
    page.locator("#lines .when").first.click()
    page.get_by_role("link", name="고치기").click()
    page.locator("#id_edited").fill("고친 말")
    page.get_by_role("button", name="저장").click()
    expect(page.locator("#lines .tx").first).to_contain_text("고친 말")
    page.locator("#lines .when").first.click()
    page.get_by_role("link", name="지우기").click()
    page.get_by_role("button", name="지우기").click()
    expect(page.locator("#lines .tx").first).to_have_text("지운 줄이에요.")


def test_on_a_phone_what_can_be_done_with_a_line_fits_the_screen(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    width = 360
    minseo = member("민서", has_touch=True, is_mobile=True, viewport={"width": width, "height": 740})
    post = new_post(by=minseo.user)
    line = post.room.say(author=minseo.user, text="내 말이에요")
    room = RoomPage(minseo.page).open(post)
    room.lines.first.locator(".tx").tap()
    for act_name in ("react", "more"):
        opener = room.page.locator(f"[data-act={act_name}]")
        opener.tap()
        choice = opener.locator("xpath=../div")
        expect(choice).to_be_visible()
        box = choice.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        opener.tap()
        expect(choice).to_be_hidden()
    room.page.locator("[data-act=more]").tap()
    room.page.locator("[data-act=delete]").tap()
    room.page.locator("#line-form .danger").tap()
    expect(room.page.locator(f"#line-{line.pk} .tx")).to_have_text("지운 줄이에요.")


def test_a_pointer_that_lies_still_takes_no_line_from_the_keys(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiwoo = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    for number in range(6):
        post.room.say(author=minseo.user, text=f"줄 {number}")
    room, other = RoomPage(minseo.page).open(post), RoomPage(jiwoo.page).open(post)
    room.box.press("Escape")
    room.lines.first.hover()
    room.lines.nth(5).focus()
    other.say("아래에서 밀어 올려요")
    expect(room.lines).to_have_count(7)
    room.page.wait_for_selector("#lines > .line ~ .line:hover")
    expect(room.lines.nth(5).locator(".acts")).to_have_count(1)
    room.page.keyboard.press("r")
    expect(room.page.locator("#answered .cut")).to_have_text("줄 5")
    room.page.keyboard.press("Escape")
    room.lines.nth(5).focus()
    room.lines.nth(3).hover()
    expect(room.lines.nth(3).locator(".acts")).to_have_count(1)
