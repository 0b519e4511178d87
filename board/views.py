"""The board's pages."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from board.forms import PostForm
from board.history import History
from board.listing import SORTS, alive_now, frequent_tags, listing_of
from board.models import RESTORABLE, Category, Post, Tag
from cobra.errors import Refusal
from cobra.http import MemberRequest, Request, created, fragment, is_partial, page
from cobra.markdown import POST_LIMIT, render_post
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
    context = {"listing": listing, "sorts": SORTS, "categories": Category.objects.all(), "tags": frequent_tags()}
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
    post = posts.filter(pk=post_id).first()
    if post is None:
        return _deleted(request, post_id)
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
        "is_bookmarked": post.is_bookmarked_by(request.user),
    }
    response = page(request, "board/post_detail.html", context)
    give_pass(request, response)
    return response


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
@require_safe
def post_history(request: Request, post_id: int) -> HttpResponse:
    """Every version, newest first, and what one of them (`?version=`, else the last) changed."""
    post = get_object_or_404(Post.objects.visible_to(request.user).select_related("author", "room"), pk=post_id)
    history = History.of(post, request.GET.get("version", ""))
    return page(request, "board/post_history.html", {"post": post, "history": history})


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


def _deleted(request: Request, post_id: int) -> HttpResponse:
    """What stands at the address of a deleted post for those who may bring it back; for all others nothing."""
    post = get_object_or_404(Post.objects.select_related("room"), pk=post_id)
    if not post.can_be_restored_by(request.user):
        raise Http404
    return page(request, "board/post_deleted.html", {"post": post, "days": RESTORABLE.days}, status=410)
