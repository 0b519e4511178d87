"""Single keys: the map of what they do, on a Korean layout too, and that they can be switched off."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from e2e.conftest import Member
from e2e.room import RoomPage


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_single_keys_walk_the_site_and_are_silent_where_one_writes(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서")
    page = minseo.page
    posts = [new_post(by=minseo.user) for _ in range(3)][::-1]
    for number in range(4):
        posts[1].room.say(author=minseo.user, text=f"줄 {number}")
    page.goto("/")
    press(page, "j", "j", "k", "j")
    expect(page.locator(f"#entry-{posts[1].pk} .cover")).to_be_focused()
    press(page, "o")
    page.wait_for_url(f"**{posts[1].get_absolute_url()}room/")
    room = RoomPage(page)
    room.is_live()
    expect(room.box).to_be_focused()
    page.keyboard.type("jk?/v 말")  # nothing of it is a command here
    expect(room.box).to_have_value("jk?/v 말")
    expect(page.locator("#sheet")).to_be_hidden()

    press(page, "Escape")
    expect(page.locator(".read")).to_be_focused()
    press(page, "v")  # post
    expect(room.box).to_be_hidden()
    press(page, "i")  # asks for the room: beside the post there is space for it
    expect(room.box).to_be_focused()
    expect(page.locator("article .md")).to_be_visible()
    press(page, "Escape", "k", "k")
    expect(page.locator("#lines > :focus .tx")).to_have_text("줄 2")
    press(page, "ArrowDown")
    expect(page.locator("#lines > :focus .tx")).to_have_text("줄 3")
    press(page, "g", "f")
    page.wait_for_url("**/friends/")
    press(page, "c")
    page.wait_for_url("**/posts/new/")


def test_the_sheet_opens_over_the_page_and_single_keys_are_switched_off(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("Maya", language="en")
    page, sheet = minseo.page, minseo.page.locator("#sheet")
    post = new_post(by=minseo.user)
    page.goto(post.get_absolute_url())
    press(page, "?")
    expect(sheet.get_by_role("heading", name="Keys")).to_be_visible()
    press(page, "v", "c")  # the sheet is over everything
    expect(page.get_by_role("radio", name="Side by side")).to_be_checked()
    press(page, "Escape")
    expect(sheet).to_be_hidden()
    press(page, "Control+c", "Alt+c", "Shift+C")
    press(page, "v")
    expect(page.locator("#v-room")).to_be_checked()

    page.goto("/settings/accessibility/")
    page.get_by_role("group", name="Single keys").get_by_label("Off").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(f"{post.get_absolute_url()}?view=both")
    press(page, "v", "c", "?", "j", "g", "f")
    expect(page.get_by_role("radio", name="Side by side")).to_be_checked()
    expect(sheet).to_be_hidden()
    press(page, "Escape")  # no single key in the sense of WCAG 2.1.4
    expect(page.locator(".read")).to_be_focused()


def test_a_korean_layout_has_the_same_keys(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo = member("민서")
    page, post = minseo.page, new_post(by=minseo.user)
    page.goto("/")
    cdp = page.context.new_cdp_session(page)
    for key, code in (("ㅓ", "KeyJ"), ("ㅐ", "KeyO")):
        cdp.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "code": code, "key": key})
    page.wait_for_url(f"**{post.get_absolute_url()}room/")


def test_a_room_is_read_out_as_its_reader_asks(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=jiu.user)
    room = RoomPage(minseo.page).open(post)
    status, menu = minseo.page.locator("#room-status"), minseo.page.locator(".aloud summary")

    def choose(name: str) -> None:
        menu.click()
        minseo.page.locator("#aloud").get_by_role("button", name=name).click()
        expect(minseo.page.locator("#aloud").get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        minseo.page.keyboard.press("Escape")

    post.room.say(author=jiu.user, text="하나")
    expect(status).to_contain_text(jiu.user.nickname)  # summed up, and the log itself is silent
    expect(room.log).to_have_attribute("aria-live", "off")

    choose("모든 줄")
    expect(room.log).to_have_attribute("aria-live", "polite")
    said = status.text_content() or ""
    post.room.say(author=jiu.user, text="둘")
    room.say("내 말")
    expect(room.words).to_have_text(["하나", "둘", "내 말"])
    expect(status).to_have_text(said)  # not twice
    expect(room.lines.nth(1)).not_to_have_attribute("aria-live", "off")
    expect(room.lines.nth(2)).to_have_attribute("aria-live", "off")  # one's own is not read back

    minseo.page.reload()
    room.is_live()
    expect(room.log).to_have_attribute("aria-live", "polite")
    choose("끔")
    post.room.say(author=jiu.user, text="셋")
    expect(room.words.nth(3)).to_have_text("셋")
    expect(room.log).to_have_attribute("aria-live", "off")
    expect(status).to_be_empty()


def test_without_scripts_the_map_is_a_page_and_the_switch_a_form(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서", java_script_enabled=False)
    page, post = minseo.page, new_post(by=minseo.user)
    page.goto("/")
    page.get_by_role("link", name="단축키", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("단축키")
    page.goto(post.get_absolute_url())
    page.locator(".aloud summary").click()
    page.locator("#aloud").get_by_role("button", name="모든 줄").click()
    page.wait_for_url(f"**{post.get_absolute_url()}")
    expect(page.locator("chat-log")).to_have_attribute("aria-live", "polite")
