"""Posts: `/api/post/…`."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import BeforeValidator

from board.api.rooms import room_of
from board.forms import PostForm
from board.models import Category, Post, Tag
from board.search.finding import find_posts
from board.search.finding import search as look_up
from board.search.query import read
from board.tags import tag_key
from cobra.api import LISTED, OPEN, ApiMemberRequest, ApiRequest, Id, Invalid, Limit, answers, anybody, writer
from cobra.json import absolute
from cobra.searches import count_search, searcher
from rooms.api import lines_url

if TYPE_CHECKING:
    from accounts.models import User
    from board.querysets import PostQuerySet

router = Router(tags=["posts"])


class CategoryOut(Schema):
    id: int
    name: str


class Writer(Schema):
    id: int
    nickname: str


class PostOut(Schema):
    id: int
    tags: list[str]
    title: str
    content: str
    created_at: datetime
    updated_at: datetime
    hit: int
    category: int
    writer: Writer
    members_only: bool


class RoomData(Schema):
    id: int
    name: str
    lines_url: str
    stream_url: str
    line_count: int
    people_here: int


class PostDetail(PostOut):
    room_data: RoomData


class Deleted(Schema):
    msg: str


def post_of(post: Post) -> dict[str, Any]:
    return {
        "id": post.pk,
        "tags": [tag.name for tag in post.tags.all()],
        "title": post.title,
        "content": post.body,
        "created_at": post.created_at,
        "updated_at": post.edited_at or post.created_at,
        "hit": post.view_count,
        "category": post.category_id,
        "writer": {"id": post.author_id, "nickname": post.author.nickname},
        "members_only": post.members_only,
    }


def _posts(reader: Any) -> "PostQuerySet":
    """The posts this reader may read, with what the answers show of them."""
    return Post.objects.visible_to(reader).select_related("author", "room").prefetch_related("tags")  # type: ignore[misc]


def _listed(request: ApiRequest, response: HttpResponse, found: list[Post], limit: int, **query: Any) -> Any:
    """A page of posts, and where the list goes on; `found`: one more than that, if there is one."""
    if len(found) > limit:
        query |= {"before": found[limit - 1].pk, "limit": limit}
        address = urlencode({name: value for name, value in query.items() if value is not None})
        response["Link"] = f'<{absolute(request.path)}?{address}>; rel="next"'
    return [post_of(post) for post in found[:limit]]


Words = Annotated[str | None, Query(description="Words to look for.")]


@router.get("/post/", auth=anybody, response=answers(list[PostOut]), openapi_extra=OPEN)
def post_list(
    request: ApiRequest,
    response: HttpResponse,
    category: Id | None = None,
    tag: str | None = None,
    before: Id | None = None,
    limit: Limit = LISTED,
    search: Words = None,
) -> Any:
    """Posts, newest first; with `search` those that contain it, best first. `Link` says where the list goes on."""
    posts = _posts(request.user)
    facts: list[str] = []
    if category is not None:
        posts = posts.filter(category=get_object_or_404(Category, pk=category))
        facts.append(f"c{category}")
    if tag is not None:
        tagged = get_object_or_404(Tag, key=tag_key(tag))
        posts = posts.filter(post_tags__tag=tagged)
        facts.append(f"t{tagged.pk}")
    if search is not None:
        return _found(request, search, limit, facts)
    if before is not None:
        post = get_object_or_404(Post.objects.visible_to(request.user), pk=before)
        posts = posts.after("created_at", post.created_at, post.pk)
    found = list(posts.newest_first()[: limit + 1])
    return _listed(request, response, found, limit, category=category, tag=tag)


class Search(Schema):
    search: str | None = None


@router.post("/post/", auth=anybody, response=answers(list[PostOut]), openapi_extra=OPEN)
def post_search(request: ApiRequest, typed: Search | None = None, search: Words = None, limit: Limit = LISTED) -> Any:
    """Posts that contain the words, best first: in their title, body, category or tags."""
    words = search if search is not None or typed is None else typed.search
    if words is None:
        raise Invalid(search=[_("This field is required.")])
    return _found(request, words, limit)


def _found(request: ApiRequest, words: str, limit: int, facts: Sequence[str] = ()) -> Any:
    query = read(words)
    if not query.text:
        return []
    count_search(searcher(request))
    found = find_posts(look_up(query, request.user, facts=facts)).pks[:limit]
    posts = _posts(request.user).in_bulk(found)
    return [post_of(posts[pk]) for pk in found if pk in posts]


@router.api_operation(
    ["GET", "POST"], "/post/categories", auth=anybody, response=answers(list[CategoryOut]), openapi_extra=OPEN
)
def category_list(request: ApiRequest) -> Any:
    """All categories. POST lists them too, as it always has."""
    return [{"id": category.pk, "name": category.name} for category in Category.objects.all()]


class TagIn(Schema):
    name: str


def _label(tag: Any) -> Any:
    return tag["name"] if isinstance(tag, dict) and "name" in tag else tag


# A word, or an object with a name.
Label = Annotated[str, BeforeValidator(_label, json_schema_input_type=str | TagIn)]


class PostIn(Schema):
    title: str
    content: str
    category: Id
    tags: list[Label] = []
    members_only: bool = False


class PostChange(Schema):
    """What is named is changed, and nothing else."""

    title: str = ""
    content: str = ""
    category: Id = 0
    tags: list[Label] = []
    members_only: bool = False


@router.post("/post/write", auth=writer, response=answers(PostOut, 201))
def post_new(request: ApiMemberRequest, typed: PostIn) -> Any:
    """A post, and its room with it."""
    post = Post.publish(by=request.user, **_cleaned(typed.dict()))
    return Status(201, post_of(post))


def _cleaned(typed: dict[str, Any]) -> dict[str, Any]:
    """By the form that the pages have.

    Raises:
        Invalid: it finds something wrong.
    """
    form = PostForm({**typed, "body": typed["content"], "tags": ",".join(typed["tags"])})
    if not form.is_valid():
        raise Invalid.of(form, body="content")
    return form.cleaned_data


@router.get("/post/detail/{int:post_id}/", auth=anybody, response=answers(PostDetail), openapi_extra=OPEN)
def post_detail(request: ApiRequest, post_id: Id) -> Any:
    """A post and where its room is."""
    post = get_object_or_404(_posts(request.user), pk=post_id)
    room_data = room_of(post) | {"lines_url": lines_url(post.pk)}
    return post_of(post) | {"room_data": room_data}


def _own(user: "User", post_id: int) -> Post:
    post = get_object_or_404(_posts(user), pk=post_id)
    if not post.can_be_edited_by(user):
        raise PermissionDenied
    return post


@router.get("/post/detail/{int:post_id}/edit/", auth=writer, response=answers(PostOut))
def post_edit_start(request: ApiMemberRequest, post_id: Id) -> Any:
    """One of my posts, to be changed."""
    return post_of(_own(request.user, post_id))


@router.post("/post/detail/{int:post_id}/edit/", auth=writer, response=answers(PostOut))
def post_edit(request: ApiMemberRequest, post_id: Id, typed: PostChange) -> Any:
    """Change one of my posts: all of what is sent, or nothing."""
    post = _own(request.user, post_id)
    before = {
        "title": post.title,
        "content": post.body,
        "category": post.category_id,
        "tags": list(post.tags.names()),
        "members_only": post.members_only,
    }
    post.revise(by=request.user, **_cleaned(before | typed.dict(exclude_unset=True)))
    return post_of(get_object_or_404(_posts(request.user), pk=post_id))


@router.post("/post/detail/{int:post_id}/delete/", auth=writer, response=answers(Deleted))
def post_delete(request: ApiMemberRequest, post_id: Id) -> Any:
    """Delete one of my posts."""
    post = get_object_or_404(_posts(request.user), pk=post_id)
    if not post.can_be_deleted_by(request.user):
        raise PermissionDenied
    post.delete_softly(by=request.user)
    return {"msg": "Post deleted"}
