"""Ringing for a room through django-eventstream: a push says only that the log has reached a version.

The package's own stream view, log table and Redis reader are not used (it would keep a thread and a database connection
for every listener, and drop events past ten); its send_event(), ListenerManager, storage and channel manager are.
"""

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from django.db import transaction
from django_eventstream.channelmanager import ChannelManagerBase
from django_eventstream.event import Event
from django_eventstream.storage import StorageBase

from cobra import bus

if TYPE_CHECKING:
    from rooms.models import Line
    from rooms.standing import Standing

KEPT = 32  # changes a room
LOBBY = "lobby"  # the channel of rooms that were opened


class Change(NamedTuple):
    """A row that has changed and where the room stands with it: what a read of the log at its version would give."""

    line: "Line"
    standing: "Standing"


# By room, for those somebody listens to in this process: most changes are made where they are listened to, and need
# not be read back from the database.
_kept: dict[int, deque[Change]] = {}


def channel_of(room_id: int) -> str:
    return f"room-{room_id}"


def listen(room_id: int) -> None:
    """From now on the room's changes are kept."""
    _kept[room_id] = deque(maxlen=KEPT)


def listen_no_more(room_id: int) -> None:
    _kept.pop(room_id, None)


def changes_after(room_id: int, version: int) -> list[Change]:
    """What came right after `version`, without a gap. Nothing when the log has to be read."""
    kept: dict[int, Change] = {}
    for change in reversed(list(_kept.get(room_id, ()))):
        if change.line.version <= version:
            break
        kept.setdefault(change.line.version, change)  # the newest, where the log has begun anew
    changes: list[Change] = []
    while next_one := kept.get(version + len(changes) + 1):
        changes.append(next_one)
    return changes


def ring(room_id: int, version: int, change: Change | None = None) -> None:
    """Tell whoever listens in this process that the room's log has reached `version`."""
    if change and (kept := _kept.get(room_id)) is not None:
        kept.append(change)
    bus.ring_here(bus.Bell(channel_of(room_id), str(version)))


def ring_on_commit(room_id: int, version: int, change: Change | None = None) -> None:
    """Ring, here and in the other processes, once the change is there to be read.

    A failing bell makes a line late (the clock finds it), never lost.
    """
    bus.tell_others(bus.Bell(channel_of(room_id), str(version)))
    transaction.on_commit(partial(ring, room_id, version, change), robust=True)


def announce_on_commit(room_id: int) -> None:
    """Tell the lists that a room was opened, once whatever belongs to it is there too."""
    bell = bus.Bell(LOBBY, str(room_id))
    bus.tell_others(bell)
    transaction.on_commit(partial(bus.ring_here, bell), robust=True)


class LogStorage(StorageBase):
    """The log is the Line table, so nothing is stored here: the event's id is the version that rang."""

    def append_event(self, channel: str, event_type: str, data: Any) -> Event:
        return Event(channel, event_type, "", id=int(data))

    def get_events(self, channel: str, last_id: int, limit: int = 100) -> NoReturn:
        raise NotImplementedError("Rooms are read through rooms.stream.")

    def get_current_id(self, channel: str) -> NoReturn:
        raise NotImplementedError("Rooms are read through rooms.stream.")


class RoomChannels(ChannelManagerBase):
    """Closed by default: nobody reads a channel except through rooms.stream, which asks `visible_to`."""

    def get_channels_for_request(self, request: Any, view_kwargs: Any) -> set[str]:
        return set()

    def can_read_channel(self, user: Any, channel: str) -> bool:
        return False

    def is_channel_reliable(self, channel: str) -> bool:
        return not channel.startswith("typing-")
