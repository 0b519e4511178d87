"""Saying a line, and finding one."""

import uuid

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cobra.errors import Refusal
from cobra.http import MemberRequest, Request, created, fragment, is_partial, is_scripted, page, sentence
from rooms import log
from rooms.errors import AnotherPerson
from rooms.forms import LineForm
from rooms.models import WORDS, Line, Room


@require_POST
def line_new(request: MemberRequest, post_id: int) -> HttpResponse:
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
    return created(request, line, log.for_page(log.fragment(line, request.LANGUAGE_CODE)))


def refused(request: MemberRequest, post_id: int, form: LineForm, refusal: Refusal | None = None) -> HttpResponse:
    """Why the line was not taken: beside what was typed, or on a page of its own with all of it without scripts."""
    room = get_object_or_404(Room.objects.visible_to(request.user), pk=post_id)
    if refusal:
        form.add_error("body", str(refusal))
    context = {"room": room, "form": form, "client_id": form.data.get("client_id") or uuid.uuid4()}
    status, headers = (refusal.status, refusal.headers) if refusal else (422, {})
    if is_partial(request):
        return fragment(request, "rooms/_composer.html#refusal", context, status=status, headers=headers)
    context["answered"] = form.cleaned_data.get("reply_to")
    return page(request, "rooms/line_new.html", context, status=status, headers=headers)


@login_not_required
@require_safe
def line_detail(request: Request, line_id: int) -> HttpResponse:
    """One line, whole, and with everything that can be done with it."""
    lines = Line.objects.visible_to(request.user).for_log().select_related("room")
    line = get_object_or_404(lines, pk=line_id)
    may_write = request.user.is_authenticated and line.room.is_open_to(request.user)
    context = {"line": line, "room": line.room, "words": WORDS, "form": LineForm(), "client_id": uuid.uuid4()}
    context |= {
        "answered": line,
        "may_answer": may_write and line.kind == Line.Kind.SAID and not line.is_gone,
        "may_edit": may_write and not line.is_gone and line.can_be_edited_by(request.user),
        "mine": [each.word for each in line.tally if request.user in each.people],
    }
    return page(request, "rooms/line_detail.html", context)
