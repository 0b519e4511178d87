"""A post with its room, what it was before, counting who looks, and keeping it at hand."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from board.history import History
from board.kept import published_in
from board.models import RESTORABLE, Post
from board.returning import return_to
from board.ticking import ticked_in
from cobra.http import MemberRequest, Request, fragment, is_partial, page, viewer
from rooms.passes import give_pass
from rooms.reading import Unread, unread_of
from rooms.views.lines import unsent_line
from rooms.views.rooms import ROOM, room_context
from rooms.window import window_of

VIEWS = ("post", "both", "room")


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
    post = posts.filter(pk=post_id).first()
    if post is None:
        return _deleted(request, post_id)
    unread = unread_of(post.room, request.user)
    where = {name: request.GET.get(name, "") for name in ("before", "after", "at")}
    window = window_of(post.room, unread=unread, **where)
    context = room_context(post.room, window, unread, request.user)
    if is_partial(request):
        return fragment(request, f"{ROOM}#window", context)
    context |= unsent_line(request, post.room) | _post_context(request, post, unread)
    wanted = request.GET.get("view", "")
    context |= {"view": wanted if wanted in VIEWS else view, "lit": window.at.pk if window.at else None}
    response = page(request, "board/post_detail.html", context)
    give_pass(request, response)
    return response


def _post_context(request: Request, post: Post, unread: Unread | None) -> dict[str, Any]:
    """What the page shows beside the room."""
    return {
        "post": post,
        "returned": return_to(post, request.user, unread),
        "may_edit": post.can_be_edited_by(request.user),
        "may_close": post.can_be_deleted_by(request.user),
        "sections": published_in(post, request.user),
        "ticked": ticked_in(post, request.user),
        "is_bookmarked": post.is_bookmarked_by(request.user),
    }


def _deleted(request: Request, post_id: int) -> HttpResponse:
    """What stands at the address of a deleted post for those who may bring it back; for all others nothing."""
    post = get_object_or_404(Post.objects.select_related("room"), pk=post_id)
    if not post.can_be_restored_by(request.user):
        raise Http404
    return page(request, "board/post_deleted.html", {"post": post, "days": RESTORABLE.days}, status=410)


@require_POST
def post_bookmark(request: MemberRequest, post_id: int) -> HttpResponse:
    """`bookmarked=1` or `0`: the wanted state, so that a double click is harmless."""
    post = get_object_or_404(Post.objects.visible_to(request.user), pk=post_id)
    is_wanted = request.POST.get("bookmarked") == "1"
    post.bookmark(by=request.user, wanted=is_wanted)
    if is_partial(request):
        return fragment(request, "board/post_detail.html#bookmark", {"post": post, "is_bookmarked": is_wanted})
    return redirect(post)


@login_not_required
@require_POST
def post_view(request: Request, post_id: int) -> HttpResponse:
    """Sent by a page that somebody has before their eyes; without scripts by its button."""
    post = get_object_or_404(Post.objects.visible_to(request.user), pk=post_id)
    post.count_view(viewer(request))
    return HttpResponse(status=204) if is_partial(request) else redirect(post)


@login_not_required
@require_safe
def post_history(request: Request, post_id: int) -> HttpResponse:
    """Every version, newest first, and what one of them (`?version=`, else the last) changed."""
    post = get_object_or_404(Post.objects.visible_to(request.user).select_related("author", "room"), pk=post_id)
    history = History.of(post, request.GET.get("version", ""))
    return page(request, "board/post_history.html", {"post": post, "history": history})
