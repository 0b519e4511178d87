"""Saying a line: keys, and what happens to the text when the room does not take it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from e2e.conftest import Member, session_of
from e2e.held import Held
from e2e.input_method import InputMethod
from e2e.room import RoomPage
from e2e.site import Site


@pytest.fixture
def room(member: Callable[..., Member], new_post: Callable[..., Any]) -> RoomPage:
    minseo = member("민서")
    return RoomPage(minseo.page).open(new_post(by=minseo.user))


def hold(room: RoomPage) -> Held:
    """Lines that are sent from now on stay under way until the test lets them go."""
    return Held(room.page, "**/room/lines/")


def test_shift_enter_breaks_the_line_and_control_enter_sends(room: RoomPage) -> None:
    room.box.press_sequentially("첫 줄")
    room.box.press("Shift+Enter")
    room.box.press_sequentially("둘째 줄")
    expect(room.box).to_have_value("첫 줄\n둘째 줄")
    room.box.press("Control+Enter")
    expect(room.words).to_have_count(1)
    expect(room.words).to_contain_text("둘째 줄")


def test_on_a_touch_screen_enter_breaks_the_line(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    jiu = member("지우", has_touch=True, is_mobile=True, viewport={"width": 390, "height": 760})
    room = RoomPage(jiu.page).open(new_post(by=jiu.user))
    room.box.tap()
    room.box.press_sequentially("하나")
    room.box.press("Enter")
    room.box.press_sequentially("둘")
    expect(room.box).to_have_value("하나\n둘")
    room.page.locator("#composer .primary").tap()
    expect(room.words).to_have_count(1)
    expect(room.box).to_have_value("")
    expect(room.box).to_be_focused()


def test_nothing_is_not_sent(room: RoomPage) -> None:
    sent: list[str] = []
    room.page.on("request", lambda request: sent.append(request.url))
    room.say("   ")
    room.say("끝")
    expect(room.words).to_have_text(["끝"])
    assert sum(url.endswith("/room/lines/") for url in sent) == 1


def test_lines_go_one_after_the_other_and_the_box_is_free_at_once(room: RoomPage) -> None:
    for number in range(8):
        room.say(f"줄 {number}")
        expect(room.box).to_have_value("")
    expect(room.words).to_have_text([f"줄 {number}" for number in range(8)])
    expect(room.pending).to_have_count(0)


def test_a_line_stands_there_at_once_and_never_twice(room: RoomPage) -> None:
    held = hold(room)
    room.say("<i>바로</i> 보여요")
    expect(room.pending.locator(".tx")).to_have_text("<i>바로</i> 보여요")
    held.take().continue_()
    expect(room.words).to_have_text(["<i>바로</i> 보여요"])
    expect(room.pending).to_have_count(0)


def test_a_lost_answer_makes_no_second_line(room: RoomPage) -> None:
    """The server took it, the answer never came; neither does the stream. The same text goes out under the same id."""
    asked: list[str] = []

    def lose(route: Route) -> None:
        asked.append(route.request.post_data or "")
        if len(asked) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    room.page.context.set_offline(False)
    room.show(visible=False)  # no stream: it would bring the line
    room.page.route("**/room/lines/", lose)
    room.say("한 번만")
    expect(room.error.locator(".err")).to_be_visible()
    expect(room.box).to_have_value("한 번만")
    expect(room.pending).to_have_count(0)
    room.box.press("Enter")
    expect(room.words).to_have_text(["한 번만"])
    expect(room.error.locator(".err")).to_have_count(0)
    assert asked[0] == asked[1]
    room.show(visible=True)
    room.is_live()
    room.page.reload()
    expect(room.words).to_have_text(["한 번만"])


def test_a_line_that_seemed_lost_leaves_the_box_when_it_comes(room: RoomPage) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    room.show(visible=False)
    room.page.route("**/room/lines/", lose)
    room.say("사실은 갔어요")
    expect(room.box).to_have_value("사실은 갔어요")
    room.show(visible=True)
    expect(room.words).to_have_text(["사실은 갔어요"])
    expect(room.box).to_have_value("")
    expect(room.error.locator(".err")).to_have_count(0)


def test_what_fails_comes_back_in_order_before_what_was_typed_since(room: RoomPage) -> None:
    held = hold(room)
    room.say("하나")
    room.say("둘")
    room.box.press_sequentially("셋")
    expect(room.pending).to_have_count(2)
    held.take().abort()
    expect(room.box).to_have_value("하나\n둘\n셋")
    expect(room.pending).to_have_count(0)
    expect(room.error.locator(".err")).to_be_visible()
    held.stop()
    room.box.press("Enter")
    expect(room.words).to_have_text(["하나", "둘", "셋"])


def test_what_fails_while_a_syllable_is_composed_waits_for_it(room: RoomPage) -> None:
    held = hold(room)
    room.say("먼저")
    keyboard = InputMethod(room.page)
    keyboard.compose("ㅎ", "하")
    held.take().abort()
    expect(room.error.locator(".err")).to_be_visible()
    expect(room.box).to_have_value("하")
    keyboard.compose("한")
    keyboard.commit("한")
    expect(room.box).to_have_value("먼저\n한")


def test_an_error_page_of_a_proxy_is_no_line_taken(room: RoomPage) -> None:
    held = hold(room)
    for status in (502, 404, 200):
        room.say("소중한 말")
        expect(room.pending).to_have_count(1)
        held.take().fulfill(status=status, content_type="text/html", body="<!doctype html><h1>Bad gateway</h1>")
        expect(room.error.locator(".err")).to_be_visible()
        expect(room.box).to_have_value("소중한 말")
        expect(room.page.get_by_text("Bad gateway")).to_have_count(0)


def test_typed_text_survives_a_reload(room: RoomPage) -> None:
    room.box.fill("쓰다 만\n글")
    room.page.reload()
    expect(room.box).to_have_value("쓰다 만\n글")
    room.is_live()
    room.box.press("Enter")
    expect(room.words).to_have_count(1)
    room.page.reload()
    expect(room.words).to_have_count(1)
    expect(room.box).to_have_value("")


def test_a_reload_loses_no_line_under_way(room: RoomPage) -> None:
    hold(room)
    room.say("가는 중")
    expect(room.pending).to_have_count(1)
    room.page.reload()
    expect(room.box).to_have_value("가는 중")


def test_what_is_answered_survives_a_reload_a_failed_send_and_a_page_of_other_lines(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    asked, other = (post.room.say(author=jiu.user, text=text) for text in ("물음이에요", "다른 말"))
    room = RoomPage(minseo.page).open(post)
    bar = room.page.locator("#answered")

    def is_answering(line: Any) -> None:
        expect(bar).to_be_visible()
        expect(bar.locator("b")).to_have_text(jiu.user.nickname)
        expect(bar.locator(".cut")).to_have_text(line.text)
        expect(room.page.locator("#composer [name=reply_to]")).to_have_value(str(line.pk))

    for _ in range(2):  # before anything is typed, and with a text
        room.page.locator(f"#line-{asked.pk}").focus()
        room.page.keyboard.press("r")
        is_answering(asked)
        room.page.reload()
        is_answering(asked)
        room.box.fill("대답이에요")
    room.page.reload()
    is_answering(asked)
    bar.get_by_role("button").click()
    room.page.reload()
    expect(room.box).to_have_value("대답이에요")
    expect(bar).to_be_hidden()
    room.page.locator(f"#line-{asked.pk}").focus()
    room.page.keyboard.press("r")
    held = hold(room)
    room.box.press("Enter")  # on its way when the page is left, with lines come meanwhile that fill the page
    expect(room.pending).to_have_count(1)
    for number in range(60):
        post.room.say(author=jiu.user, text=f"줄 {number}")
    room.page.goto(f"{post.get_absolute_url()}?view=room&at=newest")
    expect(room.page.locator(f"#line-{asked.pk}")).to_have_count(0)
    is_answering(asked)
    held.stop()
    room.box.press("Enter")
    expect(room.words.last).to_contain_text("대답이에요")
    expect(room.lines.last.locator(".quote .cut")).to_have_text("물음이에요")
    expect(bar).to_be_hidden()
    room.page.reload()
    expect(bar).to_be_hidden()
    assert post.room.lines.filter(reply_to=asked).count() == 1
    assert not post.room.lines.filter(reply_to=other).exists()


def test_the_limit_shows_when_it_is_near(room: RoomPage) -> None:
    left = room.page.locator("#composer-left")
    room.box.fill("가" * 3_000)
    expect(left).to_be_hidden()
    room.box.fill("가" * 3_990)
    expect(left).to_contain_text("10")
    room.box.press("Enter")
    expect(room.words).to_have_count(1)
    expect(left).to_be_hidden()


def test_somebody_too_fast_keeps_the_text(
    member: Callable[..., Member], new_post: Callable[..., Any], tmp_path: Path, site: Site
) -> None:
    slow = Site(site.var_dir, LINE_RATE="2/9s")
    slow.log = tmp_path / "server.log"
    slow.start()
    try:
        minseo = member("민서")
        post = new_post(by=minseo.user)
        minseo.page.goto(f"{slow.url}{post.get_absolute_url()}?view=room")
        room = RoomPage(minseo.page)
        room.is_live()
        for text in ("하나", "둘", "셋"):
            room.say(text)
        expect(room.words).to_have_text(["하나", "둘"])
        counted = room.error.locator(".err [aria-hidden=true]:not(svg)")
        expect(counted).to_have_text(re.compile(r"^조금만 천천히요\. [3-9]초 뒤에 [^\]']+$"))
        expect(room.box).to_have_value("셋")
        expect(room.pending).to_have_count(0)
        heard = room.error.locator(".err .vh").inner_text()
        # It goes by before the eye, but is not read out again and again.
        later = room.error.locator(".err:has([aria-hidden=true]:not(svg):text-matches('[12]초')) .vh")
        expect(later).to_have_text(heard)
        expect(room.error).to_have_text("이제 이어서 할 수 있어요.")
        room.box.press("Enter")
        expect(room.words).to_have_text(["하나", "둘", "셋"])
        expect(room.error).to_be_empty()
    finally:
        slow.stop()


def test_somebody_signed_out_keeps_the_text_and_goes_on_after_signing_in_elsewhere(
    member: Callable[..., Member], new_post: Callable[..., Any], site: Site
) -> None:
    from django.contrib.auth.hashers import PBKDF2PasswordHasher
    from django.contrib.sessions.models import Session

    minseo = member("민서")
    minseo.user.password = PBKDF2PasswordHasher().encode("correct horse battery", "salt")  # as the server does
    minseo.user.save()
    session = session_of(minseo.user)  # the password has ended the one before
    minseo.context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
    room = RoomPage(minseo.page).open(new_post(by=minseo.user))
    Session.objects.filter(session_key=session).delete()
    room.say("아직 여기 있어요")
    expect(room.error.locator(".err")).to_be_visible()
    expect(room.box).to_have_value("아직 여기 있어요")
    expect(room.page.locator("input[type=password]")).to_have_count(0)
    before = minseo.page.evaluate("document.cookie")

    other = minseo.context.new_page()
    other.goto("/accounts/login/")
    other.locator("input[name=login]").fill(minseo.user.email)
    other.locator("input[name=password]").fill("correct horse battery")
    other.locator("input[name=password]").press("Enter")
    other.wait_for_url(lambda url: "login" not in url)
    other.close()

    assert minseo.page.evaluate("document.cookie") != before  # signing in made a new CSRF token
    room.box.press("Enter")
    expect(room.words).to_have_text(["아직 여기 있어요"])
    expect(room.box).to_have_value("")


def test_the_box_takes_the_focus_only_where_the_room_was_opened(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서")
    post = new_post(by=minseo.user)
    room = RoomPage(minseo.page).open(post, "?view=room")
    expect(room.box).to_be_focused()
    room.open(post, "?view=both")
    expect(room.box).not_to_be_focused()
