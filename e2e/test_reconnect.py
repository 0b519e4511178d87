"""Whatever happens to the connection: nobody misses a line, nobody sees one twice, and the server is not hammered."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Request, Route, expect

from e2e.conftest import Member
from e2e.proxy import Proxy
from e2e.room import RoomPage
from e2e.site import Site

STREAM = "**/room/stream/**"


@pytest.fixture
def own_site(site: Site, tmp_path: Path) -> Iterator[Site]:
    """A server of the test's own over everybody's database, which it may kill."""
    own = Site(site.var_dir)
    own.log = tmp_path / "server.log"
    own.start()
    yield own
    own.stop()


@pytest.fixture
def proxy(site: Site) -> Iterator[Proxy]:
    with Proxy(site.port).running() as proxy:
        yield proxy


def open_at(url: str, person: Member, post: Any) -> RoomPage:
    """The room by another address of the same machine; cookies do not know ports."""
    person.page.goto(f"{url}{post.get_absolute_url()}?view=room")
    room = RoomPage(person.page)
    room.is_live()
    return room


def type_on(room: RoomPage, text: str) -> None:
    """Type and send: below what came back into the box, if anything did, which then goes out once more."""
    if room.box.input_value():
        room.box.press("Shift+Enter")
    room.box.press_sequentially(text)
    room.box.press("Enter")


def test_a_server_that_is_killed_while_two_people_talk_loses_and_doubles_nothing(
    own_site: Site, member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    rooms = [open_at(own_site.url, person, post) for person in (minseo, jiu)]
    said = []
    for number in range(36):
        if number == 12:
            own_site.kill()
        if number == 24:
            own_site.start()
        type_on(rooms[number % 2], f"말{number:02}")
        said.append(f"말{number:02}")
    for room in rooms:
        room.is_live()
        expect(room.pending).to_have_count(0)
        while room.box.input_value():
            room.box.press("Enter")
            expect(room.pending).to_have_count(0)
    for room in rooms:
        expect(room.lines).to_have_count(len(said))
        assert sorted(" ".join(room.words.all_inner_texts()).split()) == said
    assert rooms[0].words.all_inner_texts() == rooms[1].words.all_inner_texts()
    for room, mine in zip(rooms, (said[::2], said[1::2]), strict=True):
        own = room.page.locator("#lines > .own .tx").all_inner_texts()
        assert own == mine  # in the order in which they were said


@pytest.mark.parametrize("end", [Site.kill, Site.stop], ids=["killed", "stopped"])
def test_a_restart_is_told_and_what_was_said_meanwhile_is_fetched(
    end: Callable[[Site], None], own_site: Site, member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    room = open_at(own_site.url, jiu, post)
    end(own_site)
    expect(room.strip).to_be_visible()
    expect(room.stream).to_have_attribute("data-state", "lost")
    room.box.fill("쓰던 글")
    for number in range(3):
        post.room.say(author=minseo.user, text=f"줄 {number}")
    own_site.start()
    room.connect_now()
    expect(room.words).to_have_text(["줄 0", "줄 1", "줄 2"])
    expect(room.strip).to_contain_text("3")
    expect(room.strip).to_be_hidden()
    expect(room.box).to_have_value("쓰던 글")


def test_a_proxy_that_answers_502_in_between_does_no_harm(
    proxy: Proxy, member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    room = open_at(proxy.url, jiu, post)
    for number in range(2):
        proxy.close()
        expect(room.strip).to_be_visible()
        post.room.say(author=minseo.user, text=f"줄 {number}")
        proxy.open()
        room.connect_now()
        expect(room.words).to_have_text([f"줄 {each}" for each in range(number + 1)])
        room.is_live()
        expect(room.strip).to_be_hidden()
    expect(room.page.get_by_text("Bad gateway")).to_have_count(0)


def test_the_button_does_not_wait_for_the_next_try(
    proxy: Proxy, member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    """With the page's clock standing still, no next try ever comes by itself."""
    jiu = member("지우")
    jiu.page.clock.install()
    room = open_at(proxy.url, jiu, new_post(by=jiu.user))
    jiu.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    proxy.close()
    expect(room.stream).to_have_attribute("data-state", "lost")
    with jiu.page.expect_response(STREAM):
        jiu.page.clock.run_for(2_100)
    expect(room.strip).to_be_visible()
    proxy.open()
    jiu.page.evaluate("fetch('/healthz')")  # a round trip, so that the page has taken in the refusal
    room.strip.locator("button").click()
    room.is_live()


