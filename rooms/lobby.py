"""What pages that list rooms are told live: which rooms were opened since, and how many people are in each."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django_eventstream.views import get_listener_manager

from rooms import log
from rooms.doorbell import LOBBY
from rooms.listener import Listener
from rooms.models import Room
from rooms.standing import Standing
from rooms.tap import Tap

if TYPE_CHECKING:
    from rooms.live import Hub

logger = logging.getLogger(__name__)

TICK = 5  # seconds between two tellings of how many are where; and what no bell told of is found as late
MOST = 50  # rooms told of at once
OVERLAP = 20  # ids: a transaction that took an earlier one may end later
MOST_SIZES = 500  # rooms whose last size is remembered
UNSURE = -1  # the size of a room of which not everybody has been told the same
RECENT = timedelta(days=7)  # an import opens rooms that are older: those are no news

PLACE = '<hx-partial hx-target="#entries" hx-swap="here">{}</hx-partial>'

# By room, the words by which a page knows whether it lists that room.
Words = Callable[[Collection[int]], Mapping[int, str]]


def _no_words(ids: Collection[int]) -> Mapping[int, str]:
    return {}


_words: Words = _no_words


def told_by(words: Words) -> None:
    """Called once at start by whoever knows what rooms are about."""
    global _words  # noqa: PLW0603  one source a process
    _words = words


class Opened(NamedTuple):
    """A new room: who may know of it, and the line that tells it: its id and its words."""

    pk: int
    standing: Standing
    text: str


def newest(count: int = 1) -> list[int]:
    """The ids of the rooms that were opened last, the newest first."""
    return list(Room.objects.order_by("-pk").values_list("pk", flat=True)[:count])


def opened_after(pk: int, without: Collection[int] = ()) -> list[Opened]:
    """The rooms opened since this one, at most `MOST`, the oldest first."""
    rooms = Room.objects.filter(pk__gt=pk, created_at__gt=timezone.now() - RECENT).order_by("-pk")
    ids = [room for room in rooms.values_list("pk", flat=True)[:MOST] if room not in without]
    if not ids:
        return []
    standings, words = log.standings(ids), _words(ids)
    return [
        Opened(room, standings[room], f"{room} {words[room]}".rstrip()) for room in sorted(standings.keys() & words)
    ]


class Lobby:
    """Everybody in this process who looks at a list of rooms. Changed on the event loop only."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self.listeners: set[Listener] = set()
        self._newest: int | None = None  # of those that were looked for; unknown while nobody listens
        self._told: deque[int] = deque(maxlen=4 * OVERLAP)
        self._sizes: dict[int, int] = {}  # as told last, of rooms that anybody was in
        self._standings: dict[int, Standing] = {}  # of the same rooms, as they were when somebody was
        self._tap: Tap | None = None
        self._clock: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._is_wanted = False
        self._heard: dict[Listener, deque[int]] = {}  # of whom: what they lacked may be what is told to all just now

    async def enter(self, listener: Listener, after: int) -> None:
        """Count a listener in whose page knows of the rooms up to `after`, and tell what it lacks."""
        self.listeners.add(listener)
        if self._clock is None:
            self._tap = Tap(LOBBY, lambda _room: self.look_soon())
            get_listener_manager().add_listener(self._tap)
            self._clock = self.hub.loop.create_task(self._tick())
        if self._newest is None:  # before what is missed: nothing may fall between
            self._told.extend(known := await self.hub.ask(newest, OVERLAP))
            self._newest = max(known, default=0)
            self.look_soon()  # for what rang meanwhile
        missed = await self.hub.ask(opened_after, after)
        self._tell(missed, self.listeners & {listener})
        sizes = self._sizes_now()
        self._tell_sizes(sizes | dict.fromkeys(self._nowhere(self._sizes), 0), [listener])
        # What only this one has been told may be over before the next tick, which tells everybody how it is then.
        self._sizes |= {room: UNSURE for room, size in sizes.items() if self._sizes.get(room, 0) != size}

    def leave(self, listener: Listener) -> None:
        self.listeners.discard(listener)
        self._heard.pop(listener, None)
        if not self.listeners:
            self.close()

    def close(self) -> None:
        if self._clock:
            self._clock.cancel()
        if self._looking:
            self._looking.cancel()
        if self._tap:
            get_listener_manager().remove_listener(self._tap)
        self._clock = self._tap = self._looking = self._newest = None

    async def _tick(self) -> None:
        while True:
            self.look_soon()
            sizes = self._sizes_now()
            changed = {room: size for room, size in sizes.items() if self._sizes.get(room, 0) != size}
            changed |= dict.fromkeys(self._nowhere(room for room, size in self._sizes.items() if size), 0)
            self._sizes |= changed
            self._tell_sizes(changed, self.listeners)
            if len(self._sizes) > MOST_SIZES:
                self._sizes = sizes
                self._standings = {room: self._standings[room] for room in sizes}
            await asyncio.sleep(TICK)

    # --- New rooms ---

    def look_soon(self) -> None:
        """Look for new rooms. Bells that ring while it is looked mean once more."""
        self._is_wanted = True
        if self._looking is None or self._looking.done():
            self._looking = self.hub.loop.create_task(self._look())

    async def _look(self) -> None:
        while self._is_wanted and self._newest is not None:
            self._is_wanted = False
            try:
                new = await self.hub.ask(opened_after, self._newest - OVERLAP, tuple(self._told))
            except Exception as error:  # the database may be away; the next tick asks again
                logger.info("new rooms could not be looked for: %s", error)
                return
            self._told.extend(room.pk for room in new)
            self._newest = max([self._newest or 0, *(room.pk for room in new)])
            self._tell(new, self.listeners)

    def _tell(self, opened: list[Opened], listeners: Iterable[Listener]) -> None:
        for listener in list(listeners):
            heard = self._heard.setdefault(listener, deque(maxlen=4 * OVERLAP))
            new = [room for room in opened if room.pk not in heard and room.standing.is_visible_to(listener.reader)]
            if new:
                heard.extend(room.pk for room in new)
                listener.push(log.event("\n".join(room.text for room in new), name="opened"))

    # --- How many are where ---

    def _sizes_now(self) -> dict[int, int]:
        rooms = [room for room in self.hub.rooms.values() if room.is_open]
        self._standings |= {room.pk: room.standing for room in rooms}
        return {room.pk: room.presence.roster.size for room in rooms}

    def _nowhere(self, rooms: Iterable[int]) -> set[int]:
        """Those in which nobody is any more, here or at another process."""
        return {*rooms} - self.hub.rooms.keys() - self.hub.elsewhere.rooms.keys()

    def _tell_sizes(self, sizes: dict[int, int], listeners: Collection[Listener]) -> None:
        if not sizes:
            return
        encodings = {listener.encoding for listener in listeners}
        parts = {each: {room: render_size(room, size, each) for room, size in sizes.items()} for each in encodings}
        for listener in list(listeners):
            shown = [part for room, part in parts[listener.encoding].items() if self._may_know(listener, room)]
            if shown:
                listener.push(log.event(PLACE.format("".join(shown))))

    def _may_know(self, listener: Listener, room_id: int) -> bool:
        return self._standings[room_id].is_visible_to(listener.reader)


def render_size(room_id: int, size: int, encoding: str) -> str:
    """The same part that a list renders."""
    with translation.override(encoding):
        return render_to_string("rooms/_presence.html#size", {"room_id": room_id, "size": size}).strip()
