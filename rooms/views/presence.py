"""Being in a room, and writing there."""

import re

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from cobra.http import MemberRequest, Request
from rooms import attendance, typing
from rooms.models import Room
from rooms.standing import Reader


@require_POST
def room_presence(request: MemberRequest, post_id: int) -> HttpResponse:
    """I am here, for as long as `rooms.presence.GRACE`; `typing=1` or `0`: I am writing something, or have stopped.

    Nothing is stored, and whoever could not say a line is not told of either.
    """
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=post_id)
    is_typing = request.POST.get("typing", "")
    if is_typing not in ("", "0", "1"):
        raise BadRequest("typing is 1 or 0")
    attendance.beat(room.pk, request.user)
    if is_typing and room.is_open_to(request.user):
        typing.tell(room.pk, request.user, is_typing=is_typing == "1")
    return HttpResponse(status=204)


@login_not_required
@require_POST
def room_beat(request: Request, post_id: int) -> HttpResponse:
    """A page whose stream is held at the edge is before somebody (here-beat.js). `guest`: a name it has given itself,
    by which who is counted and not named is counted once."""
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=post_id)
    guest = request.POST.get("guest", "")
    if not re.fullmatch(r"[0-9a-z]{8,16}", guest):
        raise BadRequest("guest is a short name")
    attendance.beat_at_edge(room.pk, Reader.of(request.user), get_language() or "", guest)
    return HttpResponse(status=204)
