"""The rooms of posts: `/api/chat/room/`. What is said in them: see `rooms.api`."""

from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from board.models import Post
from cobra.api import LISTED, OPEN, ApiRequest, Id, Limit, answers, anybody
from cobra.json import absolute
from rooms.api import stream_url
from rooms.attendance import roster_of
from rooms.models import Line, RoomVersion
from rooms.querysets import Position

if TYPE_CHECKING:
    from board.querysets import PostQuerySet

router = Router(tags=["rooms"])


class RoomOut(Schema):
    id: int
    name: str
    post: int
    verdict: str | None
    line_count: int
    people_here: int
    stream_url: str


def _said() -> Any:
    return Line.objects.filter(room=OuterRef("pk"), kind=Line.Kind.SAID, deleted_at=None, hidden_at=None).order_by()


def _with_rooms(posts: "PostQuerySet") -> Any:
    """Each with when somebody last said something in its room, or else when it was opened."""
    last = Subquery(_said().order_by("-seq").values("created_at")[:1])
    return posts.select_related("room").annotate(alive_at=Coalesce(last, F("room__created_at")))


def room_of(post: Post) -> dict[str, Any]:
    return _rooms_of([post])[0]


def _rooms_of(posts: list[Post]) -> list[dict[str, Any]]:
    """In two statements, however many they are."""
    ids = [post.pk for post in posts]
    said = Line.objects.filter(room__in=ids, kind=Line.Kind.SAID, deleted_at=None, hidden_at=None)
    counts = dict(said.order_by().values_list("room").annotate(n=Count("pk")))
    versions = RoomVersion.objects.in_bulk(ids)
    return [
        {
            "id": post.pk,
            "name": post.title,
            "post": post.pk,
            "verdict": post.room.verdict or None,
            "line_count": counts.get(post.pk, 0),
            "people_here": roster_of(post.pk).size,
            "stream_url": stream_url(post.pk, Position(versions[post.pk].epoch, versions[post.pk].version)),
        }
        for post in posts
    ]


@router.get("/chat/room/", auth=anybody, response=answers(list[RoomOut]), openapi_extra=OPEN)
def room_list(request: ApiRequest, response: HttpResponse, before: Id | None = None, limit: Limit = LISTED) -> Any:
    """Rooms, the most recently alive first. `before`: a room's id, to go on after it."""
    posts = _with_rooms(Post.objects.visible_to(request.user)).defer("body", "body_html")
    if before is not None:
        last = get_object_or_404(posts, pk=before)
        posts = posts.filter(Q(alive_at__lt=last.alive_at) | Q(alive_at=last.alive_at, pk__lt=last.pk))
    found = list(posts.order_by("-alive_at", "-pk")[: limit + 1])
    if len(found) > limit:
        address = absolute(f"{request.path}?before={found[limit - 1].pk}&limit={limit}")
        response["Link"] = f'<{address}>; rel="next"'
    return _rooms_of(found[:limit])


@router.get("/chat/room/{int:room_id}/", auth=anybody, response=answers(RoomOut), openapi_extra=OPEN)
def room_detail(request: ApiRequest, room_id: Id) -> Any:
    """A room and where to listen to it."""
    return room_of(get_object_or_404(Post.objects.visible_to(request.user).select_related("room"), pk=room_id))
