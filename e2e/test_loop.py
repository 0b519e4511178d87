"""The loop: post, room, what is kept of it in the post, verdict, transcript. By three people."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Member, session_of
from e2e.room import RoomPage
from e2e.site import Site


def say(page: Page, text: str) -> None:
    page.locator("#id_body").fill(text)
    page.locator("#composer .primary").click()
    expect(page.locator("#lines .line:not(.pending) .tx", has_text=text)).to_have_count(1)


def keeps(page: Page, post: Any, words: str, title: str, text: str) -> None:
    """Ticks the lines with these words, and makes a section of them that begins with `text`."""
    page.goto(f"/posts/{post.pk}/digest/")
    for box in page.locator(".picks li", has_text=words).locator("[type=checkbox]").all():
        box.check()
    page.get_by_role("button", name="엮기").click()
    expect(page.locator("#id_text")).not_to_be_empty()
    cited = page.locator("#id_text").input_value()
    page.locator("#id_title").fill(title)
    page.locator("#id_text").fill(f"{text}\n\n{cited}")
    page.get_by_role("button", name="지금 보기").click()
    expect(page.locator("#preview blockquote")).to_have_count(2)
    page.get_by_role("button", name="제안하기").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("모은 생각")


def closes(page: Page, post: Any, verdict: str, text: str) -> None:
    page.goto(f"/posts/{post.pk}/verdict/")
    page.get_by_label(verdict, exact=True).check()
    page.locator("#id_text").fill(text)
    page.get_by_role("button", name="저장").click()
    page.wait_for_url("**/posts/*/")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_three_people_from_a_post_to_its_transcript(
    member: Callable[..., Member], new_post: Callable[..., Any], new_context: Callable[..., Any], scripts: bool
) -> None:
    minseo, jiu, harin = (member(name, java_script_enabled=scripts) for name in ("민서", "지우", "하린"))
    post = new_post(by=minseo.user, title="커넥션이 돌아오지 않아요", tags=("django",))
    for one in (jiu, harin):
        one.page.goto(f"{post.get_absolute_url()}?view=both")
    say(harin.page, "생각: 풀에서는 닫는 것이 곧 반납이에요.")
    if scripts:
        expect(jiu.page.locator("#lines .line")).to_have_count(1)
    say(jiu.page, "생각: 스트림은 끝나지 않아요.")

    # What is kept of it
    keeps(jiu.page, post, "생각:", "알게 된 것", "먼저 닫습니다.")
    minseo.page.goto(post.get_absolute_url())
    expect(minseo.page.locator(".digest")).to_have_count(0)
    minseo.page.get_by_role("link", name="생각 모으기").click()
    minseo.page.get_by_role("link", name="알게 된 것").click()
    minseo.page.get_by_role("button", name="글에 싣기").click()
    section = minseo.page.locator(".digest")
    expect(section.locator("blockquote")).to_have_text(
        ["생각: 풀에서는 닫는 것이 곧 반납이에요.", "생각: 스트림은 끝나지 않아요."]
    )
    for one in (jiu, harin):
        expect(section.locator(".credits a", has_text=one.user.nickname)).to_have_count(1)

    # Harin has had the room open all the while
    if scripts:
        expect(harin.page.locator("#lines .kept")).to_have_count(2)
        expect(harin.page.locator(".digest")).to_have_count(0)
        harin.page.locator("digest-news a").click()
    else:
        harin.page.reload()
        expect(harin.page.locator("#lines .kept")).to_have_count(2)
    expect(harin.page.locator(".digest h2")).to_have_text("알게 된 것")
    expect(harin.page.locator("digest-news p")).to_be_hidden()

    # The verdict
    harin.page.locator("#id_body").fill("아직 쓰는 중인 말")
    closes(minseo.page, post, "해결", "열기 전에 닫으면 됩니다.")
    if not scripts:
        harin.page.reload()
    gate = harin.page.locator(".gate:visible")
    expect(gate).to_contain_text("열기 전에 닫으면 됩니다.")
    expect(harin.page.locator("article .note[data-verdict]")).to_contain_text("해결")
    expect(harin.page.locator("#id_body")).to_be_hidden()
    harin.page.goto("/")
    expect(harin.page.locator(f"#entry-{post.pk} .verdict")).to_have_text("해결")

    # Anybody reads it, and takes it home
    visitor = new_context(java_script_enabled=scripts, accept_downloads=True).new_page()
    visitor.goto(post.get_absolute_url())
    visitor.get_by_role("link", name="방의 기록").click()
    expect(visitor.locator(".transcript .line .tx")).to_have_count(2)
    expect(visitor.locator(".transcript .closing")).to_contain_text("열기 전에 닫으면 됩니다.")
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="Markdown").click()
    text = Path(download.value.path()).read_text()
    assert "생각: 스트림은 끝나지 않아요." in text
    assert "**해결** 열기 전에 닫으면 됩니다." in text


def test_what_is_being_typed_outlives_a_verdict_that_is_taken_back(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    from rooms.models import Room, Verdict

    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    room = RoomPage(jiu.page).open(post)
    room.box.fill("아직 쓰는 중인 말")
    room.box.focus()
    closes(minseo.page, post, "보류", "다음 주에 다시 봐요.")
    gate = jiu.page.locator("[data-when=closed]")
    expect(gate).to_be_visible()
    expect(gate).to_be_focused()
    expect(gate.locator(".verdict")).to_have_text("보류")
    minseo.page.goto(f"/posts/{post.pk}/verdict/")
    minseo.page.get_by_label("열어 두기").check()
    minseo.page.get_by_role("button", name="저장").click()
    expect(room.box).to_be_visible()
    expect(room.box).to_have_value("아직 쓰는 중인 말")
    expect(room.box).to_be_focused()
    room.box.press("Enter")
    expect(room.words).to_have_text(["아직 쓰는 중인 말"])
    # Missed while away: the page learns it when it comes back.
    room.show(visible=False)
    Room.objects.get(pk=post.pk).close(by=minseo.user, verdict=Verdict.SETTLED, text="여기까지.")
    room.show(visible=True)
    expect(gate).to_contain_text("여기까지.")


def test_a_line_is_kept_from_within_the_room_by_hand_and_by_key_and_given_back(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    from board.models import Tick

    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    lines = [post.room.say(author=minseo.user, text=f"줄 {number}") for number in range(3)]
    room = RoomPage(jiu.page).open(post)
    first, toast = room.page.locator(f"#line-{lines[0].pk}"), room.page.locator("#toast")
    first.hover()
    first.locator("[data-tick]").click()
    expect(room.page.locator("refusal-words > .toast")).to_contain_text("채팅방에 참여")
    room.say("저도요")
    expect(room.words).to_have_count(4)
    room.page.locator(f"#line-{lines[1].pk}").focus()
    room.page.keyboard.press("d")
    expect(toast).to_contain_text("모은 생각에 담았어요")
    expect(room.page.locator("[data-tick]")).to_have_attribute("aria-pressed", "true")
    assert list(Tick.objects.filter(person=jiu.user).values_list("line", flat=True)) == [lines[1].pk]
    room.page.reload()
    room.is_live()
    expect(room.page.locator("#lines .ticked")).to_have_count(1)
    first.hover()
    first.locator("[data-tick]").click()
    toast.get_by_role("button", name="되돌리기").click()
    expect(toast).to_contain_text("다시 뺐어요")
    expect(room.page.locator("#lines .ticked")).to_have_count(1)
    assert list(Tick.objects.filter(person=jiu.user).values_list("line", flat=True)) == [lines[1].pk]


def test_in_a_closed_room_one_takes_back_ones_words_keeps_thoughts_and_does_nothing_else(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    from rooms.models import Verdict

    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    mine, theirs = (post.room.say(author=one.user, text="생각이에요") for one in (jiu, minseo))
    theirs.react(by=minseo.user, word="TIL")
    room = RoomPage(jiu.page).open(post)
    post.room.close(by=minseo.user, verdict=Verdict.SOLVED, text="풀었어요.")
    expect(jiu.page.locator("[data-when=closed]")).to_be_visible()
    own, other = room.page.locator(f"#line-{mine.pk}"), room.page.locator(f"#line-{theirs.pk}")
    refusal = room.page.locator(".asides > .err")

    other.focus()
    for key in ("r", "e", "1"):
        room.page.keyboard.press(key)
    expect(other).to_be_focused()
    for act in ("reply", "react", "edit"):
        expect(room.page.locator(f"[data-act={act}]")).to_be_hidden()
    expect(room.page.locator("#answered")).to_be_hidden()
    other.locator(".reacts button").click()
    expect(refusal).to_contain_text("맺은 방이에요")
    expect(other.locator(".reacts b")).to_have_text("1")
    other.focus()
    room.page.keyboard.press("d")
    expect(room.page.locator("#toast")).to_contain_text("모은 생각에 담았어요")

    own.focus()
    room.page.keyboard.press(".")
    own.locator("[data-act=delete]").click()
    room.page.locator("#line-form .danger").click()
    expect(own.locator(".tx")).to_have_text("지운 줄이에요.")

    # A closed room that is opened again under somebody's eyes takes all of it again.
    post.room.reopen(by=minseo.user)
    expect(room.box).to_be_visible()
    other.focus()
    room.page.keyboard.press("r")
    expect(room.page.locator("#answered")).to_be_visible()


def test_a_section_that_is_being_written_outlives_a_reload_a_failed_send_and_a_sign_out(
    member: Callable[..., Member], new_post: Callable[..., Any], site: Site
) -> None:
    from board.models import Digest, Tick

    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    lines = [post.room.say(author=jiu.user, text=f"생각 {number}") for number in (1, 2)]
    Tick.choose(by=jiu.user, room=post.room, shown=[lines[0].pk], ticked=[lines[0].pk])
    page, address = jiu.page, f"/posts/{post.pk}/digest/new/"
    title, text = page.locator("#id_title"), page.locator("#id_text")
    back = page.locator("section-draft p")

    def is_there(*marks: str) -> None:
        expect(title).to_have_value("쓰던 제목")
        expect(text).to_have_value("\n\n".join(["쓰던 글", *marks]))

    page.goto(address)
    expect(text).to_have_value("[[1]]")
    expect(back).to_be_hidden()
    title.fill("쓰던 제목")
    text.fill("쓰던 글\n\n[[1]]")
    page.reload()
    is_there("[[1]]")
    expect(back).to_be_visible()
    # One more line is ticked meanwhile.
    Tick.choose(by=jiu.user, room=post.room, shown=[lines[1].pk], ticked=[lines[1].pk])
    page.goto(f"/posts/{post.pk}/digest/")
    page.goto(address)
    is_there("[[1]]", "[[2]]")
    text.fill("쓰던 글\n\n[[2]]")  # what is taken out stays out
    page.reload()
    is_there("[[2]]")
    text.fill("쓰던 글\n\n[[1]]\n\n[[2]]")
    # The send fails: no connection, then no session.
    page.route(f"**{address}", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    with page.expect_event("framenavigated"):  # to the browser's own page of errors
        page.get_by_role("button", name="제안하기").click()
    page.unroute(f"**{address}")
    page.goto(address)
    is_there("[[1]]", "[[2]]")
    jiu.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="제안하기").click()
    page.wait_for_url("**/accounts/login/**")
    assert not Digest.objects.filter(post=post).exists()
    jiu.context.add_cookies([{"name": "sessionid", "value": session_of(jiu.user), "url": site.url}])
    page.goto(address)
    is_there("[[1]]", "[[2]]")
    page.get_by_role("button", name="제안하기").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("모은 생각")
    page.goto(address)  # it is proposed: nothing comes back
    expect(title).to_have_value("")
    expect(back).to_be_hidden()
    title.fill("다른 제목")
    page.reload()
    back.get_by_role("button").click()
    expect(title).to_have_value("")
    expect(back).to_be_hidden()
    page.reload()
    expect(back).to_be_hidden()
