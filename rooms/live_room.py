"""A room somebody listens to, in this process: woken by a doorbell, it reads its log once for everybody."""

import asyncio
import logging
import random
from collections.abc import Iterable
from contextlib import suppress
from contextvars import Context
from typing import TYPE_CHECKING

from django_eventstream.views import get_listener_manager

from rooms import doorbell, log
from rooms.doorbell import channel_of
from rooms.edge_room import EdgeRoom
from rooms.listener import Listener
from rooms.live_presence import LivePresence
from rooms.live_typing import LiveTyping
from rooms.models import Line
from rooms.presence import Presence
from rooms.ring import MOST_MISSED, Ring
from rooms.settling import Settling
from rooms.standing import Reader, RoomGone, Standing
from rooms.tap import Tap

if TYPE_CHECKING:
    from rooms.live import Hub

logger = logging.getLogger(__name__)

FIRST_PAUSE = 0.1  # seconds after a failed read
BREATH = 3  # times as long as telling everybody took, the next telling waits: what is said meanwhile goes out together


class LiveRoom:
    """A room somebody listens to, in this process."""

    def __init__(self, hub: "Hub", room_id: int) -> None:
        self.hub = hub
        self.pk = room_id
        self.listeners: set[Listener] = set()
        self.awaited_by = 0  # listeners that wait for it to open
        self._standing: Standing | None = None
        self.ring = Ring(hub, self._read_tail)
        self._replays: dict[str, tuple[int, bytes]] = {}  # by encoding: the last one made, from which cursor
        self._telling = 0.0  # seconds that it took last
        # Kept for as long as the room: in a context of its own, not that of the request which made it live.
        self.opening = hub.loop.create_task(self._open(), context=Context())
        self.reading: asyncio.Task[None] | None = None
        self.rung = 0  # the greatest version a doorbell told
        self._bell = asyncio.Event()
        self._settling = Settling()
        doorbell.listen(room_id)
        self.tap = Tap(channel_of(room_id), self.wake)
        get_listener_manager().add_listener(self.tap)
        self.who = LivePresence(self)
        self.typing = LiveTyping(self)
        self.edge = EdgeRoom(self, hub.edge) if hub.edge else None

    @property
    def presence(self) -> Presence:
        return self.who.here

    @property
    def is_empty(self) -> bool:
        """Does nobody listen here, or wait to, or has been here lately?"""
        return not (
            self.listeners or self.awaited_by or not self.presence.is_empty or (self.edge and self.edge.is_kept)
        )

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
        reading = await self._read_tail(self.ring.depth)
        self._standing = reading.standing
        self.ring.fill(reading)
        self.hub.members.somebody_came = True  # to a room that the last comparison may have left out
        self.tap.forget()
        if self.edge:
            self.edge.opened_at = self.version
        if self.rung > self.version:
            self.wake(self.rung)

    async def _read_tail(self, count: int) -> log.Reading:
        reading = await self.hub.ask(log.read_tail, self.pk, count)
        if reading is None:
            raise RoomGone(self.pk)
        return reading

    # --- New rows ---

    def wake(self, version: int) -> None:
        """The log has reached `version`: read it, once for everybody. Bells that ring meanwhile mean once more."""
        self.rung = max(self.rung, version)
        self._bell.set()
        if self.is_open and self.rung > self.version and self.reading is None:
            self.reading = self.hub.loop.create_task(self._read())

    async def _read(self) -> None:
        pause = FIRST_PAUSE
        try:
            while self.rung > self.version:
                try:
                    self._bell.clear()
                    reading = await self._lacked(from_log=pause > FIRST_PAUSE)
                    if reading and (rest := self._settling.rest_of(reading.lines, self.version)) > 0:
                        await self._bell_within(rest)
                        continue
                    self._hear(reading)
                    await asyncio.sleep(max(self._telling * BREATH, self.edge.breath if self.edge else 0))
                    pause = FIRST_PAUSE
                except Exception as error:  # the database may be away for any reason; the log stays there to be read
                    if pause == FIRST_PAUSE:
                        logger.warning("room %s could not be read, trying again: %s", self.pk, error)
                    await asyncio.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311  jitter
                    pause = min(pause * 2, 2.0)
        finally:
            self.reading = None

    async def _lacked(self, *, from_log: bool = False) -> log.Reading | None:
        """What the log has that this room has not, rendered; None when there is no such room any more."""
        encodings = {*(log.ENCODINGS if self.edge else ()), *(listener.encoding for listener in self.listeners)}
        # For bots the log is read: their lines show what a change does not bring along (the author's picture).
        from_log = from_log or log.JSON in encodings
        if not from_log and (changes := doorbell.changes_after(self.pk, self.version)):
            lines = [change.line for change in changes]
            log.render(lines, encodings)  # here: it takes a tenth of a millisecond, less than changing threads
            return log.Reading(changes[-1].standing, lines)
        rung = self.rung
        reading = await self.hub.ask(log.read_rendered, self.pk, self.version, encodings)
        if self.rung == rung:  # nothing rang meanwhile, so the log is right and not the bell (of another epoch)
            self.rung = reading.standing.position.version if reading else self.version
        return reading

    def _hear(self, reading: log.Reading | None) -> None:
        if reading is None:
            self.rung = self.version
            self.end_all()
            return
        self.take(reading.standing, reading.lines)

    async def _bell_within(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()

    def take(self, standing: Standing, lines: list[Line]) -> None:
        """Move to where the log was read, and tell everybody who is live what came. No await in here."""
        before = self.standing
        if before.position.epoch == standing.position.epoch and standing.position.version < self.version:
            return  # an older read that came in late
        self._standing = standing
        if before.audience() != standing.audience():  # before anything is told
            self.end_unseen()
            self.hub.start(self.hub.clock.check_people())
            if self.edge:
                self.edge.end_all()
        if before.position.epoch != standing.position.epoch:
            self.reset()
            return
        self.ring.put(lines)
        self._replays.clear()
        self.typing.forget_authors_of(lines)
        began = self.hub.loop.time()
        self._fan_out(before.position.version, lines)
        if self.edge:
            self.edge.told(before.position.version, lines)
        self.tap.told(self.version)
        self._telling = self.hub.loop.time() - began
        self._settling.told(lines)

    def _fan_out(self, version: int, lines: list[Line]) -> None:
        position = self.standing.position
        messages: dict[str, bytes] = {}
        for listener in list(self.listeners):
            if not listener.is_live or listener.cursor >= position.version:
                continue
            if listener.cursor != version:  # caught up from the database to somewhere in between
                listener.push(self.message(lines, listener))
            else:
                if (message := messages.get(listener.encoding)) is None:
                    message = messages[listener.encoding] = self.message(lines, listener)
                listener.push(message)
            listener.cursor = position.version

    def message(self, lines: Iterable[Line], listener: Listener) -> bytes:
        """One message of all lines the listener lacks; its id is where this room's log stands."""
        lacked = [line for line in lines if line.version > listener.cursor]
        return log.told(lacked, listener.encoding, listener.cursor, self.standing.position)

    # --- Listeners ---

    def visible_to(self, reader: Reader) -> bool:
        return self.is_open and self.standing.is_visible_to(reader)

    async def admit(self, listener: Listener, cursor: str) -> None:
        """Bring a new listener from its cursor to the room's version, then count it in. `cursor` may be empty: now.

        Between the last comparison and going live nothing is awaited, so nothing is missed and nothing comes twice.
        """
        known = await self.reach(cursor, listener.encoding)
        if known is None:
            self._reset_one(listener)
        else:
            listener.cursor = known
            listener.push(self._replay(listener))
            listener.cursor = self.version
        listener.is_live = True
        self.wake(self.rung)

    async def reach(self, cursor: str, encoding: str, most: int = MOST_MISSED) -> int | None:
        """The version that a cursor stands for, with all rows above it at hand and rendered. None when the page is to
        be fetched anew: the cursor is not one of this log, or more than `most` rows are lacking."""
        known = await self._known(cursor)
        epoch = self.standing.position.epoch
        is_reached = known is not None and await self.ring.reaches(known, encoding, most)
        return known if is_reached and self.standing.position.epoch == epoch else None

    async def _known(self, cursor: str) -> int | None:
        """The version a cursor stands for; None when it is not one of this log."""
        if cursor and log.is_ahead(cursor, self.standing.position):
            # The page was rendered before the bell of what it shows reached us; of that we may keep the beginning only.
            self._hear(await self._lacked(from_log=True))
        position = self.standing.position
        return log.cursor_in(cursor, position) if cursor else position.version

    def _replay(self, listener: Listener) -> bytes:
        """What the listener lacks; after a restart thousands come back with the same cursor."""
        cursor, message = self._replays.get(listener.encoding, (-1, b""))
        if cursor != listener.cursor:
            message = self.message(self.ring.after(listener.cursor), listener)
            self._replays[listener.encoding] = (listener.cursor, message)
        return message

    def forget_what_was_missed(self) -> None:
        """Called by the clock."""
        if self.ring.is_deep_in_vain:
            self.ring.grow_shallow()
            self._replays.clear()

    def _reset_one(self, listener: Listener) -> None:
        listener.push(log.reset(self.standing.position))
        listener.cursor = self.version

    def reset(self) -> None:
        """Another log under the same address: every page fetches its window anew."""
        doorbell.listen(self.pk)  # the changes that were kept are of the log that is no more
        self.ring.begin_anew(self.standing.position)
        self.tap.forget()
        self._replays.clear()
        for listener in list(self.listeners):
            self._reset_one(listener)
        if self.edge:
            self.edge.begin_anew()

    def end(self, listeners: Iterable[Listener]) -> None:
        for listener in list(listeners):
            listener.end()

    def end_unseen(self) -> None:
        """Of those who may not read the room: connecting again tells them why."""
        self.end(listener for listener in self.listeners if not self.visible_to(listener.reader))

    def end_all(self) -> None:
        self.end(self.listeners)
        if self.edge:
            self.edge.end_all()

    # --- Who is here ---

    def enter(self, listener: Listener) -> None:
        self.listeners.add(listener)
        self.hub.members.enter(listener)
        self.presence.enter(listener.reader)
        self.who.tell()

    def leave(self, listener: Listener) -> None:
        if listener in self.listeners:
            self.listeners.discard(listener)
            self.hub.members.leave(listener)
            self.presence.leave(listener.reader)
            self.who.tell()

    def close(self) -> None:
        for task in filter(None, (self.opening, self.reading)):
            task.cancel()
        self.who.close()
        get_listener_manager().remove_listener(self.tap)
        self.typing.close()
        doorbell.listen_no_more(self.pk)
