"""A room somebody listens to, in this process: woken by a doorbell, it reads its log once for everybody."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django_eventstream.event import Event
from django_eventstream.views import Listener as Tapped
from django_eventstream.views import get_listener_manager

from rooms import log
from rooms.doorbell import channel_of
from rooms.listener import Listener
from rooms.models import Line
from rooms.presence import Presence, Roster
from rooms.standing import Reader, Standing

if TYPE_CHECKING:
    from rooms.live import Hub

logger = logging.getLogger(__name__)

RING = 64  # rows kept rendered a room: a reconnect seldom touches the database
MOST_MISSED = 200  # rows; who lacks more fetches the page anew
PRESENCE_GAP = 3  # seconds at least between two tellings of who is here


class RoomGone(Exception):
    """There is no such room (any more)."""


class Entry:
    """A row of the log with its fragment in each encoding somebody listens in, made when first wanted."""

    __slots__ = ("_fragments", "line")

    def __init__(self, line: Line) -> None:
        self.line = line
        self._fragments: dict[str, str] = {}

    def fragment(self, encoding: str) -> str:
        if (html := self._fragments.get(encoding)) is None:
            html = self._fragments[encoding] = log.render_line(self.line, encoding)
        return html

    def has(self, encoding: str) -> bool:
        return encoding in self._fragments


class Tap(Tapped):
    """The one listener of a room on django-eventstream's ListenerManager in this process."""

    channel_items: dict[str, list[Event]]

    def __init__(self, room_id: int, ring: Callable[[int], object]) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.channels = {channel_of(room_id)}
        self._ring = ring

    def wake_threadsafe(self) -> None:
        """Called in the thread that said the line, under the manager's lock."""
        rung, self.channel_items = self.channel_items, {}
        version = max((int(event.id) for events in rung.values() for event in events), default=0)
        self.loop.call_soon_threadsafe(self._ring, version)


