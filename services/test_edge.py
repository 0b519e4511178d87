"""Pushpin holds the streams of rooms: what is said reaches everybody once, whoever of the site is away, and costs no
process of it a connection."""

import http.client
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import urlencode

import pytest

from cobra import grip
from e2e.site import Site
from services.ear import Ear, listening, until
from services.house import House, heard, post, python, talking
from services.nginx import Nginx
from services.pushpin import Pushpin

RATE = 10  # lines a second
BY_BELL = 500  # milliseconds
TOKEN = "0123456789abcdef"  # for /metrics


def gauge(site: Site, name: str) -> float:
    asked = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    asked.request("GET", "/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    found = re.search(rf"(?m)^{name} (\S+)$", asked.getresponse().read().decode())
    asked.close()
    assert found
    return float(found[1])


@contextmanager
def claiming(port: int, path: str) -> Iterator[http.client.HTTPResponse]:
    """A stream, asked for with Pushpin's own headers."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    asked.request("GET", path, headers={"Grip-Sig": "e30.e30.e30", "Grip-Last": "x; last-id=1"})
    answer = asked.getresponse()
    try:
        yield answer
    finally:
        if asked.sock:
            asked.sock.shutdown(2)
        answer.close()
        asked.close()


class Edge(NamedTuple):
    """A house whose streams a Pushpin holds."""

    house: House
    sites: list[Site]
    pushpin: Pushpin


@pytest.fixture
def new_edge(new_house: Callable[..., House], new_pushpin: Callable[[], Pushpin]) -> Callable[..., Edge]:
    """`new_edge("postgres", processes=2)`: a house of so many processes, and Pushpin running in front of them."""

    def make(*engines: str, processes: int = 1, **env: str) -> Edge:
        pushpin = new_pushpin()
        house = new_house(*engines, GRIP_URL=pushpin.url, **env)
        sites = [house.open() for _ in range(processes)]
        pushpin.lead_to(*(site.port for site in sites))
        pushpin.start()
        return Edge(house, sites, pushpin)

    return make


def held(port: int, path: str, cookies: str = "") -> Ear:
    """A stream there that Pushpin has taken over."""
    ear = Ear(port, path, cookies)
    assert (ear.status, until(lambda: "event: held" in ear.text) < 10) == (200, True)
    return ear


def test_behind_nginx_and_pushpin_the_lines_of_two_processes_are_heard_once_and_cost_them_no_stream(
    new_edge: Callable[..., Edge], new_nginx: Callable[..., Nginx]
) -> None:
    house, sites, pushpin = new_edge("postgres", processes=2, METRICS_TOKEN=TOKEN, TRUSTED_PROXIES="127.0.0.1")
    nginx = new_nginx(*(site.port for site in sites), rooms=pushpin.port)
    sides = [house.side(site, listeners=20, door=nginx.port) for site in sites]
    here, there = (sides[0].numbers(40)[half::2] for half in (0, 1))
    with talking(sides[0], here, rate=RATE, voices=2), talking(sides[1], there, rate=RATE, voices=2):
        pass
    for tally in heard(sides, [*here, *there]):
        assert tally.p50 < BY_BELL
    assert [gauge(site, "cobra_listeners") for site in sites] == [0, 0]
    # Whoever only claims to be Pushpin is answered as everybody is, and what they say of the stream is theirs alone.
    with claiming(sites[0].port, sides[0].look().path) as answer:
        assert (answer.status, answer.headers["Grip-Hold"]) == (200, None)
        assert gauge(sites[0], "cobra_listeners") == 1
    with claiming(pushpin.port, sides[0].look().path) as answer:
        assert b"event: open" in answer.readline()
    assert "Traceback" not in house.said()


def test_behind_pushpin_many_lines_a_second_are_heard_while_they_are_said(new_edge: Callable[..., Edge]) -> None:
    house, (site,), pushpin = new_edge()
    side = house.side(site, listeners=20, door=pushpin.port)
    numbers = side.numbers(180)
    with talking(
        side, numbers, rate=60, voices=4
    ):  # three seconds; more often than every 25 ms, which is Pushpin's clock
        pass
    (tally,) = heard([side], numbers)
    assert tally.p50 < BY_BELL


def test_pushpin_is_killed_and_comes_back_while_lines_are_said(new_edge: Callable[..., Edge]) -> None:
    house, (site,), pushpin = new_edge()
    side = house.side(site, listeners=40, door=pushpin.port)
    numbers = side.numbers(60)
    with talking(side, numbers, rate=RATE) as took:
        time.sleep(1)
        pushpin.kill()
        time.sleep(1)
        pushpin.start()
    heard([side], numbers)
    assert side.state().reconnects >= 40
    assert sorted(took)[len(took) // 2] < 100  # nobody who posts waits for it


def test_a_process_is_killed_and_its_streams_survive(new_edge: Callable[..., Edge]) -> None:
    house, (site,), pushpin = new_edge()
    side = house.side(site, listeners=40, persistent=True, door=pushpin.port)
    numbers = side.numbers(60)
    with talking(side, numbers, rate=RATE):
        time.sleep(1)
        before = side.state().reconnects
        site.kill()
        assert side.state().open == 40
        site.start()
    heard([side], numbers)
    state = side.state()
    assert (state.open, state.reconnects) == (40, before)


def test_streams_that_ask_for_what_they_lack_while_nobody_answers_go_on_when_somebody_does(
    new_edge: Callable[..., Edge],
) -> None:
    house, (site,), pushpin = new_edge()
    side = house.side(site, listeners=300, persistent=True, door=pushpin.port)
    before = side.state().reconnects
    channel = f"from rooms.edge_room import channel; print(channel('gate', {house.community.rooms[0]}), end='')"
    gate = python(site, "manage.py", "shell", "--no-imports", "-v0", "-c", channel)
    site.kill()
    pushpin.publish([grip.hint(gate)])  # all of them ask in the same instant, and once more a second or two later
    time.sleep(2)
    site.start()
    numbers = side.numbers(20)
    with talking(side, numbers, rate=RATE):
        pass
    heard([side], numbers)
    assert (side.state().open, side.state().reconnects) == (300, before)


def test_who_may_read_no_longer_is_held_no_longer(new_edge: Callable[..., Edge]) -> None:
    house, _, pushpin = new_edge("postgres")
    other = house.open()  # which does not know whom the first has answered
    (owner, jiwoo, *_), room = house.community.people, house.community.rooms[0]
    path = f"/posts/{room}/room/stream/?lang=ko"
    member, visitor, herself = (held(pushpin.port, path, each) for each in (owner.cookies(), "", jiwoo.cookies()))
    assert post(house.member(other, jiwoo), "/accounts/logout/") in (200, 302)
    assert until(lambda: herself.is_over) < 5
    assert [ear.is_over for ear in (member, visitor)] == [False, False]
    with listening(pushpin.port, path, jiwoo.cookies()) as again:
        assert "event: held" in again.text or again.status in (200, 401)  # she reads on as a visitor, or signs in
    assert post(house.member(other, owner), f"/posts/{room}/delete/") in (200, 302)
    assert until(lambda: member.is_over and visitor.is_over) < 5
    with listening(pushpin.port, path) as refused:
        assert refused.status in (404, 410)
    for ear in (member, visitor, herself):
        ear.close()


def test_behind_nginx_a_process_stops_and_its_readers_go_on_with_the_other(
    new_house: Callable[..., House], new_nginx: Callable[..., Nginx]
) -> None:
    house = new_house("postgres", TRUSTED_PROXIES="127.0.0.1")
    stopped, other = house.open(), house.open()
    nginx = new_nginx(stopped.port, other.port)
    member = house.member(nginx)
    style = re.search(r'href="(/static/[^"]+\.css)"', member.page())
    assert style
    answer = member.ask("GET", style[1], {})
    assert (answer.status, bool(answer.read())) == (200, True)
    side = house.side(other, listeners=20, persistent=True, door=nginx.port)
    numbers = side.numbers(30)
    with talking(side, numbers, rate=RATE):
        time.sleep(1)
        stopped.stop()
    heard([side], numbers)
    state = side.state()
    assert (state.open, state.cut) == (20, 0)
    assert 1 <= state.reconnects <= 20


def test_behind_nginx_two_processes_are_restarted_one_right_after_the_other_and_nobody_is_refused(
    new_house: Callable[..., House], new_nginx: Callable[..., Nginx]
) -> None:
    house = new_house("postgres", TRUSTED_PROXIES="127.0.0.1")
    sites = [house.open(), house.open()]
    nginx = new_nginx(*(site.port for site in sites))
    member = house.member(nginx)
    side = house.side(sites[0], listeners=20, persistent=True, door=nginx.port)

    def restart() -> None:
        for site in sites:
            site.stop()
            site.start()

    said: Counter[int] = Counter()
    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(restart)
        while not done.done():
            said[post(member, member.path, body="안녕")] += 1
    done.result()
    assert set(said) == {201}
    assert until(lambda: side.state().open == 20) < 5


def test_behind_nginx_a_form_is_taken_whatever_the_port_and_however_many_proxies_are_believed(
    new_house: Callable[..., House], new_nginx: Callable[..., Nginx]
) -> None:
    house = new_house("postgres", TRUSTED_PROXIES="127.0.0.1,::1", AUTH_RATE="100/m")
    site = house.open()
    nginx = new_nginx(site.port, site.port)
    member = house.member(nginx)
    token = member.headers["X-CSRFToken"]
    headers = member.headers | {"Origin": f"http://127.0.0.1:{nginx.port}", "Accept-Encoding": "identity"}
    said = member.ask("POST", member.path, headers, urlencode({"body": "안녕"}).encode())
    assert (said.status, "안녕" in said.read().decode()) == (201, True)
    stranger = {"Cookie": f"csrftoken={token}", "Content-Type": headers["Content-Type"], "Origin": headers["Origin"]}
    fields = {"login": "nobody@example.com", "password": "nothing", "csrfmiddlewaretoken": token}
    refused = member.ask("POST", "/accounts/login/", stranger, urlencode(fields).encode())
    assert (refused.status, "nobody@example.com" in refused.read().decode()) == (422, True)
