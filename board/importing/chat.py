"""Chat logs: each room becomes a post with its room, in the order of the file."""

import uuid
from bisect import bisect_left
from collections import Counter
from datetime import datetime
from typing import NamedTuple

from board.importing.credits import introduction
from board.importing.people import People
from board.importing.records import SOURCE_LIMIT, LineRecord
from board.importing.said import Said, append, render
from board.importing.shelves import shelf
from board.models import Post
from cobra.db import write
from rooms.models import Line

# Rows kept in memory. A room that is longer goes in by pieces of this length, each one transaction.
BATCH = 5_000


def source_of(room: str) -> str:
    """What a room's post is found by at the next import."""
    source = f"chat:{room}"
    return source if len(source) <= SOURCE_LIMIT else f"chat:{uuid.uuid5(uuid.NAMESPACE_URL, room)}"


def key_of(room: str, number: int) -> uuid.UUID:
    """What the n-th thing said in a room is found by."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"cobra-space:chat:{room}#{number}")


class _Numbered(NamedTuple):
    record: LineRecord
    number: int
    at: datetime


class Rooms:
    """Takes lines in the order of the file; what was imported before is left as it is, what is new is appended."""

    def __init__(self, people: People, day: datetime) -> None:
        self._people, self._day = people, day
        self._waiting: dict[str, list[_Numbered]] = {}
        self._taken = 0
        self._said: Counter[str] = Counter()
        self._last_at: dict[str, datetime] = {}
        self._ids: dict[str, int] = {}
        self.made = self.lines_made = self.lines_known = 0

    def take(self, record: LineRecord) -> None:
        """Rooms go in whole where their lines stand together and are no more than `BATCH`."""
        room = record.room
        self._said[room] += 1
        # A line without a time was said when the one before it was.
        at = self._last_at[room] = record.at or self._last_at.get(room, self._day)
        self._waiting.setdefault(room, []).append(_Numbered(record, self._said[room], at))
        self._taken += 1
        if self._taken >= BATCH:
            self._flush_all_but(room)

    def flush(self) -> None:
        for room, lines in self._waiting.items():
            self._append(room, lines)
        self._waiting, self._taken = {}, 0

    def _flush_all_but(self, room: str) -> None:
        current = self._waiting.pop(room)
        self.flush()
        if len(current) >= BATCH:
            self._append(room, current)
        else:
            self._waiting[room], self._taken = current, len(current)

    def _append(self, room: str, lines: list[_Numbered]) -> None:
        new = lines[self._known(room, lines) :]
        self.lines_known += len(lines) - len(new)
        if not new:
            return
        html = [render(line.record.body) for line in new]
        with write():
            authors = self._people.seated(line.record.author for line in new)
            if room not in self._ids:
                self._ids[room] = self._open(room, new[0].at)
            append(
                self._ids[room],
                [
                    Said(authors[record.author], key_of(room, number), record.body, markup, at)
                    for (record, number, at), markup in zip(new, html, strict=True)
                ],
            )
        self.lines_made += len(new)

    def _known(self, room: str, lines: list[_Numbered]) -> int:
        """How many of `lines` are in the room already. They are the first ones, so a few questions find it."""
        if room not in self._ids:
            post_id = Post.objects.filter(source=source_of(room)).values_list("pk", flat=True).first()
            if post_id is None:
                return 0
            self._ids[room] = post_id
        authors = self._people.known(line.record.author for line in lines)

        def is_missing(line: _Numbered) -> bool:
            author = authors.get(line.record.author)
            key = key_of(room, line.number)
            return author is None or not Line.objects.filter(author_id=author, client_id=key).exists()

        # The two answers that nearly every import gives, before the search for the boundary.
        if not is_missing(lines[-1]):
            return len(lines)
        return 0 if is_missing(lines[0]) else bisect_left(lines, True, key=is_missing)

    def _open(self, room: str, at: datetime) -> int:
        about = introduction(room)
        post = Post.publish(
            by=self._people.seat(about.author),
            title=about.title,
            body=about.body,
            category=shelf("chat"),
            tags=about.tags,
            created_at=at,
            source=source_of(room),
        )
        self.made += 1
        return post.room_id
