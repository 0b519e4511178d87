"""How the talk in a room goes and ends: its verdict, and slow mode. For the post's author and staff."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from cobra.http import MemberRequest, page
from rooms.forms import SlowModeForm, VerdictForm
from rooms.models import Room


def _own_room(request: MemberRequest, post_id: int) -> Room:
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=post_id)
    if not room.can_be_edited_by(request.user):
        raise PermissionDenied
    return room


def _page(request: MemberRequest, room: Room, form: VerdictForm, pace: SlowModeForm) -> HttpResponse:
    context = {"room": room, "form": form, "pace": pace}
    return page(request, "rooms/room_verdict.html", context, status=422 if form.errors or pace.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def room_verdict(request: MemberRequest, post_id: int) -> HttpResponse:
    """`verdict=solved`, `settled` or `on_hold` with a sentence (`text`) closes the room; `verdict=open` opens it."""
    room = _own_room(request, post_id)
    form = VerdictForm(
        request.POST if request.method == "POST" else None, initial={"verdict": room.verdict, "text": room.verdict_text}
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, room, form, SlowModeForm(initial={"seconds": room.slow_seconds}))
    if form.cleaned_data["verdict"]:
        room.close(by=request.user, **form.cleaned_data)
    else:
        room.reopen(by=request.user)
    return redirect(room)


@require_POST
def room_slow_mode(request: MemberRequest, post_id: int) -> HttpResponse:
    """`seconds` between two lines of one person; 0 ends slow mode."""
    room = _own_room(request, post_id)
    pace = SlowModeForm(request.POST)
    if not pace.is_valid():
        return _page(request, room, VerdictForm(initial={"verdict": room.verdict, "text": room.verdict_text}), pace)
    room.slow_down(by=request.user, seconds=pace.cleaned_data["seconds"])
    return redirect(room)
