"""The rows of a room's log that are kept rendered, so that a reconnect seldom touches the database."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from rooms import log
from rooms.models import Line

if TYPE_CHECKING:
    from rooms.live import Hub

ROWS = 64
MOST_MISSED = 200  # rows; who lacks more fetches the page anew
DEEP = 60  # seconds a room keeps more rows than `ROWS` after somebody lacked them


class Ring:
    """Of one live room: the rows that changed last. Used on the event loop."""

    def __init__(self, hub: "Hub", read_tail: Callable[[int], Awaitable[log.Reading]]) -> None:
        self._hub = hub
        self._read_tail = read_tail  # so many of the room's rows
        self._rows: dict[int, Line] = {}  # in order of change
        self.floor = 0  # every row above this version is here
        self.depth = ROWS
        self._deep_until = 0.0
        self._deepening: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def after(self, version: int) -> list[Line]:
        """The rows above this version, as far as they are here (`floor`); oldest change first."""
        return [line for line in self._rows.values() if line.version > version]

    def fill(self, lines: list[Line]) -> None:
        """With the log's tail, `depth` rows of it."""
        self._rows = {line.pk: line for line in lines}
        self.floor = _floor_of(lines, self.depth)

    def put(self, lines: Iterable[Line]) -> None:
        for line in lines:  # a changed one moves to the end, and its old text is here no more
            self._rows.pop(line.pk, None)
            self._rows[line.pk] = line
        self._trim()

    def _trim(self) -> None:
        while len(self._rows) > self.depth:
            oldest = next(iter(self._rows))
            self.floor = self._rows.pop(oldest).version

    def begin_anew(self, version: int) -> None:
        """Another log begins at this version."""
        self._rows, self.floor = {}, version

    # --- For those who come back from far ---

    async def reaches(self, version: int, most: int = MOST_MISSED) -> bool:
        """Hold every row above `version`; False when those are more than `most`."""
        self._deep_until = self._hub.loop.time() + DEEP
        while version < self.floor and self.depth < most:
            if self._deepening is None:
                self._deepening = self._hub.loop.create_task(self._deepen(most))
            await asyncio.shield(self._deepening)
        return version >= self.floor and len(self.after(version)) <= most

    async def _deepen(self, depth: int) -> None:
        try:
            lines = (await self._read_tail(depth)).lines
            # A row that has changed since the room's last read is left to the next one.
            rows = [line for line in lines if line.version <= self.floor and line.pk not in self._rows]
            self._rows = {line.pk: line for line in rows} | self._rows
            self.floor = min(self.floor, _floor_of(lines, depth))
            self.depth = depth
        finally:
            self._deepening = None

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
