"""The hub: one a process. It keeps the live rooms, and a clock that finds whatever a doorbell did not tell."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from django.db import close_old_connections, connections

from accounts.models import User
from cobra import bus
from rooms import log
from rooms.inboxes import Inboxes
from rooms.listener import Listener
from rooms.live_room import LiveRoom
from rooms.lobby import Lobby
from rooms.presence import Roster
from rooms.standing import Reader, Standing

logger = logging.getLogger(__name__)

CLOCK = 2  # seconds between comparisons of versions with the database
BEAT = 20  # seconds between heartbeats, by which a page notices a dead connection
ASK_AGAIN = 300  # seconds after which every listener is asked again whether they may read
RETRY = 1_000  # milliseconds a page waits before it connects again


def _stamps(person_ids: list[int]) -> dict[int, int]:
    return dict(User.objects.filter(pk__in=person_ids, is_active=True).values_list("pk", "auth_stamp"))


class Hub:
    """All live rooms of a process, and the clock that finds whatever a doorbell did not tell."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.rooms: dict[int, LiveRoom] = {}
        self.inboxes = Inboxes(self)
        self.lobby = Lobby(self)
        self.is_closing = False
        # Of people whose streams were ended because of it: their passes are from before.
        self._stamps: dict[int, int] = {}
        # One thread reads for all streams; requests have their own.
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="live")
        self.bus: bus.Hearing | None = None
        self._tasks = {
            self.loop.create_task(self._every(seconds, work))
            for seconds, work in ((CLOCK, self.check), (BEAT, self.beat), (ASK_AGAIN, self.ask_everybody_again))
        }
        if there := bus.carrier():
            self.bus = bus.Hearing(there, on_connect=self._catch_up)
            self._tasks.add(self.loop.create_task(self.bus.run()))

    async def ask[**P, T](self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run database work on the hub's thread."""

        def run() -> T:
            close_old_connections()
            try:
                return fn(*args, **kwargs)
            finally:
                close_old_connections()

        return await self.loop.run_in_executor(self._pool, run)

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
        if not (room.listeners or room.awaited_by or not room.presence.is_empty):
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

    # --- The clock ---

    async def _every(self, seconds: float, work: Callable[[], object]) -> None:
        is_well, name = True, getattr(work, "__name__", work)
        while True:
            await asyncio.sleep(seconds)
            try:
                result = work()
                if asyncio.iscoroutine(result):
                    await result
                if not is_well:
                    logger.warning("%s works again", name)
                is_well = True
            except Exception as error:  # a clock that stops heals nothing
                if is_well:
                    logger.warning("%s failed, again every %s s: %s", name, seconds, error)
                is_well = False

    def _catch_up(self) -> None:
        """Called when this process hears the others (again): what rang before is looked for at once."""
        self.inboxes.ask_all()
        task = self.loop.create_task(self._check_now())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _check_now(self) -> None:
        with contextlib.suppress(Exception):  # the next tick tries again, and says what is wrong
            await self.check()

    async def check(self) -> None:
        """Compare the live rooms, and everybody who listens, with the database."""
        if self.bus and not self.bus.is_connected:
            self.inboxes.ask_all()
        self._tidy()
        rooms = [room for room in self.rooms.values() if room.is_open]
        found = await self.ask(log.standings, [room.pk for room in rooms]) if rooms else {}
        for room in rooms:
            self._compare(room, found.get(room.pk))
        await self.check_people()

    def _tidy(self) -> None:
        for room in list(self.rooms.values()):
            if room.presence.left_at:
                room.tell_presence()
            room.forget_what_was_missed()
            self.forget_if_empty(room)

    def _compare(self, room: LiveRoom, now: Standing | None) -> None:
        if now is None:
            room.end(room.listeners)
        elif now.position.epoch != room.standing.position.epoch:
            room.take(now, [])
        elif now.position.version > room.version:
            room.wake(now.position.version)
        elif now.position.version == room.version and now.audience() != room.standing.audience():
            room.take(now, [])

    async def check_people(self) -> None:
        """End the streams of whoever signed out, changed the password or was suspended: they connect again."""
        listeners = [listener for listener in self.listeners if listener.reader.person_id is not None]
        people = {listener.reader.person_id: None for listener in listeners if listener.reader.person_id is not None}
        if not people:
            return
        stamps = await self.ask(_stamps, list(people))
        for listener in listeners:
            if stamps.get(listener.reader.person_id or 0) != listener.reader.stamp:
                self._stamps[listener.reader.person_id or 0] = stamps.get(listener.reader.person_id or 0, -1)
                listener.end()

    def is_outdated(self, reader: Reader) -> bool:
        """Is this what a pass said before the person signed out, was suspended or changed the password?"""
        return self._stamps.get(reader.person_id or 0, reader.stamp) != reader.stamp

    async def ask_again(self, room: LiveRoom) -> None:
        """Who may not read the room any more loses the stream; connecting again tells them why."""
        await self.check_people()
        for listener in list(room.listeners):
            if not room.visible_to(listener.reader):
                listener.end()

    async def ask_everybody_again(self) -> None:
        for room in list(self.rooms.values()):
            await self.ask_again(room)

    def beat(self) -> None:
        message = log.event("{}", name="beat")
        for listener in self.listeners:
            listener.push(message)

    # --- The end ---

    async def close(self) -> None:
        """End every stream with a spread time to come back in, so that not all return in the same instant."""
        if self.is_closing:
            return
        self.is_closing = True
        for listener in self.listeners:
            listener.push(log.event("{}", name="closing", retry=random.randrange(200, 2_000)))  # noqa: S311  jitter
            listener.end()
        for task in self._tasks:
            task.cancel()
        until = self.loop.time() + 1
        while self.listeners and self.loop.time() < until:  # noqa: ASYNC110  their applications take themselves out
            await asyncio.sleep(0.01)
        for room in self.rooms.values():
            room.close()
        self.inboxes.close()
        self.lobby.close()
        self._pool.submit(connections.close_all)
        self._pool.shutdown(wait=False)


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


class Load(NamedTuple):
    """How many listen in this process, in how many rooms, how many of them are behind, and what waits for those."""

    listeners: int = 0
    rooms: int = 0
    behind: int = 0
    messages: int = 0
    bytes: int = 0


def load() -> Load:
    """From any thread."""
    if _hub is None:
        return Load()
    rooms = list(_hub.rooms.values())
    listeners = [listener for room in rooms for listener in list(room.listeners)] + list(_hub.inboxes.roomless)
    waiting = [listener.waiting for listener in listeners]
    behind = [each for each in waiting if each.messages]
    messages, size = (sum(column) for column in zip(*behind, strict=True)) if behind else (0, 0)
    return Load(len(listeners), len(rooms), len(behind), messages, size)


def roster_of(room_id: int) -> Roster:
    """Who is in a room now, for a page; from any thread."""
    room = _hub.rooms.get(room_id) if _hub else None
    return room.presence.roster if room else Roster()


def whereabouts() -> dict[int, frozenset[int]]:
    """Which rooms each member who is seen at all is in; from any thread."""
    if _hub is None:
        return {}
    places: dict[int, set[int]] = {person_id: set() for person_id in _hub.inboxes.online()}
    for room in list(_hub.rooms.values()):
        for person_id in room.presence.everybody():
            places.setdefault(person_id, set()).add(room.pk)
    return {person_id: frozenset(rooms) for person_id, rooms in places.items()}


def rooms_alive() -> dict[int, Roster]:
    """The rooms with somebody in them, for a page; from any thread."""
    rooms = list(_hub.rooms.values()) if _hub else []
    return {room.pk: room.presence.roster for room in rooms if room.presence.roster.size}
