"""What a page of results shows: some of what was found, with the words marked in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from re import Pattern
from typing import Any, Final

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString

from accounts.cards import Card, cards_of
from accounts.models import User
from board.listing import titles_of
from board.models import Post, Tag
from board.search.documents import plain
from board.search.finding import Hits, Search, find_lines, find_posts, search
from board.search.query import Query, read
from board.search.snippets import BEFORE, finder, marked, snippet
from board.tags import tag_key
from cobra.db import starts_with
from rooms.attendance import rooms_alive
from rooms.models import Line
from rooms.presence import Roster
from rooms.querysets import Reader

PAGE: Final = 20
PREVIEW: Final = 5  # of each kind, where all kinds are shown
KINDS: Final = ("posts", "lines", "people")
PEOPLE: Final = 20
SHORT: Final = 12  # characters before a hit, where only the beginning of a line is seen
SUGGESTED: Final = {"posts": 4, "lines": 3, "people": 2, "tags": 2}


@dataclass(frozen=True)
class PostHit:
    """A post, its title and the part of its body that was found."""

    post: Post
    title: SafeString
    snippet: SafeString
    roster: Roster


@dataclass(frozen=True)
class LineHit:
    """A line, the part of it that was found, and what the post of its room is called."""

    line: Line
    snippet: SafeString
    post_title: str

    @property
    def address(self) -> str:
        """Its permalink, opened on the room: on a telephone the post would hide it."""
        return self.line.get_permalink().replace("#", "&view=room#")


@dataclass(frozen=True)
class Section[T]:
    """Some results of a kind. `count`: of all that were found; `next_from`: where they go on, 0 at the end."""

    shown: Sequence[T] = ()
    count: int = 0
    has_more: bool = False
    next_from: int = 0

    @property
    def counted(self) -> str:
        """`12`, or `1,000+`: more is not counted."""
        return f"{intcomma(self.count)}{'+' if self.has_more else ''}"


@dataclass(frozen=True)
class Results:
    """What was found for `query`; `kind`: empty for all. `room`: the post in whose room alone was looked."""

    query: Query
    kind: str = ""
    room: Post | None = None
    search: Search | None = None
    posts: Section[PostHit] = field(default_factory=Section)
    lines: Section[LineHit] = field(default_factory=Section)
    people: Section[Card] = field(default_factory=Section)
    tags: Sequence[Tag] = ()

    @property
    def count(self) -> int:
        return self.posts.count + self.lines.count + self.people.count

    @property
    def counted(self) -> str:
        return Section(count=self.count, has_more=self.posts.has_more or self.lines.has_more).counted

    @property
    def suggested(self) -> int:
        """How many links there are to walk through."""
        return sum(map(len, (self.posts.shown, self.lines.shown, self.people.shown, self.tags)))

    @property
    def unknown(self) -> str:
        """The value of an operator that names nothing."""
        unknown = self.search.unknown if self.search else None
        return unknown.value if unknown else ""


def asked_for(asked: QueryDict, reader: Reader) -> Results:
    """`?q=&kind=&room=`, before anything is looked for.

    Raises:
        Http404: there is no such room for this reader.
    """
    kind, room_id = asked.get("kind", ""), asked.get("room", "")
    room = None
    if room_id:
        pk = int(room_id) if room_id.isdecimal() and len(room_id) < 18 else 0
        room = get_object_or_404(Post.objects.visible_to(reader).select_related("room"), pk=pk)
    return Results(read(asked.get("q", "")), "lines" if room else kind if kind in KINDS else "", room)


def found_by(asked: Results, reader: Reader, *, start: int = 0) -> Results:
    """The page of results that begins with number `start`; of all kinds the first few."""
    if not asked.query.text:
        return asked
    made = search(asked.query, reader, facts=[f"r{asked.room.pk}"] if asked.room else [])
    posts, lines = (Hits(), find_lines(made)) if asked.room else (find_posts(made), find_lines(made))
    people = [] if asked.room else _people(asked.query, reader, PEOPLE)
    showing = _Showing(made, reader, asked.kind, start)
    return Results(
        asked.query,
        asked.kind,
        asked.room,
        made,
        showing.section("posts", posts, showing.posts),
        showing.section("lines", lines, showing.lines),
        Section(showing.cards(people), len(people)),
    )


def suggested_by(query: Query, reader: Reader) -> Results:
    """A few of each kind, while somebody types."""
    if not query.text:
        return Results(query)
    made = search(query, reader)
    showing = _Showing(made, reader, "", before=SHORT)
    posts = find_posts(made, count=SUGGESTED["posts"]).pks
    lines = find_lines(made, count=SUGGESTED["lines"]).pks
    return Results(
        query,
        search=made,
        posts=Section(list(showing.posts(posts))),
        lines=Section(list(showing.lines(lines))),
        people=Section(showing.cards(_people(query, reader, SUGGESTED["people"]))),
        tags=_tags(query, reader),
    )


@dataclass(frozen=True)
class _Showing:
    search: Search
    reader: Reader
    kind: str
    start: int = 0
    before: int = BEFORE

    @property
    def finder(self) -> Pattern[str] | None:
        return finder(self.search.query.clauses)

    def section(self, kind: str, hits: Hits, show: Any) -> Section[Any]:
        """Of another kind than is asked for only how many there are."""
        if self.kind not in ("", kind):
            return Section(count=len(hits), has_more=hits.has_more)
        end = self.start + PAGE if self.kind else PREVIEW
        shown = list(show(hits.pks[self.start if self.kind else 0 : end]))
        return Section(shown, len(hits), hits.has_more, end if self.kind and end < len(hits) else 0)

    def posts(self, pks: Sequence[int]) -> Iterable[PostHit]:
        posts = Post.objects.visible_to(self.reader).select_related("author__profile", "room").defer("body")
        found, alive, marks = posts.in_bulk(pks) if pks else {}, rooms_alive(), self.finder
        for post in _in_order(found, pks):
            text = plain(post.body_html)
            yield PostHit(
                post, marked(post.title, marks), snippet(text, marks, before=self.before), alive.get(post.pk, Roster())
            )

    def lines(self, pks: Sequence[int]) -> Iterable[LineHit]:
        lines = Line.objects.visible_to(self.reader).select_related("author__profile", "room")
        found, marks = lines.in_bulk(pks) if pks else {}, self.finder
        titles = titles_of(self.reader, {line.room_id for line in found.values()}) if found else {}
        for line in _in_order(found, pks):
            yield LineHit(line, snippet(plain(line.html), marks, before=self.before), titles.get(line.room_id, ""))

    def cards(self, people: list[User]) -> list[Card]:
        return cards_of(people, reader=self.reader) if people and isinstance(self.reader, User) else []


def _in_order(found: Mapping[int, Any], pks: Sequence[int]) -> Iterable[Any]:
    return (found[pk] for pk in pks if pk in found)


def _people(query: Query, reader: Reader, most: int) -> list[User]:
    """Those whose nickname begins so; told to members, as everywhere."""
    words = query.words
    if not isinstance(reader, User) or query.narrowings or query.flags or len(words) < 2:
        return []
    people = User.objects.with_ties_to(reader).select_related("profile")
    return list(people.called_like(words, reader=reader)[:most])


def _tags(query: Query, reader: Reader) -> list[Tag]:
    key = tag_key(query.words)
    if query.narrowings or query.flags or not key:
        return []
    tags = Tag.objects.visible_to(reader).filter(starts_with("key", key))
    return list(tags.frequent()[: SUGGESTED["tags"]])
