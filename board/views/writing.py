"""Writing a post, changing it, taking it away."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from board.forms import PostForm
from board.models import Post
from board.sheet import Sheet
from cobra.errors import Refusal
from cobra.http import MemberRequest, created, fragment, page
from cobra.markdown import POST_LIMIT, render_post
from cobra.unsent import forget, kept_when_signed_out, unsent

WRITE, EDIT = "board/post_new.html", "board/post_edit.html"
OTHERS = 3  # drafts that are offered beside what is written
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def post_preview(request: MemberRequest) -> HttpResponse:
    """Any text as a post would show it; as much of it as a post may have."""
    preview = render_post(request.POST.get("body", "")[:POST_LIMIT])
    return fragment(request, "board/_post_form.html#preview", {"preview": preview})


def editor(
    request: MemberRequest, form: PostForm, sheet: Sheet, *, post: Post | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """The page to write a new post on, or to change one. `more`: `preview`, `headers`, `wait`."""
    action = reverse("board:post_edit", args=[post.pk]) if post else reverse("board:post_new")
    others = request.user.drafts.filter(post=post).exclude(pk=sheet.key).order_by("-saved_at")
    headers = more.pop("headers", None)
    context = {"form": form, "sheet": sheet, "post": post, "action": action, "others": others[:OTHERS], **more}
    return page(request, EDIT if post else WRITE, context, status=status, headers=headers)


def previewed(request: MemberRequest, form: PostForm, sheet: Sheet, post: Post | None = None) -> HttpResponse:
    """The form with everything typed and what it will look like: the button's answer without scripts."""
    form.full_clean()
    form.errors.clear()
    preview = render_post(form["body"].value() or "")
    return editor(request, form, sheet, post=post, preview=preview, is_preview=True)


def unsent_sheet(request: MemberRequest, post: Post | None = None) -> HttpResponse | None:
    """The editor with what was sent after a sign-out, where it is of this post, or of none and so a new one."""
    data = unsent(request, having="draft")
    if request.method == "POST" or not data or data.get("draft_post", "") != (str(post.pk) if post else ""):
        return None
    form = PostForm(initial=data.dict() | {"members_only": "members_only" in data})
    return editor(request, form, Sheet.sent(data), post=post, is_unsent=True)


def published(request: MemberRequest, response: HttpResponse, sheet: Sheet) -> HttpResponse:
    """Lets the browser, and the session, forget what they kept of that sheet."""
    forget(request)
    return with_draft_done(response, str(sheet.key))


def with_draft_done(response: HttpResponse, key: str) -> HttpResponse:
    """Says to the browser that it need not keep the draft of this key (draft-done.js)."""
    response.set_cookie("draft_done", key, max_age=60, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


@kept_when_signed_out
@read_or_write
def post_new(request: MemberRequest) -> HttpResponse:
    form, sheet = PostForm(request.POST or None), Sheet.sent(request.POST)
    if "preview" in request.POST:
        return previewed(request, form, sheet)
    if request.method == "POST" and form.is_valid():
        try:
            post = Post.publish(by=request.user, form_key=sheet.key, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            wait = getattr(refusal, "retry_after", None)
            return editor(request, form, sheet, status=refusal.status, headers=refusal.headers, wait=wait)
        return published(request, created(request, post), sheet)
    return unsent_sheet(request) or editor(request, form, sheet, status=422 if form.errors else 200)


@kept_when_signed_out
@read_or_write
def post_edit(request: MemberRequest, post_id: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.visible_to(request.user).select_related("room"), pk=post_id)
    if not post.can_be_edited_by(request.user):
        raise PermissionDenied
    start = {"tags": ", ".join(post.tags.names()), "members_only": post.members_only}
    form, sheet = PostForm(request.POST or None, instance=post, initial=start), Sheet.sent(request.POST, post)
    if "preview" in request.POST:
        return previewed(request, form, sheet, post)
    if request.method == "POST" and form.is_valid():
        post.revise(by=request.user, form_key=sheet.key, **form.cleaned_data)
        return published(request, redirect(post), sheet)
    if response := unsent_sheet(request, post):
        return response
    preview = None if form.is_bound else post.body_safe
    return editor(request, form, sheet, post=post, preview=preview, status=422 if form.errors else 200)


@read_or_write
def post_delete(request: MemberRequest, post_id: int) -> HttpResponse:
    """`wanted=0` brings it back."""
    if request.POST.get("wanted") == "0":
        return _restored(request, post_id)
    post = get_object_or_404(Post.objects.visible_to(request.user).select_related("room"), pk=post_id)
    if not post.can_be_deleted_by(request.user):
        raise PermissionDenied
    if request.method == "POST":
        post.delete_softly(by=request.user)
        return redirect(post)
    return page(request, "board/post_delete.html", {"post": post})


def _restored(request: MemberRequest, post_id: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.select_related("room"), pk=post_id)
    if not post.can_be_restored_by(request.user):
        raise Http404
    post.restore(by=request.user)
    messages.success(request, _("It is back, and its room with it."))
    return redirect(post)
