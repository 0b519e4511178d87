"""Writing a post, changing it, taking it away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from board.forms import PostForm
from board.models import Post
from cobra.errors import Refusal
from cobra.http import MemberRequest, created, fragment, page
from cobra.markdown import POST_LIMIT, render_post

WRITE = "board/post_new.html"
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@require_POST
def post_preview(request: MemberRequest) -> HttpResponse:
    """Any text as a post would show it; as much of it as a post may have."""
    preview = render_post(request.POST.get("body", "")[:POST_LIMIT])
    return fragment(request, "board/_post_form.html#preview", {"preview": preview})


def previewed(request: MemberRequest, template: str, form: PostForm, context: dict[str, Any]) -> HttpResponse:
    """The form with everything typed and what it will look like: the button's answer without scripts."""
    form.full_clean()
    form.errors.clear()
    preview = render_post(form["body"].value() or "")
    return page(request, template, {"form": form, "preview": preview, "is_preview": True, **context})


@read_or_write
def post_new(request: MemberRequest) -> HttpResponse:
    form = PostForm(request.POST or None)
    if "preview" in request.POST:
        return previewed(request, WRITE, form, {})
    if request.method == "POST" and form.is_valid():
        try:
            return created(request, Post.publish(by=request.user, **form.cleaned_data))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            return page(request, WRITE, {"form": form}, status=refusal.status, headers=refusal.headers)
    return page(request, WRITE, {"form": form}, status=422 if form.errors else 200)


@read_or_write
def post_edit(request: MemberRequest, post_id: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.visible_to(request.user).select_related("room"), pk=post_id)
    if not post.can_be_edited_by(request.user):
        raise PermissionDenied
    start = {"tags": ", ".join(post.tags.names()), "members_only": post.members_only}
    form = PostForm(request.POST or None, instance=post, initial=start)
    if "preview" in request.POST:
        return previewed(request, "board/post_edit.html", form, {"post": post})
    if request.method == "POST" and form.is_valid():
        post.revise(by=request.user, **form.cleaned_data)
        return redirect(post)
    context = {"form": form, "post": post, "preview": None if form.is_bound else post.body_safe}
    return page(request, "board/post_edit.html", context, status=422 if form.errors else 200)


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
