"""Kept thoughts: ticking lines of the room, and the sections of the post made of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from board.digest_forms import DigestForm, TicksForm, WordForm
from board.history import DigestHistory
from board.kept import preview_of, published_in, sections_of
from board.models import Digest, Post, Tick
from board.ticking import picks_of
from board.views.writing import with_draft_done
from cobra.errors import Refusal
from cobra.http import MemberRequest, Request, fragment, is_partial, page, sentence
from cobra.unsent import forget, kept_when_signed_out, unsent
from rooms.models import Line
from rooms.querysets import folded_for

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def _post(request: Request, post_id: int) -> Post:
    return get_object_or_404(Post.objects.visible_to(request.user).select_related("room"), pk=post_id)


def _digest(request: Request, post_id: int, digest_id: int) -> Digest:
    digests = Digest.objects.visible_to(request.user).with_quotes()
    return get_object_or_404(digests, post=post_id, pk=digest_id)


@login_not_required
@read_or_write
def digest_list(request: Request, post_id: int) -> HttpResponse:
    """What is kept and what waits, and the room's lines to tick; for a script only what stands in the post.

    POST: of the lines `shown`, exactly those named `line` are ticked; `then` says where to go on.
    """
    post = _post(request, post_id)
    if is_partial(request):
        return fragment(request, "board/_digests.html", {"sections": published_in(post, request.user)})
    if request.method == "POST":
        return _ticked(request, post)
    return _list(request, post)


def _list(request: Request, post: Post, refusal: Refusal | None = None) -> HttpResponse:
    digests = Digest.objects.filter(post=post).visible_to(request.user).select_related("proposed_by").order_by("-pk")
    context: dict[str, Any] = {
        "post": post,
        "digests": digests,
        "picks": picks_of(post, request.user, request.GET),
        "refusal": refusal,
        "folded": folded_for(request.user),
    }
    return page(request, "board/digest_list.html", context, status=refusal.status if refusal else 200)


def _ticked(request: Request, post: Post) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    form = TicksForm(request.POST)
    try:
        Tick.choose(by=request.user, room=post.room, shown=form.shown, ticked=form.ticked)
    except Refusal as refusal:
        return _list(request, post, refusal)
    return redirect(form.next_of(post))


@read_or_write
def line_tick(request: MemberRequest, line_id: int) -> HttpResponse:
    """`ticked=1` or `0`: the wanted state of one line."""
    line = get_object_or_404(Line.objects.visible_to(request.user).said().for_log().select_related("room"), pk=line_id)
    is_wanted = request.POST.get("ticked") == "1"
    context = {"line": line, "post_id": line.room_id, "is_ticked": is_wanted, "folded": folded_for(request.user)}
    if request.method != "POST":
        context["is_ticked"] = Tick.objects.filter(person=request.user, line=line).exists()
        return page(request, "board/line_tick.html", context)
    try:
        Tick.choose(by=request.user, room=line.room, shown=[line.pk], ticked=[line.pk] if is_wanted else [])
    except Refusal as refusal:
        if is_partial(request):
            return sentence(str(refusal), status=refusal.status)
        return page(request, "board/line_tick.html", context | {"refusal": refusal}, status=refusal.status)
    if is_partial(request):
        return fragment(request, "board/line_tick.html#toast", context)
    return redirect(line.get_permalink())


@kept_when_signed_out
@read_or_write
def digest_new(request: MemberRequest, post_id: int) -> HttpResponse:
    """`title` and `text`; `preview` shows it, `publish` has it published at once by who may."""
    post = _post(request, post_id)
    ticked = Tick.objects.of(request.user, post.pk).select_related("line__author__profile")
    lines = [tick.line for tick in ticked]
    start = {"text": "\n\n".join(f"[[{line.seq}]]" for line in lines)}
    context = _begun(request, post, start) | {"lines": lines, "may_publish": post.room.can_be_edited_by(request.user)}
    form = context["form"]
    if "preview" in request.POST:
        return _previewed(request, "board/digest_new.html", context)
    if request.method == "POST" and form.is_valid():
        try:
            digest = Digest.propose(post=post, by=request.user, **form.cleaned_data)
            if context["may_publish"] and "publish" in request.POST:
                digest.publish(by=request.user, version=digest.version)
            else:
                messages.success(request, _("Proposed. Whoever wrote the post decides whether it stands there."))
            return _taken(request, digest, context)
        except Refusal as refusal:
            return _refused(request, "board/digest_new.html", context, refusal)
    return page(request, "board/digest_new.html", context, status=422 if form.errors else 200)


def _begun(request: MemberRequest, post: Post, start: dict[str, Any], digest: Digest | None = None) -> dict[str, Any]:
    """The form with what was sent, or with what waited for a sign-in, else with what it starts with."""
    waiting = unsent(request, at=request.path) if request.method != "POST" else {}
    start |= {name: waiting[name] for name in ("title", "text", "version") if name in waiting}
    form = DigestForm(request.POST if request.method == "POST" else None, initial=start, room=post.room)
    draft_key = f"digest-{post.pk}-{digest.pk if digest else 'new'}"
    return {"post": post, "digest": digest, "form": form, "draft_key": draft_key, "is_unsent": bool(waiting)}


def _taken(request: MemberRequest, digest: Digest, context: dict[str, Any]) -> HttpResponse:
    """To where it stands now; browser and session forget what they kept of it."""
    forget(request, at=request.path)
    return with_draft_done(redirect(digest), context["draft_key"])


def _previewed(request: MemberRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """What it will look like: the button's answer without scripts, with everything typed."""
    form: DigestForm = context["form"]
    form.full_clean()
    form.errors.clear()
    typed = {name: form[name].value() or "" for name in ("title", "text")}
    context["preview"] = preview_of(context["post"], by=request.user, **typed)
    if is_partial(request):
        return fragment(request, "board/_digest_form.html#preview", context)
    return page(request, template, context)


