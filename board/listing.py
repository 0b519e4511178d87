"""A page of a list of posts: which ones, and what each card shows."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import F
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from board.models import Category, Post, Tag
from board.querysets import PostQuerySet
from rooms import lobby
from rooms.attendance import rooms_alive
from rooms.models import Line, Membership
from rooms.presence import Roster
from rooms.querysets import Reader

PAGE = 20  # posts
ALIVE = 5  # rooms in the rail
TAGS = 5  # beside the sorts
# Posts of a tag that are sorted for a page of them; of more, all posts are walked along until the page is full.
MANY = 1_000


class Sort(NamedTuple):
    """An order of posts: the time it goes by, newest first."""

    key: str
    label: Promise | str
    time: str

    def cursor_after(self, post: Post) -> str:
        """Where the list goes on after this post. Opaque; by the newest it is the post's id alone."""
        if self.key == "new":
            return str(post.pk)
        return f"{post.sorted_at.timestamp():.6f}-{post.pk}"  # type: ignore[attr-defined]  # annotated

    def place_of(self, cursor: str) -> tuple[datetime, int]:
        """The time and id in a cursor.

        Raises:
            Http404: it is none.
        """
        if self.key == "new":
            post = get_object_or_404(Post, pk=_id_in(cursor))
            return post.created_at, post.pk
        if not (found := CURSOR.fullmatch(cursor)):
            raise Http404
        seconds, micros, pk = (int(part) for part in found.groups())
        return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros), pk


CURSOR = re.compile(r"(\d{1,11})\.(\d{6})-(\d{1,18})")
LONGEST_ID = 18  # digits
LIVE = Sort("live", _("Live now"), "room__position__alive_at")
SORTS = (
    Sort("new", _("Newest"), "created_at"),
    LIVE,
    Sort("unanswered", _("Unanswered"), "room__position__opened_at"),
)


