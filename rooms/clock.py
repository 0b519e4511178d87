"""The clock of a hub: it finds whatever a doorbell did not tell, and lets a page notice a dead connection."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from accounts.models import User
from cobra.db import WriteAheadLog
from rooms import log
from rooms.live_room import LiveRoom
from rooms.members import Login
from rooms.models import RoomVersion
from rooms.standing import Standing

if TYPE_CHECKING:
    from rooms.live import Hub

logger = logging.getLogger(__name__)

CLOCK = 2  # seconds between comparisons of versions with the database
BEAT = 20  # seconds between heartbeats, by which a page notices a dead connection
ASK_AGAIN = 300  # seconds after which every listener is asked again whether they may read


def auth_stamps(person_ids: list[int]) -> dict[int, int]:
    """The `auth_stamp` of each of these people who is active, by id."""
    found: dict[int, int] = User.objects.stamps_of(person_ids)
    return found


def _stamps_of(logins: list[Login]) -> dict[int, int]:
    return auth_stamps(list({person_id for person_id, _stamp in logins}))


def _look_up(room_ids: list[int], logins: list[Login]) -> tuple[dict[int, Standing], dict[int, int]]:
    """What the clock compares, asked for together: waking a thread that sleeps costs as much as a question."""
    return log.standings(room_ids), _stamps_of(logins)


async def every(seconds: float, work: Callable[[], object], *, together: bool = False) -> None:
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


class Clock:
    """Used on the event loop."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self._log = WriteAheadLog()
        self._equal_at: tuple[int, int] | None = None  # the last write, where all rooms were found as they are there
        for seconds, work in ((CLOCK, self.tick), (BEAT, self.beat), (ASK_AGAIN, self.ask_everybody_again)):
            hub.start(every(seconds, work))

    async def tick(self) -> None:
        """Heal whatever was missed. Where nothing was written since all was found equal, and nobody has come, as in an
        idle community, there is nothing to compare; each heartbeat makes sure of it."""
        written = None if self.hub.bus else self._log.last_write()
        if written and written == self._equal_at and not self.hub.members.somebody_came:
            self._tidy()
        else:
            await self._heal(written)

    async def _heal(self, written: tuple[int, int] | None) -> None:
        self._equal_at, self.hub.members.somebody_came = None, False
        if await self.check():
            self._equal_at = written

    async def check(self) -> bool:
        """Compare the live rooms, and everybody who listens, with the database. Were all rooms as they are there?"""
        if self.hub.bus and not self.hub.bus.is_connected:
            self.hub.inboxes.ask_all()
        self._tidy()
        known = {room: room.standing.position for room in self.hub.rooms.values() if room.is_open}
        logins = self.hub.members.logins()
        found, stamps = await self.hub.ask(_look_up, [room.pk for room in known], logins)
        is_equal = True
        for room, before in known.items():
            is_equal &= self._compare(room, found.get(room.pk))
            now = found.get(room.pk)
            if now and now.position.epoch == before.epoch and now.position.version < before.version:
                await self._begin_anew(room)
        self.hub.members.end_outdated(logins, stamps)
        return is_equal

    def _tidy(self) -> None:
        for room in list(self.hub.rooms.values()):
            if room.presence.may_leave:
                room.who.tell()
            room.forget_what_was_missed()
            self.hub.forget_if_empty(room)
        if self.hub.edge:
            self.hub.edge.tidy()

    async def _begin_anew(self, room: LiveRoom) -> None:
        """The log has gone back behind what it was here: the database came up again without its last commits.

        What is said from now on takes versions that listeners believe they have; so all of them fetch their windows.
        """
        position = room.standing.position
        logger.error("room %s has lost what came last: it was at version %s", room.pk, position.version)
        await self.hub.write(RoomVersion.objects.begin_anew, room.pk, position.epoch)
        if now := (await self.hub.ask(log.standings, [room.pk])).get(room.pk):
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
        if logins := self.hub.members.logins():
            self.hub.members.end_outdated(logins, await self.hub.ask(_stamps_of, logins))

    async def ask_everybody_again(self) -> None:
        """Who may not read a room any more loses its stream; connecting again tells them why."""
        for room in list(self.hub.rooms.values()):
            room.end_unseen()
        await self.check_people()

    def beat(self) -> None:
        message = log.event("{}", name="beat")
        for listener in self.hub.listeners:
            listener.push(message)
        if written := self._equal_at:
            self.hub.start(self._heal(written))
