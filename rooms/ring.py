"""The rows of a room's log that are kept rendered, so that a reconnect seldom touches the database."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from rooms import log
from rooms.models import Line
from rooms.querysets import Position

if TYPE_CHECKING:
    from rooms.live import Hub

ROWS = 64
MOST_MISSED = 200  # rows; who lacks more fetches the page anew
DEEP = 60  # seconds a room keeps more rows than `ROWS` after somebody lacked them
TRIES = 10  # readings and renderings of a room that moves on meanwhile


class Ring:
    """Of one live room: the rows that changed last. Used on the event loop."""

    def __init__(self, hub: "Hub", read_tail: Callable[[int], Awaitable[log.Reading]]) -> None:
        self._hub = hub
        self._read_tail = read_tail  # so many of the room's rows
        self._rows: dict[int, Line] = {}  # in order of change
        self.floor = 0  # every row above this version is here
        self.depth = ROWS
        self._epoch = ""
        self._deep_until = 0.0
        self._deepening: asyncio.Task[None] | None = None
        self._rendering: dict[str, asyncio.Task[None]] = {}  # by encoding

    def __len__(self) -> int:
        return len(self._rows)

    def after(self, version: int) -> list[Line]:
        """The rows above this version, as far as they are here (`floor`); oldest change first."""
        return [line for line in self._rows.values() if line.version > version]

    def fill(self, tail: log.Reading) -> None:
        """With the log's tail, `depth` rows of it."""
        self._rows = {line.pk: line for line in tail.lines}
        self.floor = _floor_of(tail.lines, self.depth)
        self._epoch = tail.standing.position.epoch

    def put(self, lines: Iterable[Line]) -> None:
        for line in lines:  # a changed one moves to the end, and its old text is here no more
            self._rows.pop(line.pk, None)
            self._rows[line.pk] = line
        self._trim()

    def _trim(self) -> None:
        while len(self._rows) > self.depth:
            oldest = next(iter(self._rows))
            self.floor = self._rows.pop(oldest).version

    def begin_anew(self, position: Position) -> None:
        """Another log begins here."""
        self._rows = {}
        self._epoch, self.floor = position

    # --- For those who come back from far ---

    async def reaches(self, version: int, encoding: str, most: int = MOST_MISSED) -> bool:
        """Hold every row above `version`, rendered; False when those are more than `most`.

        Nothing is awaited after the last comparison. Who waits for the same thing waits together.
        """
        for _ in range(TRIES):
            lacked = self.after(version)
            if len(lacked) > most or (version < self.floor and self.depth >= most):
                return False
            if version < self.floor:
                await self._deepened(most)
            elif all(log.is_rendered(line, encoding) for line in lacked):
                self._deep_until = self._hub.loop.time() + DEEP
                return True
            else:
                await self._rendered(encoding)
        return False

    async def _deepened(self, depth: int) -> None:
        if self._deepening is None:
            self._deepening = self._hub.loop.create_task(self._deepen(depth))
        await asyncio.shield(self._deepening)

    async def _deepen(self, depth: int) -> None:
        try:
            tail = await self._read_tail(depth)
            epoch, version = tail.standing.position
            if epoch != self._epoch or version < self.floor:
                return  # rows came and went while it was read, and are in neither
            # A row that has changed since the room's last read is left to the next one.
            rows = [line for line in tail.lines if line.version <= self.floor and line.pk not in self._rows]
            self._rows = {line.pk: line for line in rows} | self._rows
            self.floor = min(self.floor, _floor_of(tail.lines, depth))
            self.depth = depth
            self._deep_until = self._hub.loop.time() + DEEP
        finally:
            self._deepening = None

    async def _rendered(self, encoding: str) -> None:
        """Off the loop: the first listener in a language may be about to get a whole ring."""
        if encoding not in self._rendering:
            self._rendering[encoding] = self._hub.loop.create_task(self._render(encoding))
        await asyncio.shield(self._rendering[encoding])

    async def _render(self, encoding: str) -> None:
        try:
            await self._hub.ask(log.render, self.after(0), [encoding])
        finally:  # and not in a callback: who comes before that would wait for what is done, ten times in one step
            del self._rendering[encoding]

    @property
    def is_deep_in_vain(self) -> bool:
        """Has nobody come back from far for a while?"""
        return self.depth > ROWS and self._hub.loop.time() > self._deep_until

    def grow_shallow(self) -> None:
        self.depth = ROWS
        self._trim()


def _floor_of(lines: list[Line], asked: int) -> int:
    """Above which version this is every row; `asked`: how many there were to be."""
    return lines[0].version - 1 if len(lines) == asked else 0
