"""Telling the staff of something, and what the staff do about it."""

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from board.forms import DecisionForm, ReportForm
from board.models import Post, Report
from board.models.report import Subject
from board.moderation import Case
from board.queue import queue_of
from board.views.writing import read_or_write
from cobra.errors import Refusal
from cobra.http import MemberRequest, page
from rooms.models import Line


class Asked(NamedTuple):
    """What an address or a form means by `line`, `post` or `person`, and that word of it."""

    subject: Subject
    name: str
    value: str

    @classmethod
    def of(cls, query: QueryDict, reader: User) -> "Asked":
        """
        Raises:
            Http404: nothing is meant, or nothing that this reader may see.
        """
        for name in ("line", "post"):
            if value := query.get(name, ""):
                things = {"line": Line.objects.select_related("room"), "post": Post.objects.select_related("room")}
                things_seen = things[name].select_related("author").visible_to(reader)  # type: ignore[attr-defined]
                pk = int(value) if value.isdecimal() and len(value) < 19 else 0
                return cls(get_object_or_404(things_seen, pk=pk), name, value)
        person = User.objects.visible_to(reader).named(query.get("person", "")).first()
        if person is None:
            raise Http404
        return cls(person, "person", person.nickname)


@read_or_write
def report_new(request: MemberRequest) -> HttpResponse:
    """`line`, `post` or `person` says what it is about. Who moderates goes on to decide about it."""
    asked = Asked.of(request.POST or request.GET, request.user)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report = Report.file(by=request.user, about=asked.subject, **form.cleaned_data)
        if request.user.can_moderate():
            return redirect(report)
        messages.success(request, _("Thank you. Somebody of the staff looks at it, and you hear what came of it."))
        return redirect(Case(asked.subject, request.user).address)
    context = {"form": form, "asked": asked, "case": Case(asked.subject, request.user)}
    return page(request, "board/report_new.html", context, status=422 if form.errors else 200)


@require_safe
def report_list(request: MemberRequest) -> HttpResponse:
    """What waits for a decision. To everybody but moderators and administrators there is no such page."""
    _staff_only(request.user)
    return page(request, "board/report_list.html", {"queue": queue_of(request.user)})


@read_or_write
def report_detail(request: MemberRequest, report_id: int) -> HttpResponse:
    _staff_only(request.user)
    report = get_object_or_404(Report.objects.for_case(), pk=report_id)
    case = Case.of(report, staff=request.user)
    form = DecisionForm(request.POST or None, actions=case.actions)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            case.decide(form.cleaned_data["action"], reason=form.cleaned_data["reason"], until=form.until)
        except Refusal as refusal:
            form.add_error("action", str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Done, and written into the log."))
            return redirect("board:report_list")
    context = {"report": report, "case": case, "form": form}
    return page(request, "board/report_detail.html", context, status=status)


def _staff_only(user: User) -> None:
    """
    Raises:
        Http404: to this person the staff's pages do not exist.
    """
    if not (user.can_moderate() or user.can_administer()):
        raise Http404
