"""Where a case is played: private servers, the people in front of them, and rounds of talk that are measured."""

import itertools
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from bench import nchan
from bench.crowd import Listeners
from bench.listeners import Door, State, Tally
from bench.meter import Meter
from bench.people import Community, settle
from bench.posters import Copyist, Member, Publisher, Voice, talk
from e2e.site import ROOT, Site, free_port

VOICES = 8
REGULARS = 20  # members among the listeners, each with many tabs
PATIENCE = 6  # seconds without a delivery after which what is missing counts as lost


class Round(NamedTuple):
    """What some lines cost the server, and how they arrived. CPU in seconds, posts in ms each."""

    cpu: float
    posts: list[float]
    tally: Tally


class Side:
    """One server's room, those who talk in it and those who listen (`cookies` are dealt to them in turn)."""

    def __init__(
        self, name: str, port: int, crowd: Listeners, meter: Meter, voices: Sequence[Voice], cookies: list[str]
    ) -> None:
        self.name, self.port, self.crowd, self.meter, self.voices = f"{name} {port}", port, crowd, meter, voices
        self.cookies = cookies
        self._numbers = itertools.count(1)
        self.size = 0

    def look(self) -> Door:
        """The address of the stream as the page has it now."""
        return Door(self.port, self.voices[0].stream(), self.cookies)

    def open(self, count: int, door: Door | None = None, *, reads: bool = True) -> State:
        """`count` listeners more.

        Raises:
            RuntimeError: somebody was refused.
        """
        self.size += count
        state: State = self.crowd.ask("open", self.name, door or self.look(), count, reads=reads)
        if state.open != self.size:
            raise RuntimeError(f"Of {self.size} listeners of {self.name} {state.open} are open: {state}")
        return state

    def open_through(self, port: int, count: int) -> None:
        """`count` listeners more, by a proxy. When hundreds come in the first second Pushpin may lose one ("received
        message out of sequence"), who comes back as a page does.

        Raises:
            RuntimeError: they are not all there after ten seconds.
        """
        door = self.look()._replace(port=port)
        self.open(1, door)
        self.crowd.ask("come_back", self.name)
        self.crowd.ask("open", self.name, door, count - 1)
        self.size += count - 1
        until = time.monotonic() + 10
        while self.state().open != self.size:
            if time.monotonic() > until:
                raise RuntimeError(f"Of {self.size} listeners of {self.name}: {self.state()}")
            time.sleep(0.05)

    def numbers(self, count: int) -> list[int]:
        return list(itertools.islice(self._numbers, count))

    def talk(self, lines: int, *, rate: float = 0, voices: int = 1, more: str = "") -> Round:
        """`lines` lines by so many people at once, `rate` a second together (0: as fast as they are taken)."""
        numbers = self.numbers(lines)
        self.crowd.ask("forget", self.name)
        cpu = self.meter.cpu()
        posts = talk(self.voices[:voices], numbers, rate=rate, more=more)
        tally = self.tally(numbers)
        return Round(self.meter.cpu() - cpu, posts, tally)

    def tally(self, numbers: list[int]) -> Tally:
        tally: Tally = self.crowd.ask("tally", self.name, numbers, PATIENCE)
        return tally

    def state(self) -> State:
        state: State = self.crowd.ask("state", self.name)
        return state

    def close(self) -> None:
        """All listeners go."""
        self.size = 0
        for voice in self.voices:
            voice.close()
        self.crowd.ask("close", self.name)


