"""A room, as a page shows it beside its post."""

import uuid
from typing import Any

from accounts.models import User
from rooms.forms import LineForm
from rooms.live import roster_of
from rooms.models import Level, Membership, Room
from rooms.querysets import Reader
from rooms.reading import Unread
from rooms.window import Window

ROOM = "rooms/room_detail.html"
# How often a page tells how far it was read: in seconds, longer where so many read that this would be most of the work.
MARKS_EVERY, MARKS_A_SECOND = 2, 50


def room_context(room: Room, window: Window, unread: Unread | None, reader: Reader) -> dict[str, Any]:
    """What `rooms/room_detail.html` needs besides the request's own."""
    roster = roster_of(room.pk)
    return {
        "room": room,
        "membership": Membership.of(room, reader),
        "levels": Level,
        "window": window,
        "unread": unread,
        "shows_people": reader.is_authenticated,
        "form": LineForm(),
        "client_id": uuid.uuid4(),
        "marks_every": max(MARKS_EVERY, roster.members // MARKS_A_SECOND),
        "roster": roster.as_told_to(getattr(reader, "kept_out_by", ())),
        "folded": reader.folded if isinstance(reader, User) else (),
        "is_kept_out": isinstance(reader, User) and room.owner_id in reader.kept_out_by and not reader.is_staff,
    }
