"""Streams that Pushpin holds: what this process knows of them, and what it tells there (`cobra.grip`).

A held stream has no task and no connection here. What keeps a room live in a process are the streams that it has
answered, the pages that say there that somebody is still before them, and what is said there.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F
from django.utils import timezone

from accounts.doorbell import SIGN_IN
from cobra import bus, grip
from rooms import log
from rooms.edge_room import KEPT, MOST_TOLD, gone_channel, person_channel
from rooms.listener import Listener
from rooms.live_room import LiveRoom
from rooms.models import Line, RoomVersion
from rooms.presence import GRACE, Person
from rooms.standing import Reader, RoomGone

if TYPE_CHECKING:
    from rooms.live import Hub

logger = logging.getLogger(__name__)

AGAIN = 2  # seconds after which what could not be read is tried again
# Seconds: what changed so shortly before this process came up may not have been told. Shorter than Pushpin's
# id_cache_ttl, so that what was is not written twice.
JUST_BEFORE = 50
MOST_ROOMS, MOST_LINES = 500, 1_000  # of those
LATELY = 70  # seconds: a page that is before somebody says so every 30
PATIENCE = 1  # second that the last items are given


class HeldReader(Listener):
    """Somebody's held streams of a room in one encoding: what is pushed is told there, and `end` ends them."""

    __slots__ = ("_edge", "room_id", "until")

    def __init__(self, edge: "Edge", room_id: int, reader: Reader, encoding: str) -> None:
        super().__init__(_nowhere, reader, encoding)
        self._edge, self.room_id = edge, room_id
        self.until = 0.0

    @property
    def channel(self) -> str:
        return person_channel(self.reader.person_id or 0, self.room_id, self.encoding)

    def push(self, data: bytes) -> None:
        self._edge.publish([grip.told(self.channel, data.decode())])

    def end(self) -> None:
        if not self.ended.done():
            super().end()
            self._edge.publish([grip.closing(self.channel)])


async def _nowhere(_message: Mapping[str, Any]) -> None:
    """They have no connection here."""


