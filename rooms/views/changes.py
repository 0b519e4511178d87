"""Changing a line: what it says, whether it is there, and the words that others say to it."""

from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from cobra.errors import Refusal
from cobra.http import MemberRequest, came_from, fragment, is_partial, page, sentence
from cobra.unsent import forget, kept_when_signed_out, unsent
from rooms import log
from rooms.forms import ReactionForm, WordsForm
from rooms.models import Line
from rooms.querysets import with_reactions
from rooms.views.lines import line_page


def _line(request: MemberRequest, line_id: int) -> Line:
    """
    Raises:
        Http404: it does not exist for them.
    """
    return get_object_or_404(Line.objects.visible_to(request.user).select_related("room"), pk=line_id)


def _own_line(request: MemberRequest, line_id: int) -> Line:
    """
    Raises:
        Http404: it does not exist for them.
        PermissionDenied: it is somebody else's.
    """
    line = _line(request, line_id)
    if not line.can_be_edited_by(request.user):
        raise PermissionDenied
    return line


@kept_when_signed_out
@require_http_methods(["GET", "HEAD", "POST"])
def line_edit(request: MemberRequest, line_id: int) -> HttpResponse:
    """The line with what it says, or with what somebody had made of it who was signed out meanwhile."""
    line = _own_line(request, line_id)
    start = {"body": unsent(request, at=request.path).get("body", line.text)}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=start)
    if not form.is_valid():
        return _asked(request, "rooms/line_edit.html", line, form, status=422 if form.is_bound else 200)
    return _changed(
        request,
        line,
        lambda: line.edit(by=request.user, text=form.cleaned_data["body"]),
        lambda refusal: _refused(request, "rooms/line_edit.html", line, refusal, form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def line_delete(request: MemberRequest, line_id: int) -> HttpResponse:
    line = _own_line(request, line_id)
    if request.method != "POST":
        return _asked(request, "rooms/line_delete.html", line)
    return _changed(
        request,
        line,
        lambda: line.delete_softly(by=request.user),
        lambda refusal: _refused(request, "rooms/line_delete.html", line, refusal),
    )


@require_POST
def line_reactions(request: MemberRequest, line_id: int) -> HttpResponse:
    line = _line(request, line_id)
    form = ReactionForm(request.POST)
    if not form.is_valid():
        return sentence(str(form.errors["word"][0]), status=422)
    return _changed(
        request,
        line,
        lambda: line.react(by=request.user, word=form.cleaned_data["word"], wanted=form.cleaned_data["wanted"]),
        lambda refusal: _told_why(request, line, refusal),
    )


def _changed(
    request: MemberRequest, line: Line, verb: Callable[[], bool], refused: Callable[[Refusal], HttpResponse]
) -> HttpResponse:
    """Do it. The answer is the line as everybody is sent it, or the way back to where it stands."""
    try:
        verb()
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except Refusal as refusal:
        return refused(refusal)
    forget(request, at=request.path)
    if not is_partial(request):
        return redirect(came_from(request, line.get_permalink()))
    (now,) = with_reactions(Line.objects.for_log().filter(pk=line.pk))
    html = log.for_page(log.fragment(now, request.LANGUAGE_CODE))
    return HttpResponse(html, headers={"Cache-Control": "no-store"})


def _asked(
    request: MemberRequest, template: str, line: Line, form: WordsForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The question, in the page or on its own."""
    context = {"line": line, "form": form}
    if is_partial(request):
        return fragment(request, f"{template}#form", context, status=status)
    return page(request, template, context, status=status)


def _told_why(request: MemberRequest, line: Line, refusal: Refusal) -> HttpResponse:
    """Why not: a sentence for the page, else on the line's own."""
    if is_partial(request):
        return sentence(str(refusal), status=refusal.status, headers=refusal.headers)
    return line_page(request, line, refusal)


def _refused(
    request: MemberRequest, template: str, line: Line, refusal: Refusal, form: WordsForm | None = None
) -> HttpResponse:
    """Why not: a sentence for the page, where what was typed still stands; else with all of it."""
    if is_partial(request):
        return _told_why(request, line, refusal)
    context = {"line": line, "form": form, "refusal": refusal}
    return page(request, template, context, status=refusal.status, headers=refusal.headers)
