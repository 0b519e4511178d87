"""What a stream tells a person besides the room: how much waits in their inbox, and in the rooms they take part in."""

import asyncio
import logging
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Count
from django.template.loader import render_to_string
from django.utils import translation
from django_eventstream.views import get_listener_manager

from accounts.doorbell import SIGN_IN, channel_of
from accounts.models import Notification
from rooms import log
from rooms.listener import Listener
from rooms.reading import counts_in
from rooms.tap import Tap
from rooms.unread_rooms import AT_ONCE, Counts, UnreadRooms

if TYPE_CHECKING:
    from rooms.live import Hub

logger = logging.getLogger(__name__)

LATER = 2  # seconds after which those who could not be counted are tried again
SOON = 0.2  # seconds in which those who come and those who are rung for are counted together


def unread_counts(person_ids: list[int]) -> dict[int, int]:
    unread = Notification.objects.unread().for_inbox().order_by().filter(recipient__in=person_ids)
    return dict(unread.values_list("recipient").annotate(n=Count("pk")))


class Inboxes:
    """Everybody with a stream in this process, by person; a doorbell or a new stream has their inbox counted.

    Changed on the event loop only.
    """

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self.unread_rooms = UnreadRooms(hub, self._tell_of_rooms)
        self.roomless: set[Listener] = set()
        self._listeners: defaultdict[int, set[Listener]] = defaultdict(set)
        self._taps: dict[int, Tap] = {}
        self._wanted: set[int] = set()
        self._told: dict[int, int] = {}  # how many, to all of a person's streams
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def enter(self, listener: Listener) -> None:
        """Count a stream in; what waits is told it soon, since its page may be from a while ago."""
        if (person_id := listener.reader.person_id) is None:
            return
        self._listeners[person_id].add(listener)
        if person_id not in self._taps:
            tap = self._taps[person_id] = Tap(channel_of(person_id), lambda what: self._rung(person_id, what))
            get_listener_manager().add_listener(tap)
        self._told.pop(person_id, None)
        self.ask(person_id)

    def leave(self, listener: Listener) -> None:
        person_id = listener.reader.person_id
        if person_id is None or person_id not in self._listeners:
            return
        self._listeners[person_id].discard(listener)
        if not self._listeners[person_id]:
            del self._listeners[person_id]
            self._told.pop(person_id, None)
            get_listener_manager().remove_listener(self._taps.pop(person_id))
            self.unread_rooms.forget(person_id)

    def online(self) -> list[int]:
        """Who has a stream open and is seen at all; from any thread."""
        held = [list(listeners) for listeners in list(self._listeners.values())]
        readers = [listeners[0].reader for listeners in held if listeners]
        return [reader.person_id for reader in readers if reader.person_id is not None and not reader.is_unseen]

    def _rung(self, person_id: int, what: int) -> None:
        if what == SIGN_IN:  # at once, before anything more is told; connecting again says why
            for listener in list(self._listeners.get(person_id, ())):
                listener.end()
        self.ask(person_id)

    def ask_all(self) -> None:
        """Count everybody's: bells may have rung that were not heard here."""
        for person_id in self._listeners:
            self.ask(person_id)

    def ask(self, person_id: int) -> None:
        """Count this person's inbox soon."""
        self._wanted.add(person_id)
        self._start_in(SOON)

    def _start_in(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = self.hub.loop.call_later(seconds, self._start)

    def _start(self) -> None:
        self._timer = None
        task = self.hub.loop.create_task(self._tell())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self) -> None:
        wanted, self._wanted = list(self._wanted), set()
        try:
            while some := wanted[:AT_ONCE]:
                counts, rooms = await self.hub.ask(unread_counts, some), await self.hub.ask(counts_in, some)
                for person_id in some:
                    self._tell_one(person_id, counts.get(person_id, 0), rooms[person_id])
                wanted = wanted[AT_ONCE:]
        except Exception as error:  # the database may be away
            logger.info("inboxes could not be counted: %s", error)
            self._wanted.update(wanted)
            self._start_in(LATER)

    def _tell_one(self, person_id: int, count: int, rooms: Counts) -> None:
        listeners = list(self._listeners.get(person_id, ()))
        if listeners and self._told.get(person_id) != count:
            self._told[person_id] = count
            for listener in listeners:
                listener.push(log.event(render_count(count, listener.encoding)))
        if listeners:
            self.unread_rooms.learn(person_id, rooms)

    def _tell_of_rooms(self, person_id: int, message: str) -> None:
        for listener in list(self._listeners.get(person_id, ())):
            if listener.encoding != log.JSON:
                listener.push(log.event(message, name="unread"))

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        for tap in self._taps.values():
            get_listener_manager().remove_listener(tap)
        self._listeners.clear()  # a stream that ends only after this finds nothing to leave
        self.unread_rooms.close()


@lru_cache(maxsize=256)
def render_count(count: int, encoding: str) -> str:
    """The same part that a page renders, with word of where it goes."""
    with translation.override(encoding):
        html = render_to_string("components/_inbox_count.html", {"n": count}).strip()
    return f'<hx-partial hx-target="#inbox-count" hx-swap="innerHTML">{html}</hx-partial>'
