"""Listeners who check every line that reaches them: lost, doubled, out of order, how late."""

import asyncio
import random
import socket
import time
from array import array
from collections import Counter
from collections.abc import Coroutine, Iterable
from typing import NamedTuple, cast

from bench.wire import Event, chunks, events

SMALL_BUFFER = 4_096  # bytes the kernel takes for a listener that never reads


class Door(NamedTuple):
    """Where to listen, and the cookies of those who come, both dealt in turn (an empty cookie is a visitor)."""

    ports: list[int]
    path: str
    cookies: list[str]

    def of(self, number: int) -> tuple[int, str]:
        """The port and the cookie of one of them."""
        turn, port = divmod(number, len(self.ports))
        return self.ports[port], self.cookies[turn % len(self.cookies)]


class Tally(NamedTuple):
    """What a group of listeners heard of the lines it was to hear. Times in ms from the sending of the line."""

    deliveries: int
    lost: int
    doubled: int
    misordered: int
    backwards: int
    p50: float
    p99: float
    slowest: float

    @property
    def wrong(self) -> tuple[int, int, int, int]:
        return self.lost, self.doubled, self.misordered, self.backwards


class State(NamedTuple):
    """How the connections of a group stand. `ended`: by the server, politely; `cut`: in the middle of the stream."""

    open: int
    ended: int
    cut: int
    resets: int
    reconnects: int
    refused: dict[int, int]
    bytes: int


class Listener(asyncio.Protocol):
    """One connection of a listener; the next one after a reconnect is another object with the same ear."""

    transport: asyncio.Transport

    def __init__(self, ear: "Ear") -> None:
        self.ear = ear
        self.read = b""
        self.text = b""
        self.is_open = self.is_ended = False
        self.comes_in_chunks = True
        self.answered = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(self.ear.request())

    def data_received(self, data: bytes) -> None:
        self.ear.group.bytes += len(data)
        self.read = self.read + data if self.read else data
        if not self.is_open and not self._opened():
            return
        found, self.read = chunks(self.read) if self.comes_in_chunks else ([self.read] if self.read else [], b"")
        now = time.monotonic_ns()
        for chunk in found:
            if not chunk:
                self.is_ended = True
                self.transport.close()
            whole, self.text = events(self.text + chunk if self.text else chunk)
            for event in whole:
                self.ear.hear(event, now)

    def _opened(self) -> bool:
        head, found, rest = self.read.partition(b"\r\n\r\n")
        if not found:
            return False
        self.answered.set()
        status = int(head.split(None, 2)[1])
        if status != 200:
            self.ear.group.refused[status] += 1
            self.transport.abort()
            return False
        self.read, self.is_open = rest, True
        self.comes_in_chunks = b"\r\ntransfer-encoding: chunked" in head.lower()
        self.ear.group.open += 1
        if not self.ear.group.reads:
            self.transport.pause_reading()
        return True

    def connection_lost(self, error: Exception | None) -> None:
        group = self.ear.group
        self.answered.set()
        if self.is_open:
            group.open -= 1
            group.ended += self.is_ended
            group.cut += not self.is_ended
        self.ear.lost()


class Ear:
    """One listener, over all its connections."""

    __slots__ = ("cookie", "group", "last_id", "last_seq", "last_version", "path", "port", "retry", "seen", "wire")

    def __init__(self, group: "Group", door: Door, number: int) -> None:
        self.group, self.path = group, door.path
        self.port, self.cookie = door.of(number)
        self.last_id = ""
        self.last_seq = self.last_version = -1
        self.retry = 1_000
        self.seen = bytearray()
        self.wire: Listener | None = None

    def request(self) -> bytes:
        rows = [f"GET {self.path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept: text/event-stream"]
        if self.cookie:
            rows.append(f"Cookie: {self.cookie}")
        if self.last_id:
            rows.append(f"Last-Event-ID: {self.last_id}")
        return "\r\n".join([*rows, "", ""]).encode()

    async def connect(self) -> None:
        """Returns when the stream is open, refused or lost."""
        loop = asyncio.get_running_loop()
        plug = socket.socket()
        plug.setblocking(False)
        if not self.group.reads:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
        try:
            await loop.sock_connect(plug, ("127.0.0.1", self.port))
            _, self.wire = await loop.create_connection(lambda: Listener(self), sock=plug)
        except OSError:
            plug.close()
            self.lost()
        else:
            await self.wire.answered.wait()

    def lost(self) -> None:
        """Come back as a page does: after the time the stream named, not all in the same instant."""
        self.wire = None
        if self.group.comes_back:
            self.group.reconnects += 1
            pause = self.retry / 1000 * random.uniform(0.5, 1.5)
            asyncio.get_running_loop().call_later(pause, lambda: self.group.start(self.connect()))

    def hear(self, event: Event, now: int) -> None:
        group = self.group
        if event.retry is not None:
            self.retry = event.retry
        group.resets += event.name == "reset"
        if (version := event.version) is not None:
            group.backwards += version < self.last_version
            self.last_id, self.last_version = event.id, version
        for line in event.lines:
            if line.number >= len(self.seen):
                self.seen.extend(bytes(line.number + 1 - len(self.seen)))
            group.doubled += self.seen[line.number] > 0
            self.seen[line.number] = 1
            group.misordered += line.seq < self.last_seq
            self.last_seq = line.seq
            group.latencies.append((now - line.sent) / 1e6)

    def lacks(self, numbers: Iterable[int]) -> int:
        return sum(number >= len(self.seen) or not self.seen[number] for number in numbers)


class Group:
    """The listeners of one room. `reads` False: they connect and never read."""

    def __init__(self, *, reads: bool = True) -> None:
        self.reads = reads
        self.comes_back = False
        self.ears: list[Ear] = []
        self.refused: Counter[int] = Counter()
        self.open = self.ended = self.cut = self.resets = self.reconnects = self.bytes = 0
        self.tasks: set[asyncio.Task[None]] = set()
        self.forget()

    def forget(self) -> None:
        self.latencies = array("d")
        self.doubled = self.misordered = self.backwards = 0

    def start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def lacks(self, numbers: list[int]) -> int:
        return sum(ear.lacks(numbers) for ear in self.ears)

    def tally(self, numbers: list[int]) -> Tally:
        lost = self.lacks(numbers)
        times = sorted(self.latencies) or [float("nan")]
        p50, p99, slowest = (times[min(len(times) - 1, int(share * len(times)))] for share in (0.5, 0.99, 1))
        return Tally(len(self.latencies), lost, self.doubled, self.misordered, self.backwards, p50, p99, slowest)

    def state(self) -> State:
        return State(self.open, self.ended, self.cut, self.resets, self.reconnects, dict(self.refused), self.bytes)

    def close(self) -> None:
        self.comes_back = False
        for ear in self.ears:
            if ear.wire is not None:
                ear.wire.transport.abort()