@pytest.mark.parametrize("kind", ["502", "204", "200 html", "abort", "429"])
def test_a_first_connection_that_fails_is_tried_again_and_nothing_is_swapped_in(
    kind: str, member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 2:
            route.continue_()
        elif kind == "abort":
            route.abort()
        else:
            headers = {"Retry-After": "1"} if kind == "429" else {}
            body = "" if kind == "204" else "<!doctype html><title>x</title><h1>Sign in</h1><input type=password>"
            route.fulfill(status=int(kind[:3]), content_type="text/html", body=body, headers=headers)

    jiu.page.route(STREAM, answer)
    jiu.page.goto(f"{post.get_absolute_url()}?view=room")
    room = RoomPage(jiu.page)
    post.room.say(author=minseo.user, text="기다렸어요")
    expect(room.words).to_have_text(["기다렸어요"])
    room.is_live()
    assert len(asked) == 3
    expect(jiu.page.get_by_text("Sign in", exact=True)).to_have_count(0)
    expect(jiu.page.locator("input[type=password]")).to_have_count(0)


@pytest.mark.parametrize("status", [204, 200, 503])
def test_a_server_that_never_answers_with_a_stream_is_asked_less_and_less_often(
    status: int, member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    jiu = member("지우")
    post = new_post(by=jiu.user)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        body = "" if status == 204 else "<!doctype html><title>x</title>"
        route.fulfill(status=status, content_type="text/html", body=body)

    jiu.page.clock.install()
    jiu.page.route(STREAM, answer)
    jiu.page.goto(f"{post.get_absolute_url()}?view=room")
    expect(RoomPage(jiu.page).stream).to_have_attribute("data-state", "lost")
    for _ in range(60):
        jiu.page.clock.run_for(1_000)
        jiu.page.evaluate("fetch('/healthz')")  # a round trip, so that an answer under way has come
    assert 5 <= len(asked) <= 14


def test_a_hidden_tab_lets_go_and_catches_up(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    room = RoomPage(jiu.page).open(post)
    post.room.say(author=minseo.user, text="줄 0")
    expect(room.words).to_have_text(["줄 0"])
    asked: list[str] = []

    def note(request: Request) -> None:
        if not request.url.endswith(("/view/", "/read/")):  # what tells of what was seen goes by a clock of its own
            asked.append(request.url)

    jiu.page.on("request", note)
    room.show(visible=False)
    expect(room.stream).to_have_attribute("data-state", "connecting")
    other = RoomPage(minseo.page).open(post)
    for number in range(1, 4):
        other.say(f"줄 {number}")
    expect(other.words).to_have_count(4)
    expect(room.words).to_have_text(["줄 0"])
    assert asked == []
    room.show(visible=True)
    expect(room.words).to_have_text([f"줄 {number}" for number in range(4)])
    expect(room.strip).to_be_hidden()
    assert len(asked) == 1


def test_a_tab_opened_in_the_background_connects_when_it_is_looked_at(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    asked: list[str] = []
    jiu.page.on("request", lambda request: asked.append(request.url))
    jiu.page.add_init_script("Object.defineProperty(document, 'hidden', { configurable: true, value: true })")
    jiu.page.goto(f"{post.get_absolute_url()}?view=room")
    expect(jiu.page.locator("chat-log")).to_be_visible()
    post.room.say(author=minseo.user, text="안 보는 사이에")
    room = RoomPage(jiu.page)
    assert not [url for url in asked if "/stream/" in url]
    room.show(visible=True)
    expect(room.words).to_have_text(["안 보는 사이에"])


def test_eight_tabs_of_a_room_all_load_and_the_one_in_sight_is_live(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    """Over HTTP/1.1 a browser opens six connections to a site, and each stream keeps one."""
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    tabs = [RoomPage(jiu.page).open(post)]
    for _ in range(7):
        tabs[-1].show(visible=False)
        tabs.append(RoomPage(jiu.context.new_page()).open(post))
    RoomPage(minseo.page).open(post).say("여덟 번째 탭에서도")
    expect(tabs[-1].words).to_have_text(["여덟 번째 탭에서도"])
    tabs[-1].show(visible=False)
    tabs[0].show(visible=True)
    expect(tabs[0].words).to_have_text(["여덟 번째 탭에서도"])


def test_a_peer_that_has_died_without_a_word_is_noticed(
    proxy: Proxy, member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    room = open_at(proxy.url, jiu, post)
    proxy.freeze()
    post.room.say(author=minseo.user, text="들려요?")
    proxy.thaw_new()
    room.stream.evaluate("(stream) => stream.setAttribute('dead-after', '2')")
    expect(room.words).to_have_text(["들려요?"])


def say_very_much(person: Member, post: Any) -> RoomPage:
    """230 lines: more than the stream sends after. Returns when the server has heard of the last one."""
    for number in range(1, 230):
        post.room.say(author=person.user, text=f"줄 {number}")
    room = RoomPage(person.page).open(post)
    room.say("줄 230")
    expect(room.stream).to_have_attribute("hx-sse:connect", re.compile(r"-230&"))
    return room


def test_who_was_away_for_long_gets_the_newest_page_and_keeps_the_text(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    """More was said than the stream sends after: it says `reset`, and the log is read anew."""
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    room = RoomPage(jiu.page).open(post)
    room.box.fill("쓰던 글")
    room.show(visible=False)
    other = say_very_much(minseo, post)
    room.show(visible=True)
    expect(room.words.last).to_have_text("줄 230")
    assert room.words.all_inner_texts() == [f"줄 {number}" for number in range(181, 231)]
    expect(room.box).to_have_value("쓰던 글")
    other.say("줄 231")
    expect(room.words.last).to_have_text("줄 231")
    room.say("줄 232")
    expect(room.words.last).to_have_text("줄 232")


def test_a_window_that_does_not_come_is_asked_for_again(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    room = RoomPage(jiu.page).open(post)
    room.show(visible=False)
    say_very_much(minseo, post)
    asked: list[str] = []

    def fail_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=500, content_type="text/html", body="<h1>Oops</h1>")
        else:
            route.continue_()

    jiu.page.route("**/room/", fail_once)
    room.show(visible=True)
    expect(room.words.last).to_have_text("줄 230")
    expect(jiu.page.get_by_text("Oops")).to_have_count(0)


def test_a_restored_log_is_read_anew(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    """Another epoch under the same address, found by the clock."""
    from rooms.models import Room, RoomVersion, Verdict, new_epoch

    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    post.room.say(author=minseo.user, text="전에도 있던 줄")
    room = RoomPage(jiu.page).open(post)
    jiu.page.locator("#lines > .line").evaluate("(li) => { li.dataset.version = '99'; li.textContent = 'stale' }")
    with jiu.page.expect_response(re.compile(r"/room/(\?|$)")):
        RoomVersion.objects.filter(room=post.room).update(epoch=new_epoch())
    expect(room.words).to_have_text(["전에도 있던 줄"])
    room.say("그리고 새 줄")
    expect(room.words).to_have_text(["전에도 있던 줄", "그리고 새 줄"])
    # What the room has come to meanwhile comes with it.
    gate, banner = jiu.page.locator("[data-when=closed]"), jiu.page.locator("article .note[data-verdict]")
    for verdict, text in ((Verdict.SOLVED, "돌아온 판단."), ("", "")):
        Room.objects.filter(pk=post.pk).update(verdict=verdict, verdict_text=text)
        RoomVersion.objects.filter(room=post.room).update(epoch=new_epoch())
        expect(gate).to_be_visible(visible=bool(verdict))
        for place in (gate.locator(".ended"), banner):
            expect(place).to_have_text(f"해결 {text}" if verdict else "")
    expect(room.box).to_be_visible()


def test_a_page_whose_stream_is_held_at_the_edge_says_that_somebody_is_there(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    jiu = member("지우")
    RoomPage(jiu.page).open(new_post(by=jiu.user))
    with jiu.page.expect_response("**/room/beat/") as beat:
        jiu.page.locator("live-stream").dispatch_event("held")  # as Pushpin's answer has it
    assert beat.value.status == 204
    assert re.fullmatch(r"guest=[0-9a-z]{8,16}", beat.value.request.post_data or "")
