"""A community of any size, put together from the same content: ten lines a post, and one room of a thousand."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Profile
from accounts.nicknames import nickname_key
from bench.content import Content
from bench.rows import fill, fill_words
from board.models import Category, Post, PostTag, Tag
from board.search.documents import BLOCK_BITS, Row
from board.search.index import line_words, post_words
from board.search.tokens import BETWEEN, fact, in_title, tokens
from board.tags import tag_key, tag_slug
from cobra.markdown import RENDERER, excerpt
from rooms.models import Line, Membership, Room, RoomVersion, new_epoch

PEOPLE, TAGS, RARES, LINES, BIG = 1_000, 500, 10, 10, 1_000
APART = timedelta(minutes=2)  # one post from the next


class Community(NamedTuple):
    """`room`: of the post whose room has `BIG` lines, and a line in the middle of it."""

    room: int
    line: int


class Filling:
    def __init__(self, content: Content, posts: int) -> None:
        self.content, self.count, self.random = content, posts, content.random
        self.now = timezone.now()
        self.big = posts // 2
        step = posts // RARES
        self.rare = {step * number + step // 2 + 1 for number in range(RARES)}
        self.shelves = list(Category.objects.values_list("pk", flat=True))

    def run(self) -> Community:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA synchronous = OFF")
        with transaction.atomic():
            self._people_and_tags()
            fill(Room, self._rooms())
            fill(Post, self._posts())
            fill(PostTag, self._tagged())
            counted = PostTag.objects.filter(tag=OuterRef("pk")).order_by().values("tag").values(count=Count("*"))
            Tag.objects.update(post_count=Coalesce(Subquery(counted), 0))
            fill(Line, self._lines())
            fill(RoomVersion, self._versions())
            fill(Membership, self._members())
        with transaction.atomic():
            fill_words(post_words(), self._post_words())
            fill_words(line_words(), self._line_words())
        if connection.vendor == "postgresql":  # which does it by itself; nothing here does it for SQLite
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        middle = Line.objects.filter(room=self.big, seq=BIG // 2).values_list("pk", flat=True).get()
        return Community(self.big, middle)

    # The same post has the same words each time it is asked for, so none of them is kept.

    def _dice(self, kind: str, number: int) -> int:
        return int.from_bytes(hashlib.blake2b(f"{kind}{number}".encode(), digest_size=6).digest())

    def _at(self, number: int) -> datetime:
        return self.now - APART * (self.count - number + 1)

    def _author(self, number: int) -> int:
        return self._dice("author", number) % PEOPLE + 1

    def _title(self, number: int) -> str:
        return f"{self.content.titles[self._dice('title', number) % len(self.content.titles)]} {number}"

    def _shelf(self, number: int) -> int:
        return self.shelves[number % len(self.shelves)]

    def _tags(self, number: int) -> list[int]:
        # Some tags are on many posts, most on few.
        dice = (self._dice(f"tag{each}", number) % 10_000 for each in range(3))
        return sorted({int((one / 10_000) ** 3 * TAGS) + 1 for one in dice})

    def _body(self, number: int) -> list[Any]:
        self.content.random.seed(number)
        return self.content.body() + ([self.content.rare] if number in self.rare else [])

    def _people_and_tags(self) -> None:
        names = [f"person{number}" for number in range(1, PEOPLE + 1)]
        key = nickname_key
        fill(
            get_user_model(),
            (
                {"id": pk, "email": f"{name}@example.com", "nickname": name, "nickname_key": key(name), "password": "!"}
                for pk, name in enumerate(names, 1)
            ),
        )
        fill(Profile, ({"user_id": pk} for pk in range(1, PEOPLE + 1)))
        labels = [f"태그{number}" for number in range(1, TAGS + 1)]
        rows = ({"id": pk, "name": label, "key": tag_key(label)} for pk, label in enumerate(labels, 1))
        fill(Tag, (row | {"slug": tag_slug(row["key"])} for row in rows))

    def _numbers(self) -> range:
        return range(1, self.count + 1)

    def _rooms(self) -> Iterator[dict[str, Any]]:
        for number in self._numbers():
            yield {"id": number, "owner_id": self._author(number), "created_at": self._at(number)}

    def _posts(self) -> Iterator[dict[str, Any]]:
        for number in self._numbers():
            pieces = self._body(number)
            yield {
                "room_id": number,
                "author_id": self._author(number),
                "category_id": self._shelf(number),
                "title": self._title(number),
                "body": "\n\n".join(piece.text for piece in pieces),
                "body_html": "".join(piece.html for piece in pieces),
                "renderer": RENDERER,
                "excerpt": self._excerpt(pieces[0].text),
                "created_at": self._at(number),
                "form_key": None,
            }

    _excerpts: dict[str, str] = {}

    def _excerpt(self, text: str) -> str:
        if text not in self._excerpts:
            self._excerpts[text] = excerpt(text)
        return self._excerpts[text]

    def _tagged(self) -> Iterator[dict[str, Any]]:
        for number in self._numbers():
            for tag in self._tags(number):
                yield {"tag_id": tag, "content_object_id": number}

    def _said(self) -> Iterator[tuple[int, int, int, int, Any]]:
        """Of every line its id, room, seq, author and words."""
        pk, lines = 0, self.content.lines
        for room in self._numbers():
            for seq in range(1, (BIG if room == self.big else LINES) + 1):
                pk += 1
                author = self._dice("author", room * 7 + self._dice("voice", pk) % 4) % PEOPLE + 1
                is_rare = room in self.rare and seq == 1
                yield pk, room, seq, author, self.content.rare_line if is_rare else lines[pk * 7919 % len(lines)]

    def _lines(self) -> Iterator[dict[str, Any]]:
        for pk, room, seq, author, piece in self._said():
            yield {
                "id": pk,
                "room_id": room,
                "seq": seq,
                "version": seq,
                "author_id": author,
                "text": piece.text,
                "html": piece.html,
                "renderer": RENDERER,
                "created_at": self._at(room) + timedelta(seconds=7 * seq),
            }

    def _versions(self) -> Iterator[dict[str, Any]]:
        for number in self._numbers():
            count = BIG if number == self.big else LINES
            yield {
                "room_id": number,
                "version": count,
                "epoch": new_epoch(),
                "opened_at": self._at(number),
                "alive_at": self._at(number) + timedelta(seconds=7 * count),
                "has_answer": number % 5 > 0,
            }

    def _members(self) -> Iterator[dict[str, Any]]:
        for number in self._numbers():
            people = {self._dice("author", number * 7 + each) % PEOPLE + 1 for each in range(4)}
            for person in sorted(people | {self._author(number)}):
                yield {"room_id": number, "person_id": person, "joined_at": self._at(number)}

    def _post_words(self) -> Iterator[Row]:
        for number in self._numbers():
            title = tokens(self._title(number))
            facts = [f"c{self._shelf(number)}", f"a{self._author(number)}", *(f"t{tag}" for tag in self._tags(number))]
            about = [token for tag in self._tags(number) for token in tokens(f"태그{tag}")]
            head = [*map(fact, facts), BETWEEN, *title, BETWEEN, *map(in_title, title), BETWEEN, *about, BETWEEN]
            body = [token for piece in self._body(number) for token in piece.tokens]
            yield Row(number << BLOCK_BITS, head + body)

    def _line_words(self) -> Iterator[Row]:
        for pk, room, _seq, author, piece in self._said():
            yield Row(pk << BLOCK_BITS, [fact(f"a{author}"), fact(f"r{room}"), BETWEEN, *piece.tokens])
