"""Korean input wherever something is typed in a room: the Enter that ends a syllable does once what Enter does."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.conftest import Member
from e2e.held import Held
from e2e.input_method import InputMethod
from e2e.room import RoomPage

PASSED_ON = pytest.mark.parametrize("is_passed_on", [False, True], ids=["kept", "passed on"])


@pytest.fixture
def room(member: Callable[..., Member], new_post: Callable[..., Any]) -> RoomPage:
    minseo = member("민서")
    return RoomPage(minseo.page).open(new_post(by=minseo.user))


def sent_by(room: RoomPage) -> list[str]:
    """The addresses to which the page sends something of its reader's from now on."""
    sent: list[str] = []
    ends = ("/lines/", "/edit/", "/delete/", "/reactions/")
    room.page.on(
        "request", lambda each: sent.append(each.url) if each.method == "POST" and each.url.endswith(ends) else None
    )
    return sent


@PASSED_ON
def test_one_composing_enter_sends_once_and_whole(room: RoomPage, is_passed_on: bool) -> None:
    room.box.focus()
    keyboard = InputMethod(room.page)
    keyboard.type("안녕하세")
    keyboard.compose("ㅇ", "요")
    keyboard.composing_enter("요", is_passed_on=is_passed_on)
    expect(room.words).to_have_text(["안녕하세요"])
    expect(room.box).to_have_value("")
    room.say("다음 말")
    expect(room.words).to_have_text(["안녕하세요", "다음 말"])


def test_an_enter_that_chooses_a_word_of_another_script_does_not_send(room: RoomPage) -> None:
    room.box.focus()
    keyboard = InputMethod(room.page)
    keyboard.compose("に", "日")
    keyboard.composing_enter("日本", is_passed_on=False)
    expect(room.box).to_have_value("日本")
    expect(room.pending).to_have_count(0)
    expect(room.words).to_have_count(0)
    room.box.press("Enter")
    expect(room.words).to_have_text(["日本"])


def test_safaris_order_of_events_sends_once(room: RoomPage) -> None:
    """There the composition has ended when the Enter that ended it is told, still as 229."""
    room.box.focus()
    keyboard = InputMethod(room.page)
    keyboard.compose("네")
    keyboard.commit("네")
    room.box.evaluate(
        """(box) => box.dispatchEvent(new KeyboardEvent("keydown",
            { key: "Enter", code: "Enter", keyCode: 229, bubbles: true, cancelable: true }))"""
    )
    expect(room.words).to_have_text(["네"])
    expect(room.box).to_have_value("")


@PASSED_ON
def test_an_answer_goes_once_and_is_one(room: RoomPage, is_passed_on: bool) -> None:
    room.say("물음이에요")
    expect(room.words).to_have_count(1)
    sent = sent_by(room)
    room.lines.first.focus()
    room.page.keyboard.press("r")
    keyboard = InputMethod(room.page)
    keyboard.type("그렇죠")
    keyboard.compose("ㄴ", "네")
    keyboard.composing_enter("네", is_passed_on=is_passed_on)
    expect(room.lines.nth(1).locator(".quote .cut")).to_have_text("물음이에요")
    expect(room.words.nth(1)).to_contain_text("그렇죠네")
    expect(room.box).to_have_value("")
    expect(room.page.locator("#answered")).to_be_hidden()
    room.say("끝")
    expect(room.words).to_have_count(3)
    assert len(sent) == 2


@PASSED_ON
def test_an_edit_is_saved_once_and_whole(room: RoomPage, is_passed_on: bool) -> None:
    room.say("첫 말")
    expect(room.words).to_have_count(1)
    sent = sent_by(room)
    room.box.press("ArrowUp")
    edited = room.page.locator("#id_edited")
    expect(edited).to_be_focused()
    keyboard = InputMethod(room.page)
    keyboard.type("이")
    keyboard.compose("ㅇ", "에", "에")
    expect(edited).to_have_value("첫 말이에")
    keyboard.compose("요")
    keyboard.composing_enter("요", is_passed_on=is_passed_on)
    expect(room.words).to_have_text(["첫 말이요 고침"])
    expect(edited).to_have_count(0)
    room.say("끝")
    expect(room.words).to_have_count(2)
    assert [url.rpartition("/lines/")[2] for url in sent if url.endswith("/edit/")] == [
        sent[0].rpartition("/lines/")[2]
    ]
    assert len(sent) == 2


@PASSED_ON
@pytest.mark.parametrize("where", ["composer", "answer"])
def test_a_name_is_picked_once_and_nothing_is_sent_by_the_same_enter(
    member: Callable[..., Member], new_post: Callable[..., Any], is_passed_on: bool, where: str
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    post.room.say(author=jiu.user, text="저요")
    room = RoomPage(minseo.page).open(post)
    sent = sent_by(room)
    if where == "answer":
        room.lines.first.focus()
        room.page.keyboard.press("r")
    room.box.press_sequentially("@")
    keyboard = InputMethod(room.page)
    keyboard.type("지")
    keyboard.compose("ㅇ", "우")
    choice = room.page.locator("#callees [aria-selected=true]")
    expect(choice).to_have_text(jiu.user.nickname)
    keyboard.composing_enter("우", is_passed_on=is_passed_on)
    expect(room.box).to_have_value(f"@{jiu.user.nickname}")
    expect(room.page.locator("#callees")).to_be_hidden()
    expect(room.pending).to_have_count(0)
    assert sent == []
    keyboard.type("가")
    expect(room.box).to_have_value(f"@{jiu.user.nickname}가")
    room.box.press("Enter")
    expect(room.lines.nth(1).locator(".at")).to_have_attribute("data-person", str(jiu.user.pk))
    assert len(sent) == 1


def test_an_answer_that_is_no_longer_waited_for_opens_no_names(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    """On a slow line Enter would put in one of them again, over what was typed since."""
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    post.room.say(author=jiu.user, text="저요")
    room = RoomPage(minseo.page).open(post)
    room.box.fill("@지")
    expect(room.page.locator("#callees [aria-selected=true]")).to_have_text(jiu.user.nickname)
    held = Held(room.page, "**/room/people/**")
    with room.page.expect_request("**/room/people/**"):
        room.box.press_sequentially("우")
    room.box.press("Enter")
    expect(room.box).to_have_value(f"@{jiu.user.nickname}")
    with room.page.expect_request("**/room/people/**"):  # the one before it is broken off
        room.box.press_sequentially("야")
    room.box.press("Enter")
    expect(room.words.last).to_have_text(f"@{jiu.user.nickname}야")
    held.abort_all()
