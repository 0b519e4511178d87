"""The hub: one a process. It keeps the live rooms, and everybody who listens."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections, connections

from cobra import bus, grip
from rooms import log
from rooms.clock import Clock, auth_stamps, every
from rooms.edge import Edge
from rooms.elsewhere import EVERY, Elsewhere
from rooms.inboxes import Inboxes
from rooms.listener import Listener
from rooms.live_room import LiveRoom
from rooms.lobby import Lobby
from rooms.members import Members
from rooms.standing import Reader

logger = logging.getLogger(__name__)

TOGETHER = 0.01  # seconds in which those who come with a pass are asked for in one statement
RETRY = 1_000  # milliseconds a page waits before it connects again


class Hub:
    """All live rooms of a process, and the clock that finds whatever a doorbell did not tell."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.rooms: dict[int, LiveRoom] = {}
        self.members = Members()
        self.edge: Edge | None = None
        self.inboxes = Inboxes(self)
        self.elsewhere = Elsewhere(self)
        self.lobby = Lobby(self)
        self.is_closing = False
        self._coming: set[int] = set()  # who comes with a pass, and is asked for next
        self._who_comes: asyncio.Task[dict[int, int]] | None = None
        # One thread reads for all streams; requests have their own.
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="live")
        # And one that writes, which on SQLite may wait for its turn: who only reads does not.
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="live-write")
        self.bus: bus.Hearing | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self.clock = Clock(self)
        if there := bus.carrier():
            self.bus = bus.Hearing(there, on_connect=self._catch_up)
            self.start(self.bus.run())
            self.start(every(EVERY, self.elsewhere.tick, together=True))
        if proxy := grip.proxy():
            self.edge = Edge(self, proxy)

    async def ask[**P, T](self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Read from the database on the hub's thread."""

        def run() -> T:
            close_old_connections()
            try:
                return fn(*args, **kwargs)
            finally:
                close_old_connections()

        return await self.loop.run_in_executor(self._pool, run)

    async def write[**P, T](self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Write to the database, seldom: on a thread of its own, with a connection for that once."""

        def run() -> T:
            try:
                return fn(*args, **kwargs)
            finally:
                connections.close_all()

        return await self.loop.run_in_executor(self._writing, run)

    async def open(self, room_id: int) -> LiveRoom:
        """The live room, read from the database when nobody listened to it before.

        Raises:
            RoomGone: there is no such room.
        """
        room = self.rooms.get(room_id)
        if room is None:
            room = self.rooms[room_id] = LiveRoom(self, room_id)
        room.awaited_by += 1  # until its listener enters, with no await in between: nobody may forget it meanwhile
        try:
            await asyncio.shield(room.opening)
        except BaseException:
            # A failed opening is forgotten, so that the next listener tries again.
            if room.opening.done() and not room.is_open:
                self._forget(room)
            raise
        finally:
            room.awaited_by -= 1
        return room

    def forget_if_empty(self, room: LiveRoom) -> None:
        if room.is_empty:
            self._forget(room)

    def _forget(self, room: LiveRoom) -> None:
        if self.rooms.get(room.pk) is room:
            del self.rooms[room.pk]
            room.close()

    @property
    def listeners(self) -> list[Listener]:
        """Everybody who holds a stream, in a room or on a page without one."""
        in_rooms = [listener for room in self.rooms.values() for listener in room.listeners]
        return [*in_rooms, *self.inboxes.roomless]

    def _catch_up(self) -> None:
        """Called when this process hears the others (again): what rang before is looked for at once."""
        self.inboxes.ask_all()
        self.start(self.clock.check())
        self.start(self.elsewhere.introduce())

    def start(self, work: Coroutine[Any, Any, object]) -> None:
        """Do this beside all else, as long as the hub lives. What fails is tried again by the clock."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._is_done)

    def _is_done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.warning("%s failed: %s", getattr(task.get_coro(), "__qualname__", task), error)

    async def is_current(self, reader: Reader) -> bool:
        """Is what a pass says of somebody as it is now, and not from before they signed out, were suspended or blocked,
        or changed the password? Asked once for all who come within `TOGETHER`."""
        if reader.person_id is None:
            return True
        self._coming.add(reader.person_id)
        if self._who_comes is None:
            self._who_comes = self.loop.create_task(self._stamps_of_who_comes())
        stamps = await asyncio.shield(self._who_comes)
        return stamps.get(reader.person_id) == reader.stamp

    async def _stamps_of_who_comes(self) -> dict[int, int]:
        await asyncio.sleep(TOGETHER)
        people, self._coming, self._who_comes = list(self._coming), set(), None
        return await self.ask(auth_stamps, people)

    # --- The end ---

    async def close(self) -> None:
        """End every stream with a spread time to come back in, so that not all return in the same instant."""
        if self.is_closing:
            return
        self.is_closing = True
        with contextlib.suppress(Exception):  # the database may be away
            await self.elsewhere.say_goodbye()
        for listener in self.listeners:
            listener.push(log.event("{}", name="closing", retry=random.randrange(200, 2_000)))  # noqa: S311  jitter
            listener.end()
        for task in self._tasks:
            task.cancel()
        until = self.loop.time() + 1
        while self.listeners and self.loop.time() < until:  # noqa: ASYNC110  their applications take themselves out
            await asyncio.sleep(0.01)
        while self.rooms:
            self.rooms.popitem()[1].close()
        self.inboxes.close()
        self.elsewhere.close()
        self.lobby.close()
        if self.edge:
            await self.edge.close()
        self._pool.submit(connections.close_all)
        self._pool.shutdown(wait=False)
        self._writing.shutdown(wait=False)


_hub: Hub | None = None


def get_hub() -> Hub:
    """The hub of the running event loop; a new loop (a test's, a reload's) gets a new one."""
    global _hub  # noqa: PLW0603  one a process is what a hub is
    if _hub is None or _hub.loop is not asyncio.get_running_loop():
        _hub = Hub()
    return _hub


async def close_hub() -> None:
    global _hub  # noqa: PLW0603
    if _hub is not None and _hub.loop is asyncio.get_running_loop():
        await _hub.close()
        _hub = None


def current_hub() -> Hub | None:
    """This process's hub, where one runs; from any thread."""
    return _hub