def _refused(request: MemberRequest, template: str, context: dict[str, Any], refusal: Refusal) -> HttpResponse:
    context["form"].add_error(None, str(refusal))
    return page(request, template, context, status=refusal.status, headers=refusal.headers)


@login_not_required
@require_http_methods(["GET", "HEAD"])
def digest_detail(request: Request, post_id: int, digest_id: int) -> HttpResponse:
    """One section, in the post or on its way there, and every version of it (`?version=`)."""
    digest = _digest(request, post_id, digest_id)
    return _detail(request, digest, WordForm())


def _detail(request: Request, digest: Digest, form: WordForm, status: int = 200) -> HttpResponse:
    context = {
        "post": digest.post,
        "digest": digest,
        "section": sections_of([digest], request.user)[0],
        "history": DigestHistory.of(digest, request.GET.get("version", "")),
        "may_edit": digest.can_be_edited_by(request.user),
        "may_decide": digest.can_be_decided_by(request.user),
        "form": form,
    }
    return page(request, "board/digest_detail.html", context, status=status)


@kept_when_signed_out
@read_or_write
def digest_edit(request: MemberRequest, post_id: int, digest_id: int) -> HttpResponse:
    digest = _digest(request, post_id, digest_id)
    if not digest.can_be_edited_by(request.user):
        raise PermissionDenied
    start = {"title": digest.title, "text": digest.text, "version": digest.version}
    context = _begun(request, digest.post, start, digest)
    form = context["form"]
    if "preview" in request.POST:
        return _previewed(request, "board/digest_edit.html", context)
    if request.method == "POST" and form.is_valid():
        try:
            digest.revise(by=request.user, version=form.seen_version, **form.cleaned_data)
        except Refusal as refusal:
            return _refused(request, "board/digest_edit.html", context, refusal)
        return _taken(request, digest, context)
    return page(request, "board/digest_edit.html", context, status=422 if form.errors else 200)


@require_POST
def digest_state(request: MemberRequest, post_id: int, digest_id: int) -> HttpResponse:
    """`state=published` (of the `version` that was read), `returned` with a `word`, or `withdrawn`."""
    digest = _digest(request, post_id, digest_id)
    form = WordForm(request.POST)
    wanted = request.POST.get("state", "")
    is_own_way_back = wanted == Digest.State.WITHDRAWN and digest.can_be_edited_by(request.user)
    if not (digest.can_be_decided_by(request.user) or is_own_way_back):
        raise PermissionDenied
    if not form.is_valid():
        return _detail(request, digest, form, status=422)
    try:
        _decide(digest, request.user, wanted, form)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _detail(request, _digest(request, post_id, digest_id), form, status=refusal.status)
    return redirect(digest)


def _decide(digest: Digest, by: Any, wanted: str, form: WordForm) -> None:
    if wanted == Digest.State.PUBLISHED:
        digest.publish(by=by, version=form.cleaned_data["version"] or 0)
    elif wanted == Digest.State.RETURNED:
        digest.give_back(by=by, word=form.cleaned_data["word"])
    elif wanted == Digest.State.WITHDRAWN:
        digest.withdraw(by=by)
