"""Saying a line, and finding one."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cobra.errors import Refusal
from cobra.http import MemberRequest, Request, created, fragment, is_partial, is_scripted, page, sentence
from cobra.unsent import forget, kept_when_signed_out, unsent
from rooms import log
from rooms.errors import AnotherPerson
from rooms.forms import LineForm
from rooms.models import WORDS, Line, Room
from rooms.querysets import folded_for, with_reactions


@kept_when_signed_out
@require_http_methods(["GET", "HEAD", "POST"])
def line_new(request: MemberRequest, post_id: int) -> HttpResponse:
    """Say a line. Who comes back here from signing in finds the room, with what they had sent in its composer."""
    if request.method != "POST":
        room = get_object_or_404(Room.objects.visible_to(request.user), pk=post_id)
        return redirect(f"{room.get_absolute_url()}?view=room#composer")
    form = LineForm(request.POST, room_id=post_id)
    if not form.is_valid():
        return refused(request, post_id, form)
    said = form.cleaned_data
    try:
        if said["said_by"] not in (None, request.user.pk):
            raise AnotherPerson(request.user.nickname)
        line = Room(pk=post_id).say(
            author=request.user, text=said["body"], client_id=said["client_id"], reply_to=said["reply_to"]
        )
    except ObjectDoesNotExist as error:
        if is_scripted(request):
            return sentence(_("You cannot see this room any more. What you wrote is still here."), status=404)
        raise Http404 from error
    except Refusal as refusal:
        return refused(request, post_id, form, refusal)
    forget(request, at=request.path)
    return created(request, line, log.for_page(log.fragment(line, request.LANGUAGE_CODE)))


def unsent_line(request: Request, room: Room) -> dict[str, Any]:
    """What somebody sent here who was signed out meanwhile, for the composer; empty where nothing waits."""
    data = unsent(request, at=reverse("rooms:line_new", args=[room.pk]))
    if not data:
        return {}
    sent = LineForm(data, room_id=room.pk)
    sent.full_clean()
    form = LineForm(initial={"body": data.get("body", "")})
    client_id = sent.cleaned_data.get("client_id") or uuid.uuid4()
    return {"form": form, "client_id": client_id, "answered": sent.cleaned_data.get("reply_to"), "is_unsent": True}


def refused(request: MemberRequest, post_id: int, form: LineForm, refusal: Refusal | None = None) -> HttpResponse:
    """Why the line was not taken: beside what was typed, or on a page of its own with all of it without scripts."""
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=post_id)
    if refusal:
        form.add_error("body", str(refusal))
    context = {"room": room, "form": form, "client_id": form.data.get("client_id") or uuid.uuid4()}
    context["wait"] = getattr(refusal, "retry_after", None)
    status, headers = (refusal.status, refusal.headers) if refusal else (422, {})
    if is_partial(request):
        return fragment(request, "rooms/_composer.html#refusal", context, status=status, headers=headers)
    context["answered"] = form.cleaned_data.get("reply_to")
    return page(request, "rooms/line_new.html", context, status=status, headers=headers)


@login_not_required
@require_safe
def line_detail(request: Request, line_id: int) -> HttpResponse:
    """One line, whole, and with everything that can be done with it."""
    return line_page(request, get_object_or_404(Line.objects.visible_to(request.user), pk=line_id))


def line_page(request: Request, line: Line, refusal: Refusal | None = None) -> HttpResponse:
    """The page of a line; `refusal`: why what somebody wanted of it was not done."""
    (line,) = with_reactions(Line.objects.for_log().select_related("room").filter(pk=line.pk))
    room, reader = line.room, request.user
    may_write = reader.is_authenticated and room.is_open_to(reader)
    is_own = not line.is_gone and line.can_be_edited_by(request.user)
    context = {
        "line": line,
        "room": room,
        "words": WORDS,
        "form": LineForm(),
        "client_id": uuid.uuid4(),
        "answered": line,
        "folded": folded_for(request.user),
        "may_answer": may_write and line.kind == Line.Kind.SAID and not line.is_gone,
        "may_edit": may_write and is_own,
        "may_delete": is_own and reader.is_authenticated and room.is_open_to(reader, though_closed=True),
        "mine": [each.word for each in line.tally if request.user in each.people],
        "refusal": refusal,
    }
    status, headers = (refusal.status, refusal.headers) if refusal else (200, {})
    return page(request, "rooms/line_detail.html", context, status=status, headers=headers)
