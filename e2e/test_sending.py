"""Nothing that is said is lost, doubled or said elsewhere, whatever happens while it is sent."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Route, expect

from e2e.conftest import Member, session_of
from e2e.held import Held
from e2e.room import RoomPage
from e2e.site import Site

LINES = "**/room/lines/"


@pytest.fixture
def own_site(site: Site, tmp_path: Path) -> Iterator[Site]:
    """A server of the test's own over everybody's database, which it may kill."""
    own = Site(site.var_dir)
    own.log = tmp_path / "server.log"
    own.start()
    yield own
    own.stop()


def test_what_is_said_while_the_server_is_away_waits_and_goes_once_in_order(
    own_site: Site, member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    rooms = []
    for person in (minseo, jiu):
        person.page.goto(f"{own_site.url}{post.get_absolute_url()}?view=room")
        rooms.append(RoomPage(person.page))
        rooms[-1].is_live()
    mine, theirs = rooms
    # It takes the first line, and dies before it has answered.

    def takes_it_and_dies(route: Route) -> None:
        route.fetch()
        own_site.kill()
        route.continue_()

    mine.page.route(LINES, takes_it_and_dies, times=1)
    for text in ("하나", "둘", "셋"):
        mine.say(text)
    expect(mine.page.locator(".pending:has-text('셋') .waits")).to_be_visible()
    expect(mine.box).to_have_value("")
    expect(mine.error).to_be_empty()
    mine.box.fill("넷은 아직 쓰는 중")
    own_site.start()
    mine.connect_now()
    expect(mine.pending).to_have_count(0)
    expect(mine.words).to_have_text(["하나", "둘", "셋"])
    expect(mine.box).to_have_value("넷은 아직 쓰는 중")
    theirs.connect_now()
    expect(theirs.words).to_have_text(["하나", "둘", "셋"])
    assert list(post.room.lines.order_by("seq").values_list("text", flat=True)) == ["하나", "둘", "셋"]


def test_offline_lines_wait_survive_a_closed_page_and_go_when_the_network_is_back(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서")
    post = new_post(by=minseo.user)
    room = RoomPage(minseo.page).open(post)
    minseo.context.set_offline(True)
    room.say("첫째")
    room.say("둘째")
    expect(room.pending.locator(".waits").nth(1)).to_be_visible()
    minseo.context.set_offline(False)
    expect(room.words).to_have_text(["첫째", "둘째"])
    expect(room.pending).to_have_count(0)

    minseo.context.set_offline(True)
    room.say("셋째")
    room.say("넷째")
    expect(room.pending.locator(".waits").nth(1)).to_be_visible()
    minseo.page.route(LINES, lambda route: route.abort())
    minseo.context.set_offline(False)
    room.open(post)  # left before it went
    expect(room.box).to_have_value("셋째\n넷째")
    minseo.page.unroute(LINES)
    room.box.press("Enter")
    expect(room.words).to_have_text(["첫째", "둘째", "셋째", "넷째"])


def test_a_line_lands_in_the_room_it_was_typed_in_however_late(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서")
    here, there = new_post(by=minseo.user), new_post(by=minseo.user)
    page, room = minseo.page, RoomPage(minseo.page).open(here)
    held = Held(page, LINES)
    room.say("여기서 한 말")
    room.box.press_sequentially("여기서 쓰던 말")
    expect(room.pending).to_have_count(1)
    RoomPage(page).open(there)
    held.take().abort()
    expect(room.box).to_have_value("")
    held.stop()
    room.say("저기서 한 말")
    expect(room.words).to_have_text(["저기서 한 말"])
    page.go_back()
    room.is_live()
    expect(room.box).to_have_value("여기서 한 말\n여기서 쓰던 말")
    room.box.press("Enter")
    expect(room.pending).to_have_count(0)
    expect(room.lines.first).to_contain_text("여기서 한 말")
    said = [list(post.room.lines.order_by("seq").values_list("text", flat=True)) for post in (here, there)]
    assert said == [["여기서 한 말", "여기서 쓰던 말"], ["저기서 한 말"]]


def test_two_tabs_of_one_person_have_each_their_own_box_and_the_same_lines(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서")
    post = new_post(by=minseo.user)
    tabs = [RoomPage(minseo.page).open(post), RoomPage(minseo.context.new_page()).open(post)]
    tabs[0].box.fill("왼쪽에서")
    tabs[1].say("오른쪽에서")
    for tab in tabs:
        expect(tab.words).to_have_text(["오른쪽에서"])
        expect(tab.page.locator("#lines > .own")).to_have_count(1)
    expect(tabs[0].box).to_have_value("왼쪽에서")
    tabs[0].box.press("Enter")
    for tab in tabs:
        expect(tab.words).to_have_text(["오른쪽에서", "왼쪽에서"])
        expect(tab.pending).to_have_count(0)


def test_a_page_that_comes_back_from_the_back_forward_cache_has_the_box_as_it_is_by_now(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    """What a later page of this tab has sent is not there to be sent again. Chromium under test keeps no such cache."""
    room = RoomPage(member("민서").page)
    minseo_post = new_post(by=member("지우").user)
    room.open(minseo_post)
    room.box.fill("두 번 보낼 뻔")
    room.page.evaluate(
        "Object.keys(sessionStorage).forEach((key) => key.startsWith('draft') && sessionStorage.setItem(key, '[]'))"
    )
    room.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(room.box).to_have_value("")


def test_every_refusal_has_its_sentence_and_the_text_is_there(
    member: Callable[..., Member], new_post: Callable[..., Any], site: Site
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=jiu.user)
    room = RoomPage(minseo.page).open(post)

    def is_refused(text: str, because: str) -> None:
        room.say(text)
        expect(room.error.locator(".err")).to_contain_text(because)
        expect(room.box).to_have_value(text)
        expect(room.pending).to_have_count(0)

    post.room.locked_at = timezone.now()
    post.room.save(update_fields=["locked_at"])
    is_refused("닫힌 방에", "닫힌 방이에요")  # 403
    post.room.locked_at = None
    post.room.save(update_fields=["locked_at"])

    room.box.evaluate("(box) => box.removeAttribute('maxlength')")
    is_refused("가" * 4_001, "4000")  # 422

    mine = minseo.context.cookies()
    minseo.context.add_cookies([{"name": "sessionid", "value": session_of(jiu.user), "url": site.url}])
    is_refused("내 이름으로", jiu.user.nickname)  # 409
    minseo.context.clear_cookies(name="sessionid")
    is_refused("나간 뒤에", "들어와 주세요")  # 401
    minseo.context.add_cookies([{**each} for each in mine])  # type: ignore[typeddict-item]  # cookies() gives no url
    room.box.press("Enter")
    expect(room.words).to_have_text(["나간 뒤에"])
    assert post.room.lines.get().author == minseo.user

    post.room.delete_softly(by=jiu.user)
    is_refused("사라진 방에", "이 방을 더는 볼 수 없어요")  # 404
