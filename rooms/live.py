"""The hub: one a process. It keeps the live rooms, and a clock that finds whatever a doorbell did not tell."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections, connections

from accounts.models import User
from cobra import bus, grip
from cobra.db import WriteAheadLog
from rooms import log
from rooms.edge import Edge
from rooms.elsewhere import EVERY, Elsewhere
from rooms.inboxes import Inboxes
from rooms.listener import Listener
from rooms.live_room import LiveRoom
from rooms.lobby import Lobby
from rooms.members import Login, Members
from rooms.models import RoomVersion
from rooms.standing import Reader, Standing

logger = logging.getLogger(__name__)

CLOCK = 2  # seconds between comparisons of versions with the database
BEAT = 20  # seconds between heartbeats, by which a page notices a dead connection
ASK_AGAIN = 300  # seconds after which every listener is asked again whether they may read
TOGETHER = 0.01  # seconds in which those who come with a pass are asked for in one statement
RETRY = 1_000  # milliseconds a page waits before it connects again


def _stamps(person_ids: list[int]) -> dict[int, int]:
    stamps: dict[int, int] = User.objects.stamps_of(person_ids)
    return stamps


def _stamps_of(logins: list[Login]) -> dict[int, int]:
    return _stamps(list({person_id for person_id, _stamp in logins}))


def _look_up(room_ids: list[int], logins: list[Login]) -> tuple[dict[int, Standing], dict[int, int]]:
    """What the clock compares, asked for together: waking a thread that sleeps costs as much as a question."""
    return log.standings(room_ids), _stamps_of(logins)


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
        self._log = WriteAheadLog()
        self._equal_at: tuple[int, int] | None = (
            None  # the last write, when all live rooms were found as they are there
        )
        self._coming: set[int] = set()  # who comes with a pass, and is asked for next
        self._who_comes: asyncio.Task[dict[int, int]] | None = None
        # One thread reads for all streams; requests have their own.
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="live")
        self.bus: bus.Hearing | None = None
        self._tasks: set[asyncio.Task[Any]] = {
            self.loop.create_task(self._every(seconds, work))
            for seconds, work in ((CLOCK, self.tick), (BEAT, self.beat), (ASK_AGAIN, self.ask_everybody_again))
        }
        if there := bus.carrier():
            self.bus = bus.Hearing(there, on_connect=self._catch_up)
            self.start(self.bus.run())
            self.start(self._every(EVERY, self.elsewhere.tick, together=True))
        if proxy := grip.proxy():
            self.edge = Edge(self, proxy)

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

    # --- The clock ---

    async def _every(self, seconds: float, work: Callable[[], object], *, together: bool = False) -> None:
        """`together`: at the same moments in all processes."""
        is_well, name = True, getattr(work, "__qualname__", work)
        while True:
            await asyncio.sleep(seconds - time.time() % seconds if together else seconds)
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
        self.start(self.check())
        self.start(self.elsewhere.introduce())

    def start(self, work: Coroutine[Any, Any, object]) -> None:
        """Do this beside all else, as long as the hub lives. What fails is tried again by the clock."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._is_done)

    def _is_done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.warning("%s failed: %s", task.get_coro(), error)

    async def tick(self) -> None:
        """Heal whatever was missed. Where nothing was written since all was found equal, and nobody has come, as in an
        idle community, there is nothing to compare; each heartbeat makes sure of it."""
        written = None if self.bus else self._log.last_write()
        if written and written == self._equal_at and not self.members.somebody_came:
            self._tidy()
        else:
            await self._heal(written)

    async def _heal(self, written: tuple[int, int] | None) -> None:
        self._equal_at, self.members.somebody_came = None, False
        if await self.check():
            self._equal_at = written

    async def check(self) -> bool:
        """Compare the live rooms, and everybody who listens, with the database. Were all rooms as they are there?"""
        if self.bus and not self.bus.is_connected:
            self.inboxes.ask_all()
        self._tidy()
        known = {room: room.standing.position for room in self.rooms.values() if room.is_open}
        logins = self.members.logins()
        found, stamps = await self.ask(_look_up, [room.pk for room in known], logins)
        is_equal = True
        for room, before in known.items():
            is_equal &= self._compare(room, found.get(room.pk))
            now = found.get(room.pk)
            if now and now.position.epoch == before.epoch and now.position.version < before.version:
                await self._begin_anew(room)
        self.members.end_outdated(logins, stamps)
        return is_equal

    def _tidy(self) -> None:
        for room in list(self.rooms.values()):
            if room.presence.may_leave:
                room.who.tell()
            room.forget_what_was_missed()
            self.forget_if_empty(room)
        if self.edge:
            self.edge.tidy()

    async def _begin_anew(self, room: LiveRoom) -> None:
        """The log has gone back behind what it was here: the database came up again without its last commits.

        What is said from now on takes versions that listeners believe they have; so all of them fetch their windows.
        """
        position = room.standing.position
        logger.error("room %s has lost what came last: it was at version %s", room.pk, position.version)
        await self.ask(RoomVersion.objects.begin_anew, room.pk, position.epoch)
        if now := (await self.ask(log.standings, [room.pk])).get(room.pk):
            self._compare(room, now)

    def _compare(self, room: LiveRoom, now: Standing | None) -> bool:
        """Is the room as the database has it? Else it is brought there."""
        if now is None:
            room.end_all()
        elif now.position.epoch != room.standing.position.epoch:
            room.take(now, [])
        elif now.position.version > room.version:
            room.wake(now.position.version)
        elif now.position.version == room.version and now.audience() != room.standing.audience():
            room.take(now, [])
        else:
            return True
        return False

    async def check_people(self) -> None:
        """End the streams of whoever signed out, changed the password or was suspended: they connect again."""
        if logins := self.members.logins():
            self.members.end_outdated(logins, await self.ask(_stamps_of, logins))

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
        return await self.ask(_stamps, people)

    async def ask_everybody_again(self) -> None:
        """Who may not read a room any more loses its stream; connecting again tells them why."""
        for room in list(self.rooms.values()):
            room.end_unseen()
        await self.check_people()

    def beat(self) -> None:
        message = log.event("{}", name="beat")
        for listener in self.listeners:
            listener.push(message)
        if written := self._equal_at:
            self.start(self._heal(written))

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
        for room in self.rooms.values():
            room.close()
        self.inboxes.close()
        self.elsewhere.close()
        self.lobby.close()
        if self.edge:
            await self.edge.close()
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


def current_hub() -> Hub | None:
    """This process's hub, where one runs; from any thread."""
    return _hub
