"""Taking part in a room, and how far somebody has read."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from cobra.http import MemberRequest, came_from, fragment, is_partial
from rooms.models import Level, Membership, Room

LONGEST = 18  # digits


@require_POST
def room_membership(request: MemberRequest, post_id: int) -> HttpResponse:
    """`member=1` or `0`, or `level=…`, which takes part too: the wanted state, so that a double click is harmless."""
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=post_id)
    level, wanted = request.POST.get("level"), request.POST.get("member", "1")
    if (level and level not in Level) or wanted not in ("0", "1"):
        raise BadRequest("member is 0 or 1, level one of the levels")
    if wanted == "0":
        room.leave(by=request.user)
    else:
        room.take_part(by=request.user, level=Level(level) if level else None)
    if is_partial(request):
        context = {"room": room, "membership": Membership.of(room, request.user), "levels": Level}
        return fragment(request, "rooms/_membership.html", context)
    return HttpResponseRedirect(came_from(request, room.get_absolute_url()), status=303)


@require_POST
def room_read(request: MemberRequest, post_id: int) -> HttpResponse:
    """`seq`: every line up to this one is read; `lines`, ids with commas between: so are these.

    With neither the page was only seen.
    """
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=post_id)
    numbers = [request.POST.get("seq") or "0", *filter(None, request.POST.get("lines", "").split(","))]
    if not all(number.isdecimal() and len(number) <= LONGEST for number in numbers):
        raise BadRequest("seq and lines are numbers")
    seq, *lines = map(int, numbers)
    room.read(by=request.user, up_to=seq, lines=lines)
    if is_partial(request):
        return HttpResponse(status=204)
    return HttpResponseRedirect(came_from(request, room.get_absolute_url()), status=303)
