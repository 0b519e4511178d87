"""The board's pages."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from board.forms import PostForm
from board.listing import alive_now, frequent_tags, listing_of
from board.models import Category, Post, Tag
from cobra.errors import Refusal
from cobra.http import MemberRequest, Request, created, fragment, is_partial, page
from rooms.passes import give_pass
from rooms.views import ROOM, room_context
from rooms.window import window_of

WRITE = "board/post_new.html"
VIEWS = ("post", "both", "room")
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@require_safe
def post_list(request: Request) -> HttpResponse:
    return _list(request)


@login_not_required
@require_safe
def category_detail(request: Request, slug: str) -> HttpResponse:
    return _list(request, category=get_object_or_404(Category, slug=slug))


@login_not_required
@require_safe
def tag_detail(request: Request, slug: str) -> HttpResponse:
    return _list(request, tag=get_object_or_404(Tag, slug=slug))


def _list(request: Request, **chosen: Any) -> HttpResponse:
    listing = listing_of(request.GET, request.user, **chosen)
    if is_partial(request):
        return fragment(request, "board/post_list.html#entries", {"listing": listing, "goes_on": True})
    context = {"listing": listing, "categories": Category.objects.all(), "tags": frequent_tags()}
    return page(request, "board/post_list.html", context | alive_now(request.user))


@login_not_required
@require_safe
def post_detail(request: Request, post_id: int) -> HttpResponse:
    return _post_and_room(request, post_id, view="both")


@login_not_required
@require_safe
def post_room(request: Request, post_id: int) -> HttpResponse:
    return _post_and_room(request, post_id, view="room")


def _post_and_room(request: Request, post_id: int, *, view: str) -> HttpResponse:
    """A post with its room: one page, opened on one, the other or both; or the room's next lines alone."""
    posts = Post.objects.visible_to(request.user).select_related("author__profile", "category", "room")
    post = get_object_or_404(posts, pk=post_id)
    asked = request.GET.get
    window = window_of(post.room, before=asked("before", ""), after=asked("after", ""), at=asked("at", ""))
    context = room_context(post.room, window, request.user)
    if is_partial(request):
        return fragment(request, f"{ROOM}#window", context)
    wanted = asked("view", "")
    context |= {
        "post": post,
        "view": wanted if wanted in VIEWS else view,
        "may_edit": post.can_be_edited_by(request.user),
    }
    response = page(request, "board/post_detail.html", context)
    give_pass(request, response)
    return response


@read_or_write
def post_new(request: MemberRequest) -> HttpResponse:
    form = PostForm(request.POST or None)
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
    if request.method == "POST" and form.is_valid():
        post.revise(by=request.user, **form.cleaned_data)
        return redirect(post)
    return page(request, "board/post_edit.html", {"form": form, "post": post}, status=422 if form.errors else 200)


@read_or_write
def post_delete(request: MemberRequest, post_id: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.visible_to(request.user).select_related("room"), pk=post_id)
    if not post.can_be_deleted_by(request.user):
        raise PermissionDenied
    if request.method == "POST":
        post.delete_softly(by=request.user)
        messages.success(request, _("Deleted."))
        return redirect("board:post_list")
    return page(request, "board/post_delete.html", {"post": post})
