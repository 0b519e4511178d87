"""A room, as a page shows it beside its post."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.models import User
from cobra.errors import Refusal
from cobra.http import MemberRequest, fragment, sentence
from cobra.searches import count_search
from rooms.attendance import roster_of
from rooms.callees import people_to_call
from rooms.forms import LineForm
from rooms.models import WORDS, Level, Membership, Room
from rooms.querysets import Reader, folded_for
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
        "words": WORDS,
        "form": LineForm(),
        "client_id": uuid.uuid4(),
        "marks_every": max(MARKS_EVERY, roster.members // MARKS_A_SECOND),
        "roster": roster.as_told_to(getattr(reader, "kept_out_by", ())),
        "folded": folded_for(reader),
        # While the room is closed, its page hides what a verdict is against, and shows it when it is open again.
        "may_write": isinstance(reader, User) and room.is_open_to(reader, though_closed=True),
        "is_kept_out": isinstance(reader, User) and room.owner_id in reader.kept_out_by and not reader.is_staff,
    }


@require_safe
def room_people(request: MemberRequest, post_id: int) -> HttpResponse:
    """`?q=`: whom what is typed after an @ may be the beginning of; without it those who talk here."""
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=post_id)
    try:
        count_search(request.user.pk)
    except Refusal as refusal:
        return sentence(str(refusal), status=refusal.status, headers=refusal.headers)
    people = people_to_call(request.GET.get("q", "")[:20], room=room, reader=request.user)
    return fragment(request, "rooms/_people.html", {"people": people})
