"""A post's versions, and what one of them changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from board.changes import Piece, changes
from board.models import Digest, DigestRevision, Post


class Version(NamedTuple):
    number: int
    created_at: datetime
    title: str
    body: str
    tags: str


@dataclass(frozen=True)
class History:
    """The versions, newest first; `shown` is one of them, with what it changed of the one before."""

    versions: list[Version]
    shown: Version
    title: list[Piece]
    tags: list[Piece]
    body: list[Piece]

    @classmethod
    def of(cls, post: Post, number: str) -> "History":
        """`number`: the version to show; the last where there is no such one."""
        before = [
            Version(each.number, each.created_at, each.title, each.body, each.tags) for each in post.revisions.all()
        ]
        now = Version(
            len(before) + 1, post.edited_at or post.created_at, post.title, post.body, ", ".join(post.tags.names())
        )
        versions = [*before, now]
        shown = next((version for version in versions if str(version.number) == number), now)
        if shown.number == 1:
            return cls(versions[::-1], shown, [], [], [])
        earlier = versions[shown.number - 2]
        parts = ((earlier.title, shown.title), (earlier.tags, shown.tags), (earlier.body, shown.body))
        title, tags, body = (changes(*pair) if pair[0] != pair[1] else [] for pair in parts)
        return cls(versions[::-1], shown, title, tags, body)


@dataclass(frozen=True)
class DigestHistory:
    """The versions of a section of kept thoughts, newest first; `shown` is one of them, with what it changed."""

    versions: list[DigestRevision]
    shown: DigestRevision
    title: list[Piece]
    text: list[Piece]

    @classmethod
    def of(cls, digest: Digest, number: str) -> "DigestHistory":
        """`number`: the version to show; the last where there is no such one."""
        versions = list(digest.revisions.select_related("written_by"))
        shown = next((version for version in versions if str(version.number) == number), versions[-1])
        if shown.number == 1:
            return cls(versions[::-1], shown, [], [])
        before = versions[shown.number - 2]
        title, text = (
            changes(*pair) if pair[0] != pair[1] else []
            for pair in ((before.title, shown.title), (before.text, shown.text))
        )
        return cls(versions[::-1], shown, title, text)
