"""A page of a list of posts: which ones, and what each card shows."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse

from board.models import Category, Post, Tag
from board.querysets import PostQuerySet
from rooms.live import rooms_alive
from rooms.models import Line
from rooms.presence import Roster
from rooms.querysets import Reader

PAGE = 20  # posts
ALIVE = 5  # rooms in the rail
TAGS = 5  # beside the sorts


@dataclass(frozen=True)
class Listing:
    """Some posts in order, and where the list goes on (a post id, or None at its end)."""

    posts: list[Post]
    next_before: int | None
    category: Category | None = None
    tag: Tag | None = None

    @property
    def feed_address(self) -> str:
        """Where a feed reader follows this list."""
        chosen = {"category": self.category and self.category.slug, "tag": self.tag and self.tag.slug}
        return reverse("board:post_feed", query={name: slug for name, slug in chosen.items() if slug})


def listing_of(
    query: QueryDict, reader: Reader, *, category: Category | None = None, tag: Tag | None = None
) -> Listing:
    """The list an address asks for: `?category=&tag=&before=`.

    Raises:
        Http404: there is no such category, tag or post to go on from.
    """
    if not category and (slug := query.get("category")):
        category = get_object_or_404(Category, slug=slug)
    if not tag and (slug := query.get("tag")):
        tag = get_object_or_404(Tag, slug=slug)
    posts = Post.objects.visible_to(reader)
    if category:
        posts = posts.filter(category=category)
    if tag:
        posts = posts.filter(post_tags__tag=tag)
    if before := query.get("before"):
        posts = posts.before(get_object_or_404(Post, pk=int(before) if before.isdecimal() and len(before) < 18 else 0))
    shown = list(posts.for_list().newest_first()[: PAGE + 1])
    next_before = shown[PAGE - 1].pk if len(shown) > PAGE else None
    return Listing(with_rooms(shown[:PAGE]), next_before, category, tag)


def with_rooms(posts: list[Post]) -> list[Post]:
    """Give each post its last line and who is in its room now."""
    wanted = [post.last_line_id for post in posts if post.last_line_id]  # type: ignore[attr-defined]  # annotated
    lines = Line.objects.select_related("author").in_bulk(wanted) if wanted else {}
    alive = rooms_alive()
    for post in posts:
        post.last_line = lines.get(post.last_line_id)  # type: ignore[attr-defined]
        post.roster = alive.get(post.pk, Roster())  # type: ignore[attr-defined]
    return posts


def alive_now(reader: Reader) -> dict[str, Any]:
    """How many people are in how many rooms, and the liveliest of those this reader may see."""
    alive = rooms_alive()
    posts: PostQuerySet = Post.objects.visible_to(reader).filter(pk__in=list(alive))
    visible = set(posts.values_list("pk", flat=True)) if alive else set()
    liveliest = sorted(visible, key=lambda pk: -alive[pk].size)[:ALIVE]
    rooms = with_rooms(list(posts.for_list().filter(pk__in=liveliest))) if liveliest else []
    return {
        "rooms_count": len(visible),
        "people_count": sum(alive[pk].size for pk in visible),
        "alive": sorted(rooms, key=lambda post: liveliest.index(post.pk)),
    }


def frequent_tags() -> list[Tag]:
    """The tags to offer beside the list."""
    return list(Tag.objects.frequent()[:TAGS])
