"""Posts, in batches."""

from collections import Counter
from datetime import datetime

from django.db.models import F

from board.importing import react_docs
from board.importing.credits import DOCS_TEAM
from board.importing.people import People
from board.importing.records import PostRecord
from board.importing.shelves import shelf
from board.models import TITLE_LIMIT, Category, Post, PostTag, Tag
from board.search import keeping
from board.tags import LONGEST, MOST, split_tags
from cobra.db import write
from cobra.markdown import RENDERER, excerpt, render_post
from rooms.models import Room, RoomVersion

BATCH = 25  # posts of one transaction


class Posts:
    """Takes posts in the order of the file; one whose source is here already is left as it is."""

    def __init__(self, people: People, day: datetime) -> None:
        self._people, self._day = people, day
        self._waiting: dict[str, PostRecord] = {}
        self._shelves: dict[str, Category] = {}
        self.made = self.known = 0

    def take(self, record: PostRecord) -> None:
        if record.source in self._waiting:
            self.known += 1
            return
        self._waiting[record.source] = record
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        there = set(Post.objects.filter(source__in=self._waiting).values_list("source", flat=True))
        new = [record for source, record in self._waiting.items() if source not in there]
        self.known += len(there)
        self._waiting = {}
        if not new:
            return
        posts = [self._rendered(record) for record in new]
        with write():
            self._publish(posts, new)
        self.made += len(posts)

    def _rendered(self, record: PostRecord) -> Post:
        """All of a post but its room, author and category, before the transaction."""
        title, body = record.title, record.body
        if page := react_docs.page_of(record.source):
            title, body = react_docs.title_of(title), react_docs.body_of(body, page)
        if len(title) > TITLE_LIMIT:
            title = title[: TITLE_LIMIT - 1].rstrip() + "…"
        return Post(
            title=title,
            body=body,
            body_html=render_post(body),
            excerpt=excerpt(body),
            renderer=RENDERER,
            created_at=record.at or self._day,
            source=record.source,
        )

    def _publish(self, posts: list[Post], records: list[PostRecord]) -> None:
        """What Post.publish does, for many at once."""
        authors = self._people.seated(record.author or DOCS_TEAM for record in records)
        for post, record in zip(posts, records, strict=True):
            post.author_id = authors[record.author or DOCS_TEAM]
            post.category = self._shelf(record.category)
        rooms = Room.objects.bulk_create(Room(owner_id=post.author_id, created_at=post.created_at) for post in posts)
        RoomVersion.objects.bulk_create(
            RoomVersion(room=room, opened_at=room.created_at, alive_at=room.created_at) for room in rooms
        )
        for post, room in zip(posts, rooms, strict=True):
            post.room = room
        Post.objects.bulk_create(posts)
        self._tag(posts, records)
        keeping.published([post.pk for post in posts])

    def _shelf(self, label: str) -> Category:
        if label not in self._shelves:
            self._shelves[label] = shelf(label)
        return self._shelves[label]

    def _tag(self, posts: list[Post], records: list[PostRecord]) -> None:
        labels = [_labels(record.tags) for record in records]
        # Labels may differ where their keys do not, so each post asks for its own; most of them want the same ones.
        asked: dict[tuple[str, ...], list[Tag]] = {}
        tagged: list[PostTag] = []
        for post, wanted in zip(posts, labels, strict=True):
            if wanted not in asked:
                asked[wanted] = Tag.for_labels(list(wanted))
            tagged += (PostTag(content_object=post, tag=tag) for tag in asked[wanted])
        PostTag.objects.bulk_create(tagged)
        for tag_id, count in Counter(item.tag_id for item in tagged).items():
            Tag.objects.filter(pk=tag_id).update(post_count=F("post_count") + count)


def _labels(tags: list[str]) -> tuple[str, ...]:
    """As the form for posts takes them: no spaces inside, at most five, none too long."""
    return tuple([label for label in split_tags(",".join(tags)) if len(label) <= LONGEST][:MOST])
