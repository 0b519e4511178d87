"""Where a case is played: private servers, the people in front of them, and rounds of talk that are measured."""

import itertools
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
from bench.grounds import Alone, Place
from bench.listeners import Door, State, Tally
from bench.meter import Meter
from bench.posters import Copyist, Member, Publisher, Voice, talk
from e2e.site import ROOT, free_port

VOICES = 8
REGULARS = 20  # members among the listeners, each with many tabs
PATIENCE = 6  # seconds without a delivery after which what is missing counts as lost


class Round(NamedTuple):
    """What some lines cost the server, and how they arrived. CPU in seconds, posts in ms each."""

    cpu: float
    posts: list[float]
    tally: Tally


class Side:
    """One server's room, those who talk in it at `port` and those who listen. They come in at `doors`, else at the same
    port; doors and `cookies` are dealt to them in turn. `edge`: what holds them, where that is not the server."""

    def __init__(
        self,
        name: str,
        port: int,
        crowd: Listeners,
        meter: Meter,
        voices: Sequence[Voice],
        cookies: list[str],
        *,
        doors: Sequence[int] = (),
        edge: Meter | None = None,
    ) -> None:
        self.name, self.crowd, self.meter, self.voices, self.cookies = f"{name} {port}", crowd, meter, voices, cookies
        self.port, self.doors, self.edge = port, list(doors) or [port], edge
        self.is_proxied = port not in self.doors
        self._numbers = itertools.count(1)
        self.size = 0

    def twin(self, name: str) -> "Side":
        """Others who listen there."""
        name, doors, cookies = f"{name} {self.name}", self.doors, self.cookies
        return Side(name, self.port, self.crowd, self.meter, self.voices, cookies, doors=doors, edge=self.edge)

    def look(self) -> Door:
        """The address of the stream as the page has it now."""
        return Door(self.doors, self.voices[0].stream(), self.cookies)

    def open(self, count: int, door: Door | None = None, *, reads: bool = True) -> State:
        """`count` listeners more. When hundreds come in one second Pushpin may lose one ("received message out of
        sequence"): who comes again, as a page does.

        Raises:
            RuntimeError: somebody was refused, or is not back after ten seconds.
        """
        door = door or self.look()
        self.size += count
        if self.is_proxied:
            self.crowd.ask("come_back", self.name)
        state: State = self.crowd.ask("open", self.name, door, count, reads=reads)
        until = time.monotonic() + (10 if self.is_proxied else 0)
        while state.open != self.size:
            if time.monotonic() > until:
                raise RuntimeError(f"Of {self.size} listeners of {self.name} {state.open} are open: {state}")
            time.sleep(0.05)
            state = self.state()
        return state

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

    def tally(self, numbers: list[int], patience: float = PATIENCE) -> Tally:
        tally: Tally = self.crowd.ask("tally", self.name, numbers, patience)
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
    """What is played on a ground: how much of it, and the sides of a case."""

    def __init__(self, ground: type[Alone], folder: Path, crowd: Listeners, *, is_quick: bool, rooms: int = 2) -> None:
        self.folder, self.crowd, self.is_quick = folder, crowd, is_quick
        self.rounds = self.some(5, 1)
        # A thousand for each process: that is what the bars are set for.
        self.many, self.more = self.some(1_000, 200) * ground.processes, self.some(3_000, 300 * ground.processes)
        self.ground = ground(folder, self.many, rooms)
        self.community = self.ground.community
        self._sides: list[Side] = []

    def close(self) -> None:
        self.ground.close()

    def some(self, full: int, quick: int) -> int:
        return quick if self.is_quick else full

    def settle(self) -> None:
        """Until everybody has been told who came, which a room does every three seconds."""
        time.sleep(self.some(4, 1))

    @contextmanager
    def site(self, **env: str) -> Iterator[Place]:
        """A site of its own, running, with the people and rooms of `community` in it."""
        with self.ground.place(**env) as place:
            yield place
            while self._sides:
                self._sides.pop().close()

    def room(self, place: Place, name: str = "ours", *, number: int = 0, persistent: bool = False) -> Side:
        """A room of that site. Its listeners are members with a pass and visitors, in turn."""
        room, people = self.community.rooms[number], self.community.people
        voices = [Member(place.port, person, room, persistent=persistent) for person in people[:VOICES]]
        cookies = [cookie for person in people[:REGULARS] for cookie in (person.cookies(), "")]
        doors, edge = place.doors, place.edge
        side = Side(name, place.port, self.crowd, place.meter, voices, cookies, doors=doors, edge=edge)
        self._sides.append(side)
        return side

    @contextmanager
    def bare(self, event: bytes, *options: str) -> Iterator[Side]:
        """The bare writer, which sends copies of this event."""
        with bare_writer(*options) as (port, process):
            voices = [Copyist(port, event) for _ in range(VOICES)]
            yield Side("bare", port, self.crowd, Meter([process.pid]), voices, [""])

    @contextmanager
    def bare_at_edge(self, event: bytes, *options: str) -> Iterator[Side | None]:
        """The bare writer behind what holds the listeners on this ground; None where the site holds them itself."""
        with self.ground.edge() as pushpin:
            if pushpin is None:
                yield None
                return
            with bare_writer("--control", str(pushpin.control), *options) as (port, process):
                pushpin.lead_to(port)
                pushpin.start()
                voices = [Copyist(port, event) for _ in range(VOICES)]
                meter, doors, edge = Meter([process.pid]), [pushpin.port], Meter(pushpin.services())
                yield Side("bare at the edge", port, self.crowd, meter, voices, [""], doors=doors, edge=edge)

    @contextmanager
    def both(self) -> Iterator[tuple[Side, Side, Side]]:
        """The bare writer, ours, and a second room of ours where nobody listens: what the posts cost by themselves."""
        with self.site() as site:
            ours, quiet = self.room(site), self.room(site, "quiet", number=1)
            with self.bare(event_of(ours)) as bare:
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
            yield Side("nchan", port, self.crowd, Meter([worker]), voices, [""])

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
            yield Side("django-eventstream", port, self.crowd, Meter([process.pid]), voices, [""])


@contextmanager
def bare_writer(*options: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = free_port()
    with python("bench.bare", str(port), *options, port=port) as process:
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


def event_of(side: Side) -> bytes:
    """A line's event, as it leaves the site.

    Raises:
        RuntimeError: the stream was refused, or ended without the line.
        TimeoutError: nothing came for ten seconds.
    """
    http = HTTPConnection("127.0.0.1", side.doors[0], timeout=10)
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