class Edge:
    """One a hub, used on its loop."""

    def __init__(self, hub: "Hub", there: grip.Proxy) -> None:
        self.hub = hub
        self.readers: dict[str, HeldReader] = {}  # by channel
        self._in_rooms: defaultdict[int, set[HeldReader]] = defaultdict(set)
        self._publisher = grip.Publisher(there)
        bus.overhear(lambda bell: hub.loop.call_soon_threadsafe(self._overheard, bell))
        hub.start(self._begin())

    def publish(self, items: Iterable[grip.Told]) -> None:
        self._publisher.publish(items)

    @property
    def waiting(self) -> int:
        return self._publisher.waiting

    # --- What is rung in this process ---

    def _overheard(self, bell: bus.Bell) -> None:
        kind, _, number = bell.channel.partition("-")
        if kind == "room":
            self._said(int(number), int(bell.data))
        elif kind == "person" and int(bell.data) == SIGN_IN:
            # At once, whether this process knows a stream of theirs or not. They come again, and hear why they may not.
            self.publish([grip.closing(gone_channel(int(number)))])

    def _said(self, room_id: int, version: int) -> None:
        """Tell it, even if nobody is known to listen: another process that is no more may have answered them."""
        room = self.hub.rooms.get(room_id)
        if room is None or not room.is_open:
            self.hub.start(self._open(room_id, version - 1))
        elif room.edge:
            room.edge.keep()

    async def _open(self, room_id: int, version: int) -> None:
        room = await self.hub.open(room_id)
        if room.edge:
            room.edge.keep()
            room.edge.begin(version)

    async def _begin(self) -> None:
        """What was said and changed in a process that was killed before it told."""
        began = self.hub.loop.time()
        while self.hub.loop.time() < began + JUST_BEFORE:
            try:
                for room_id, version in (await self.hub.ask(_changed_just_before)).items():
                    with suppress(RoomGone):
                        await self._open(room_id, version - 1)
                return
            except Exception as error:  # the database may be away
                logger.warning("what changed just before could not be read, trying again: %s", error)
                await asyncio.sleep(AGAIN)

    # --- Whose streams are held ---

    def hold(self, room: LiveRoom, reader: Reader, encoding: str, *, is_new: bool) -> None:
        """A stream of theirs is answered here. Programs do not say that they are there, so they are until asked for."""
        self._know(room, reader, encoding, is_new=is_new)
        if reader.person_id and not reader.is_unseen:
            lasts = KEPT if encoding == log.JSON else GRACE
            room.presence.beat(Person(reader.person_id, reader.nickname), lasts)
            room.who.tell()

    async def beat(self, room_id: int, reader: Reader, encoding: str, guest: str) -> None:
        """A page says that somebody is before it. `guest`: its own name, for who is counted and not named."""
        room = await self.hub.open(room_id)
        self._know(room, reader, encoding)
        if reader.person_id is None or reader.is_unseen:
            room.presence.beat_guest(guest)
        else:
            room.presence.beat(Person(reader.person_id, reader.nickname))
        room.who.tell()

    def _know(self, room: LiveRoom, reader: Reader, encoding: str, *, is_new: bool = False) -> None:
        """Keep the room live, and somebody who has an inbox."""
        if room.edge is None:
            return
        room.edge.keep()
        if reader.person_id is None:
            return
        key = person_channel(reader.person_id, room.pk, encoding)
        held = self.readers.get(key)
        if held is None or held.ended.done():
            self._forget(key)
            held, is_new = HeldReader(self, room.pk, reader, encoding), True
            self.readers[key] = held
            self._in_rooms[room.pk].add(held)
        held.until = self.hub.loop.time() + KEPT
        if is_new or held.reader != reader:
            self.hub.members.leave(held)
            held.reader = reader
            self.hub.members.enter(held)
        if is_new and encoding != log.JSON:
            self.hub.inboxes.enter(held)  # which tells what waits, since the page may be from a while ago

    def _forget(self, key: str) -> None:
        if held := self.readers.pop(key, None):
            self.hub.members.leave(held)
            self.hub.inboxes.leave(held)
            self._in_rooms[held.room_id].discard(held)
            if not self._in_rooms[held.room_id]:
                del self._in_rooms[held.room_id]

    def readers_of(self, room_id: int) -> set[int]:
        """Who has a room before them: their page has said so lately."""
        lately = self.hub.loop.time() + KEPT - LATELY
        held = [held for held in self._in_rooms.get(room_id, ()) if held.encoding != log.JSON and held.until > lately]
        return {each.reader.person_id or 0 for each in held}

    def tidy(self) -> None:
        """Called by the clock: forget whose streams have ended, or must have."""
        now = self.hub.loop.time()
        for key, held in list(self.readers.items()):
            if held.until < now or held.ended.done():
                self._forget(key)

    async def close(self) -> None:
        """The streams stay open; what waits to be told is."""
        bus.overhear(None)
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await asyncio.shield(self.hub.loop.run_in_executor(None, self._publisher.close))


def _changed_just_before() -> dict[int, int]:
    """By room, the first version that may be one of those: of what was only changed the newest, since rows do not say
    when. Who lacks more than it asks for it."""
    since = timezone.now() - timedelta(seconds=JUST_BEFORE)
    changed = RoomVersion.objects.filter(changed_at__gt=since).order_by("-changed_at")
    first = dict(changed.values_list("room", "version")[:MOST_ROOMS])
    tails = Line.objects.filter(room__in=first, version__gt=F("room__position__version") - MOST_TOLD)
    lines = tails.filter(created_at__gt=since).order_by("room", "version")
    for room_id, version in lines.values_list("room", "version")[:MOST_LINES]:
        first[room_id] = min(first[room_id], version)
    return first
