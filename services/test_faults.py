"""What breaks in running sites, broken: nothing that was accepted is lost or doubled, and the site heals by itself.

Where a reader would see them, refusals are sentences; nobody has to do anything afterwards.
"""

import http.client
import os
import re
import resource
import socket
import time
import urllib.parse
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bench.posters import Member
from bench.stage import Side
from e2e.site import Site
from services import programs
from services.ear import until
from services.house import House, heard, talking
from services.postgres import Postgres

# Seconds that a service is away: `GAP=60` for the whole minute.
GAP = float(os.environ.get("GAP", "4"))
RATE = 10  # lines a second
MANY = 1_000  # streams


def status_of(site: Site, path: str) -> int:
    with_site = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    with_site.request("GET", path)
    response = with_site.getresponse()
    response.read()
    with_site.close()
    return response.status


def say(member: Member, text: str) -> http.client.HTTPResponse:
    """One attempt; read by the caller."""
    body = urllib.parse.urlencode({"body": text}).encode()
    return member.ask("POST", member.path, member.headers, body)


def test_postgresql_is_restarted(new_house: Callable[..., House], postgres: Postgres) -> None:
    house = new_house("postgres")
    sites = [house.open() for _ in range(2)]
    sides = [house.side(site, listeners=10, persistent=True) for site in sites]
    member, numbers = house.member(sites[1]), sides[0].numbers(int((GAP + 2) * RATE))
    with talking(sides[0], numbers, rate=RATE):
        time.sleep(1)
        postgres.stop()
        refusal = say(member, "아무 말")
        assert (refusal.status, refusal.headers["Retry-After"]) == (503, "2")
        assert "그대로" in refusal.read().decode()
        assert [status_of(sites[1], path) for path in ("/", "/readyz", "/healthz")] == [503, 503, 200]
        time.sleep(GAP)
        postgres.start()
    heard(sides, numbers)
    assert [side.state().reconnects for side in sides] == [0, 0]
    until(lambda: status_of(sites[1], "/readyz") == 200, seconds=3)
    more = sides[0].numbers(5)
    with talking(sides[1], more, rate=RATE):
        pass
    heard(sides, more)
    assert "Traceback" not in house.said()


def test_a_worker_is_killed_while_lines_are_said(new_house: Callable[..., House]) -> None:
    house = new_house("postgres")
    killed, other = house.open(), house.open()
    sides = [house.side(site, listeners=20, persistent=True) for site in (killed, other)]
    here, there = (sides[0].numbers(60)[half::2] for half in (0, 1))
    with talking(sides[0], here, rate=RATE), talking(sides[1], there, rate=RATE):
        time.sleep(1)
        killed.kill()
        killed.start()
    heard(sides, [*here, *there])
    assert sides[0].state().reconnects >= 20
    assert sides[1].state().reconnects == 0


def test_a_process_is_told_to_stop_with_many_streams_open(new_house: Callable[..., House]) -> None:
    house = new_house()
    site = house.open()
    side = house.side(site, listeners=MANY, persistent=True)
    numbers = side.numbers(40)
    with talking(side, numbers, rate=RATE):
        time.sleep(1)
        began = time.monotonic()
        site.stop()
        assert time.monotonic() - began < 5
        site.start()
    heard([side], numbers)
    state = side.state()
    assert (state.open, state.ended, state.cut) == (MANY, MANY, 0)


def test_who_does_not_read_is_cut_off_and_delays_nobody(new_house: Callable[..., House]) -> None:
    house = new_house()
    site = house.open()
    side = house.side(site, listeners=10, voices=4)
    asleep = [fall_asleep(site, side.look().path) for _ in range(10)]
    numbers = side.numbers(80)
    with talking(side, numbers, rate=40, voices=4, more=" 가나다라마바사아자차" * 350):
        pass
    (tally,) = heard([side], numbers)
    assert tally.p99 < 1_000
    for sleeper in asleep:
        assert not wake(sleeper).endswith(b"0\r\n\r\n")  # which would be a polite end


def fall_asleep(site: Site, path: str) -> socket.socket:
    """A stream that is opened and never read."""
    sleeper = socket.socket()
    sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    sleeper.settimeout(10)  # one that was not cut off would never come to an end
    sleeper.connect(("127.0.0.1", site.port))
    sleeper.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n\r\n".encode())
    return sleeper


def wake(sleeper: socket.socket) -> bytes:
    """What has come until the connection's end."""
    read = b""
    with sleeper, suppress(ConnectionResetError):
        while some := sleeper.recv(1 << 16):
            read += some
    return read


def test_the_disk_is_full(new_house: Callable[..., House]) -> None:
    house = new_house()
    site = house.open()
    side = house.side(site, listeners=10)
    before, after = side.numbers(5), side.numbers(5)
    with talking(side, before, rate=RATE):
        pass
    limit_files(site, 1_024)
    refusal = say(house.member(site), "디스크가 가득 찼을 때 " * 300)
    assert refusal.status == 503
    assert "그대로" in refusal.read().decode()
    assert status_of(site, "/") == 200  # who reads notices nothing
    limit_files(site, resource.RLIM_INFINITY)
    with talking(side, after, rate=RATE):
        pass
    heard([side], [*before, *after])
    assert side.state().reconnects == 0


def limit_files(site: Site, size: int) -> None:
    """No file that the process writes grows past so many bytes: what a full disk does to it."""
    assert site.process
    hard = resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE)[1]
    resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (size, hard))


class Clock:
    """What a process takes for the time, so far from what it is. Skips the test where libfaketime is not there."""

    def __init__(self, folder: Path) -> None:
        library = programs.find_faketime()
        if library is None:
            pytest.skip("libfaketime is not there")
        self._offset = folder / "offset"
        self.set("+0")
        self.env = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._offset),
            "FAKETIME_NO_CACHE": "1",  # else it looks again after one second or two, when all is said
            "NO_FAKE_STAT": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, offset: str) -> None:
        """All at once: the file is read all the time."""
        new = self._offset.with_name("new offset")
        new.write_text(offset)
        new.rename(self._offset)


def test_the_clock_is_set_back(new_house: Callable[..., House], tmp_path: Path) -> None:
    clock, house = Clock(tmp_path), new_house()
    site = house.open(LINE_RATE="200/1h", **clock.env)
    side: Side = house.side(site, listeners=10)
    before, after = side.numbers(20), side.numbers(20)
    with talking(side, before, rate=RATE):
        pass
    clock.set("-30m")
    with talking(side, after, rate=RATE):
        pass
    heard([side], [*before, *after])
    shown = house.member(site).page()
    places = [shown.index(f"bench{number}at") for number in [*before, *after]]
    assert places == sorted(places)
    times = re.findall(r'<time[^>]*datetime="([^"]+)"', shown[places[0] :])
    assert times != sorted(times)
