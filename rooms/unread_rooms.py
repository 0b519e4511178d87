"""Telling people on every page how much they have not read in the rooms they take part in."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from django_eventstream.views import get_listener_manager

from rooms import log
from rooms.doorbell import channel_of
from rooms.reading import counts_in
from rooms.tap import Tap

if TYPE_CHECKING:
    from rooms.live import Hub

logger = logging.getLogger(__name__)

SLOW = 2  # seconds in which what is said in a room is counted once for everybody who takes part in it
AT_ONCE = 500  # people in one statement

# By room, how many lines somebody has not read.
Counts = Mapping[int, int]


class UnreadRooms:
    """By person with a stream in this process, what is unread where; a room's doorbell has it counted anew.

    Changed on the event loop only.
    """

    def __init__(self, hub: "Hub", tell: Callable[[int, str], None]) -> None:
        self.hub = hub
        self._tell = tell
        self._counts: dict[int, dict[int, int]] = {}
        self._people: defaultdict[int, set[int]] = defaultdict(set)
        self._taps: dict[int, Tap] = {}
        self._rung: set[int] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def learn(self, person_id: int, counts: Counts) -> None:
        """All the rooms that count for a person, as they were counted just now."""
        self.forget(person_id)
        self._counts[person_id] = dict(counts)
        for room_id in counts:
            self._people[room_id].add(person_id)
            if room_id not in self._taps:
                tap = self._taps[room_id] = Tap(channel_of(room_id), partial(self._heard, room_id))
                get_listener_manager().add_listener(tap)
        self._tell(person_id, self.message(person_id, counts))

    def _heard(self, room_id: int, _version: int) -> None:
        self.rang(room_id)

    def forget(self, person_id: int) -> None:
        """The person has no stream any more, or is about to be learned anew."""
        for room_id in self._counts.pop(person_id, {}):
            self._people[room_id].discard(person_id)
            if not self._people[room_id]:
                del self._people[room_id]
                get_listener_manager().remove_listener(self._taps.pop(room_id))

    def message(self, person_id: int, counts: Counts) -> str:
        """`rooms=2&7=3&9=0`: in how many rooms something is unread, and how much in these."""
        unread = sum(1 for count in self._counts[person_id].values() if count)
        return "&".join([f"rooms={unread}", *(f"{room_id}={count}" for room_id, count in counts.items())])

    def rang(self, room_id: int) -> None:
        self._rung.add(room_id)
        if self._timer is None:
            self._timer = self.hub.loop.call_later(SLOW, self._start)

    def _start(self) -> None:
        self._timer = None
        task = self.hub.loop.create_task(self._recount())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _recount(self) -> None:
        rung, self._rung = self._rung, set()
        away = {room_id: self._away_from(room_id) for room_id in rung}
        people = sorted(set().union(*away.values()))
        for start in range(0, len(people), AT_ONCE):
            try:
                found = await self.hub.ask(counts_in, people[start : start + AT_ONCE], rung)
            except Exception as error:  # the database may be away
                logger.warning("unread lines could not be counted: %s", error)
                for room_id in rung:
                    self.rang(room_id)
                return
            for person_id, counts in found.items():
                self._change(person_id, {pk: count for pk, count in counts.items() if person_id in away[pk]})

    def _away_from(self, room_id: int) -> set[int]:
        """Who takes part in the room and has not got it before them: those who do, say themselves what they read."""
        room = self.hub.rooms.get(room_id)
        pages = [listener for listener in room.listeners if listener.encoding != log.JSON] if room else []
        there = {listener.reader.person_id for listener in pages}
        there |= self.hub.edge.readers_of(room_id) if self.hub.edge else set()
        return self._people.get(room_id, set()) - there

    def _change(self, person_id: int, counts: Counts) -> None:
        known = self._counts.get(person_id)
        if known is None:
            return
        changed = {room_id: count for room_id, count in counts.items() if known.get(room_id) not in (None, count)}
        known.update(changed)
        if changed:
            self._tell(person_id, self.message(person_id, changed))

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        for tap in self._taps.values():
            get_listener_manager().remove_listener(tap)