class Stage:
    """The folder of the run, with a prepared site in it that every case gets a copy of."""

    def __init__(self, folder: Path, crowd: Listeners, *, is_quick: bool, rooms: int = 2) -> None:
        self.folder, self.crowd, self.is_quick = folder, crowd, is_quick
        self.rounds = self.some(5, 1)
        self.many, self.more = self.some(1_000, 200), self.some(3_000, 300)
        self.prepared = folder / "prepared"
        self.prepared.mkdir()
        site = Site(self.prepared)
        site.prepare()
        self.community: Community = settle(site, self.many, rooms=rooms)
        self._copies = itertools.count()

    def some(self, full: int, quick: int) -> int:
        return quick if self.is_quick else full

    def settle(self) -> None:
        """Until everybody has been told who came, which a room does every three seconds."""
        time.sleep(self.some(4, 1))

    @contextmanager
    def site(self, **env: str) -> Iterator[Site]:
        """A site of its own, running, with the people and rooms of `community` in it."""
        copy = self.folder / str(next(self._copies))
        shutil.copytree(self.prepared, copy)
        site = Site(copy, **env)
        try:
            site.start()
            yield site
        finally:
            site.stop()
            shutil.rmtree(copy)

    def room(
        self,
        site: Site,
        name: str = "ours",
        *,
        number: int = 0,
        persistent: bool = False,
        community: Community | None = None,
    ) -> Side:
        """A room of that site. Its listeners are members with a pass and visitors, in turn."""
        assert site.process is not None
        there = community or self.community
        room, people = there.rooms[number], there.people
        voices = [Member(site.port, person, room, persistent=persistent) for person in people[:VOICES]]
        cookies = [cookie for person in people[:REGULARS] for cookie in (person.cookies(), "")]
        return Side(name, site.port, self.crowd, Meter(site.process.pid), voices, cookies)

    @contextmanager
    def bare(self, event: bytes) -> Iterator[Side]:
        """The bare writer, which sends copies of this event."""
        with bare_writer() as (port, process):
            voices = [Copyist(port, event) for _ in range(VOICES)]
            yield Side("bare", port, self.crowd, Meter(process.pid), voices, [""])

    @contextmanager
    def both(self) -> Iterator[tuple[Side, Side, Side]]:
        """The bare writer, ours, and a second room of ours where nobody listens: what the posts cost by themselves."""
        with self.site() as site:
            ours, quiet = self.room(site), self.room(site, "quiet", number=1)
            with self.bare(event_of(site, ours)) as bare:
                yield bare, ours, quiet

    @contextmanager
    def nchan(self, event: bytes) -> Iterator[Side | None]:
        """nginx with nchan, which sends what this event says; None where it is not installed."""
        if nchan.module() is None:
            yield None
            return
        port = free_port()
        with nchan.running(self.folder / "nchan", port) as worker:
            _wait_for(port)
            voices = [Publisher(port, event) for _ in range(VOICES)]
            yield Side("nchan", port, self.crowd, Meter(worker), voices, [""])

    @contextmanager
    def shipped(self, event: bytes) -> Iterator[Side]:
        """django-eventstream's own view, which sends what this event says."""
        port = free_port()
        uvicorn = (
            "uvicorn",
            "bench.shipped:application",
            "--port",
            str(port),
            "--log-level",
            "error",
            "--timeout-graceful-shutdown",
            "1",
        )
        with python(*uvicorn, port=port) as process:
            voices = [Publisher(port, event) for _ in range(VOICES)]
            yield Side("django-eventstream", port, self.crowd, Meter(process.pid), voices, [""])


@contextmanager
def bare_writer() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    with python("bench.bare", str(port), port=port) as process:
        yield port, process


@contextmanager
def python(*module: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m module`, from when it answers on `port`."""
    process = subprocess.Popen([sys.executable, "-m", *module], cwd=ROOT)
    try:
        _wait_for(port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def _wait_for(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            HTTPConnection("127.0.0.1", port, timeout=1).connect()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def event_of(site: Site, side: Side) -> bytes:
    """A line's event, as it leaves the site.

    Raises:
        RuntimeError: the stream was refused, or ended without the line.
        TimeoutError: nothing came for ten seconds.
    """
    http = HTTPConnection("127.0.0.1", site.port, timeout=10)
    http.request("GET", side.voices[0].stream())
    response = http.getresponse()
    if response.status != 200:
        raise RuntimeError(f"The stream was refused: {response.status}")
    side.voices[0].say(side.numbers(1)[0])
    event = b""
    for row in response:
        event += row
        if row == b"\n":
            if b"bench" in event:
                http.close()
                return event
            event = b""
    raise RuntimeError("The stream ended without the line.")


def member_of(side: Side) -> Member:
    """The first of its members, for what only a member can do."""
    voice = side.voices[0]
    assert isinstance(voice, Member)
    return voice