@dataclass(frozen=True)
class Choice:
    """Posts narrowed by what an address asks for."""

    posts: PostQuerySet
    category: Category | None = None
    tag: Tag | None = None
    author: User | None = None
    is_bookmarks: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Is it less than all posts there are for this reader?"""
        return bool(self.category or self.tag or self.author or self.is_bookmarks)

    @property
    def feed_address(self) -> str:
        """Where a feed reader follows these posts."""
        chosen = {
            "category": self.category and self.category.slug,
            "tag": self.tag and self.tag.slug,
            "author": self.author and self.author.nickname,
        }
        return reverse("board:post_feed", query={name: word for name, word in chosen.items() if word})

    @property
    def words(self) -> str:
        """Those of `words_of` that a post in this list has."""
        words = (
            self.category and f"category-{self.category.slug}",
            self.tag and f"tag-{self.tag.slug}",
            self.author and f"author-{self.author.pk}",
        )
        return " ".join(word for word in words if word)


@dataclass(frozen=True)
class Listing:
    """Some posts in order, and where the list goes on (a cursor; empty at its end).

    `newest`: the last room there was before they were read. Where the list begins here (`is_top`), what is newer can
    announce itself.
    """

    posts: list[Post]
    next_before: str
    sort: Sort
    choice: Choice
    newest: int = 0
    is_top: bool = False


def choice_of(query: QueryDict, reader: Reader, *, category: Category | None = None, tag: Tag | None = None) -> Choice:
    """`?category=&tag=&author=&bookmarked=1`. A visitor has no bookmarks.

    Raises:
        Http404: there is no such category, tag or person for this reader.
    """
    posts, author = Post.objects.visible_to(reader), None
    if category or (slug := query.get("category")):
        category = category or get_object_or_404(Category, slug=slug)
        # By the newest there is an index of every category's own.
        posts = (
            posts.filter(category=category) if query.get("sort") in (None, "new") else posts.checked(category=category)
        )
    if tag or (slug := query.get("tag")):
        tag = tag or get_object_or_404(Tag, slug=slug)
        is_frequent = tag.post_count > MANY
        posts = posts.checked(post_tags__tag=tag) if is_frequent else posts.filter(post_tags__tag=tag)
    if nickname := query.get("author"):
        author = get_object_or_404(User.objects.visible_to(reader).named(nickname))
        posts = posts.filter(author=author)
    if is_bookmarks := isinstance(reader, User) and query.get("bookmarked") == "1":
        posts = posts.filter(bookmarks__person=reader.pk)
    return Choice(posts, category, tag, author, is_bookmarks)


def listing_of(query: QueryDict, reader: Reader, **chosen: Any) -> Listing:
    """The list an address asks for: a choice of posts (see `choice_of`), `?sort=&before=`; `?after=` a room's id: those
    that are newer, for the top of a list.

    Raises:
        Http404: there is no such choice, or no such place to go on from.
    """
    choice = choice_of(query, reader, **chosen)
    sort = next((sort for sort in SORTS if sort.key == query.get("sort")), SORTS[0])
    posts = choice.posts.unanswered() if sort.key == "unanswered" else choice.posts
    before, after = query.get("before", ""), query.get("after")
    newest = max(lobby.newest(), default=0)
    if after:
        posts = posts.filter(pk__gt=_id_in(after))
    shown, next_before = _page(posts, sort, before, reader)
    return Listing(shown, "" if after else next_before, sort, choice, newest, not before)


def _page(posts: PostQuerySet, sort: Sort, before: str, reader: Reader) -> tuple[list[Post], str]:
    if before:
        posts = posts.after(sort.time, *sort.place_of(before))
    shown = list(posts.for_list().annotate(sorted_at=F(sort.time)).sorted_by(sort.time)[: PAGE + 1])
    return with_rooms(shown[:PAGE], reader), sort.cursor_after(shown[PAGE - 1]) if len(shown) > PAGE else ""


def _id_in(text: str) -> int:
    if not (text.isdecimal() and len(text) < LONGEST_ID):
        raise Http404
    return int(text)


def my_rooms(reader: Reader, before: str) -> Listing:
    """The posts whose rooms somebody takes part in, the liveliest first. None for a visitor.

    Raises:
        Http404: there is no such place to go on from.
    """
    posts: PostQuerySet = Post.objects.visible_to(reader)
    posts = posts.filter(room__memberships__person=reader.pk) if isinstance(reader, User) else posts.none()
    shown, next_before = _page(posts, LIVE, before, reader)
    return Listing(shown, next_before, LIVE, Choice(posts))


def unread_rooms(reader: User) -> list[Post]:
    """The posts in whose rooms somebody has something to read, the liveliest first, `PAGE` of them at most."""
    waiting = Membership.objects.filter(person=reader).telling_all().having_unread()
    posts: PostQuerySet = Post.objects.visible_to(reader).filter(room__in=waiting.values("room"))
    return _page(posts, LIVE, "", reader)[0]


def with_rooms(posts: list[Post], reader: Reader) -> list[Post]:
    """Give each post its last line, who is in its room now, and the reader's membership and unread lines there.

    Without the words of people the reader has blocked, and without the names of those who have blocked the reader.
    """
    wanted = [post.last_line_id for post in posts if post.last_line_id]  # type: ignore[attr-defined]  # annotated
    lines = Line.objects.select_related("author")
    folded, kept_out_by = (reader.folded, reader.kept_out_by) if isinstance(reader, User) else ((), ())
    found = lines.exclude(author__in=folded).in_bulk(wanted) if wanted else {}
    alive = rooms_alive()
    memberships = _memberships(posts, reader)
    for post in posts:
        post.membership = memberships.get(post.pk)  # type: ignore[attr-defined]
        post.last_line = found.get(post.last_line_id)  # type: ignore[attr-defined]
        post.roster = alive.get(post.pk, Roster()).as_told_to(kept_out_by)  # type: ignore[attr-defined]
    return posts


def _memberships(posts: list[Post], reader: Reader) -> dict[int, Membership]:
    """By room; each with how much is `unread` there, where that is counted."""
    if not posts or not isinstance(reader, User):
        return {}
    mine = Membership.objects.filter(person=reader, room__in=[post.pk for post in posts]).with_unread()
    return {each.room_id: each for each in mine}


def alive_now(reader: Reader) -> dict[str, Any]:
    """How many people are in how many rooms, and the liveliest of those this reader may see."""
    alive = rooms_alive()
    posts: PostQuerySet = Post.objects.visible_to(reader).filter(pk__in=list(alive))
    visible = set(posts.values_list("pk", flat=True)) if alive else set()
    liveliest = sorted(visible, key=lambda pk: -alive[pk].size)[:ALIVE]
    rooms = with_rooms(list(posts.for_list().filter(pk__in=liveliest)), reader) if liveliest else []
    return {
        "rooms_count": len(visible),
        "people_count": sum(alive[pk].size for pk in visible),
        "alive": sorted(rooms, key=lambda post: liveliest.index(post.pk)),
    }


def titles_of(reader: Reader, ids: Collection[int]) -> dict[int, str]:
    """What the posts of these rooms are called, by id: of those this reader may see."""
    return dict(Post.objects.visible_to(reader).filter(pk__in=ids).values_list("pk", "title"))


def words_of(ids: Collection[int]) -> dict[int, str]:
    """By what a list knows these posts as its own: their category, author and tags."""
    posts = Post.objects.filter(pk__in=ids).select_related("category").prefetch_related("tags")  # type: ignore[misc]
    words = {}
    for post in posts.defer("body", "body_html"):
        tags = (f"tag-{tag.slug}" for tag in post.tags.all())
        words[post.pk] = " ".join((f"category-{post.category.slug}", f"author-{post.author_id}", *tags))
    return words


def frequent_tags(reader: Reader) -> list[Tag]:
    """The tags to offer beside the list."""
    return list(Tag.objects.visible_to(reader).frequent()[:TAGS])