class LiveRoom:
    """A room somebody listens to, in this process."""

    def __init__(self, hub: "Hub", room_id: int) -> None:
        self.hub = hub
        self.pk = room_id
        self.listeners: set[Listener] = set()
        self.awaited_by = 0  # listeners that wait for it to open
        self.presence = Presence()
        self._standing: Standing | None = None
        self.ring: dict[int, Entry] = {}  # by line, in order of change
        self.floor = 0  # the ring has every row above this version
        self.opening = hub.loop.create_task(self._open())
        self.reading: asyncio.Task[None] | None = None
        self.rung = 0  # the greatest version a doorbell told
        self.presence_timer: asyncio.TimerHandle | None = None
        self._told: tuple[Roster, dict[tuple[str, bool], bytes]] = (Roster(), {})
        self.tap = Tap(room_id, self.wake)
        get_listener_manager().add_listener(self.tap)

    @property
    def is_open(self) -> bool:
        """Has the log been read at all?"""
        return self._standing is not None

    @property
    def standing(self) -> Standing:
        if self._standing is None:
            raise RoomGone(self.pk)
        return self._standing

    @property
    def version(self) -> int:
        return self._standing.position.version if self._standing else 0

    async def _open(self) -> None:
        reading = await self.hub.ask(log.read_tail, self.pk, RING)
        if reading is None:
            raise RoomGone(self.pk)
        self._standing = reading.standing
        self.floor = reading.lines[0].version - 1 if len(reading.lines) == RING else 0
        self.ring = {line.pk: Entry(line) for line in reading.lines}
        if self.rung > self.version:
            self.wake(self.rung)

    # --- New rows ---

    def wake(self, version: int) -> None:
        """The log has reached `version`: read it, once for everybody. Bells that ring meanwhile mean once more."""
        self.rung = max(self.rung, version)
        if self.is_open and self.rung > self.version and self.reading is None:
            self.reading = self.hub.loop.create_task(self._read())

    async def _read(self) -> None:
        pause = 0.1
        try:
            while self.rung > self.version:
                try:
                    await self._read_once()
                    pause = 0.1
                except Exception as error:  # the database may be away for any reason; the log stays there to be read
                    if pause == 0.1:
                        logger.warning("room %s could not be read, trying again: %s", self.pk, error)
                    await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311  jitter
                    pause = min(pause * 2, 2.0)
        finally:
            self.reading = None

    async def _read_once(self) -> None:
        encodings = {listener.encoding for listener in self.listeners}
        reading, entries = await self.hub.ask(_read_rendered, self.pk, self.version, encodings)
        if reading is None:
            self.end(self.listeners)
            return
        self.rung = max(self.rung, reading.standing.position.version)
        self.take(reading.standing, entries)

    def take(self, standing: Standing, entries: "list[Entry]") -> None:
        """Move to where the log was read, and tell everybody who is live what came. No await in here."""
        before = self.standing
        if before.position.epoch == standing.position.epoch and standing.position.version < self.version:
            return  # an older read that came in late
        self._standing = standing
        if before.position.epoch != standing.position.epoch:
            self.reset()
            return
        for entry in entries:  # a changed line moves to the end, and its old text is in the ring no more
            self.ring.pop(entry.line.pk, None)
            self.ring[entry.line.pk] = entry
        while len(self.ring) > RING:
            oldest = next(iter(self.ring))
            self.floor = self.ring.pop(oldest).line.version
        if before.audience() != standing.audience():
            self.hub.loop.create_task(self.hub.ask_again(self))
        self._fan_out(before.position.version, entries)

    def _fan_out(self, version: int, entries: "list[Entry]") -> None:
        position = self.standing.position
        messages: dict[str, bytes] = {}
        for listener in list(self.listeners):
            if not listener.is_live or listener.cursor >= position.version:
                continue
            if listener.cursor != version:  # caught up from the database to somewhere in between
                listener.push(self.message(entries, listener))
            else:
                if (message := messages.get(listener.encoding)) is None:
                    message = messages[listener.encoding] = self.message(entries, listener)
                listener.push(message)
            listener.cursor = position.version

    def message(self, entries: "Iterable[Entry]", listener: Listener) -> bytes:
        """One message of all entries the listener lacks; its id is where this room's log stands."""
        fragments = [entry.fragment(listener.encoding) for entry in entries if entry.line.version > listener.cursor]
        return log.lines_event(fragments, self.standing.position) if fragments else b""

    # --- Listeners ---

    def visible_to(self, reader: Reader) -> bool:
        return self.is_open and self.standing.is_visible_to(reader)

    async def admit(self, listener: Listener, cursor: str) -> None:
        """Bring a new listener from its cursor to the room's version, then count it in. `cursor` may be empty: now.

        Between the last comparison and going live nothing is awaited, so nothing is missed and nothing comes twice.
        """
        known = await self._known(cursor)
        while known is not None:
            listener.cursor = known
            entries = [entry for entry in self.ring.values() if entry.line.version > known]
            if known < self.floor:
                known = await self._from_database(listener, known)
            elif all(entry.has(listener.encoding) for entry in entries):
                break
            else:  # off the loop: the first listener in a language may be about to get a whole ring
                await self.hub.ask(_render, entries, listener.encoding)
        if known is None:
            self._reset_one(listener)
        else:
            listener.push(self.message(entries, listener))
            # The database may have been ahead of what the room had read: that must not come again.
            listener.cursor = max(known, self.version)
        listener.is_live = True
        self.wake(self.rung)

    async def _known(self, cursor: str) -> int | None:
        """The version a cursor stands for; None when it is not one of this log."""
        if cursor and log.is_ahead(cursor, self.standing.position):
            await self._read_once()  # the page was rendered before the bell of what it shows reached us
        position = self.standing.position
        return log.cursor_in(cursor, position) if cursor else position.version

    async def _from_database(self, listener: Listener, cursor: int) -> int | None:
        """Send what is older than the ring; where the listener stands then, or None when it lacks too much."""
        reading, entries = await self.hub.ask(_read_rendered, self.pk, cursor, {listener.encoding}, MOST_MISSED + 1)
        if reading is None or len(entries) > MOST_MISSED:
            return None
        position = reading.standing.position
        if entries:
            listener.push(log.lines_event([entry.fragment(listener.encoding) for entry in entries], position))
        return position.version

    def _reset_one(self, listener: Listener) -> None:
        listener.push(log.event("-", name="reset", event_id=log.cursor_of(self.standing.position)))
        listener.cursor = self.version

    def reset(self) -> None:
        """Another log under the same address: every page fetches its window anew."""
        self.ring, self.floor = {}, self.version
        for listener in list(self.listeners):
            self._reset_one(listener)

    def end(self, listeners: Iterable[Listener]) -> None:
        for listener in list(listeners):
            listener.end()

    # --- Who is here ---

    def enter(self, listener: Listener) -> None:
        self.listeners.add(listener)
        if self.presence.enter(listener.reader):
            self.tell_presence()

    def leave(self, listener: Listener) -> None:
        if listener in self.listeners:
            self.listeners.discard(listener)
            if self.presence.leave(listener.reader):
                self.tell_presence()

    def tell_presence(self) -> None:
        """Soon, and at most once in `PRESENCE_GAP`."""
        if self.presence_timer is None:
            self.presence_timer = self.hub.loop.call_later(PRESENCE_GAP, self._tell_presence)

    def _tell_presence(self) -> None:
        self.presence_timer = None
        for listener in list(self.listeners):
            if listener.is_live:
                listener.push(self.presence_message(listener))

    def presence_message(self, listener: Listener) -> bytes:
        """Who is here, as this listener may know it; without an id, since it is no row of the log."""
        roster = self.presence.roster
        if self._told[0] != roster:
            self._told = (roster, {})
        key = (listener.encoding, listener.reader.person_id is not None)
        if (message := self._told[1].get(key)) is None:
            html = log.render_presence(roster, listener.encoding, for_member=key[1])
            message = self._told[1][key] = log.event(html)
        return message

    def close(self) -> None:
        self.opening.cancel()
        if self.presence_timer:
            self.presence_timer.cancel()
        get_listener_manager().remove_listener(self.tap)


def _read_rendered(
    room_id: int, cursor: int, encodings: Iterable[str], limit: int | None = None
) -> tuple[log.Reading | None, list[Entry]]:
    reading = log.read_after(room_id, cursor, limit)
    entries = [Entry(line) for line in reading.lines] if reading else []
    for encoding in encodings:
        _render(entries, encoding)
    return reading, entries


def _render(entries: list[Entry], encoding: str) -> None:
    for entry in entries:
        entry.fragment(encoding)
