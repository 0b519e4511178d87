"""What has changed in a post and its room since somebody was last there."""

from dataclasses import dataclass
from datetime import datetime

from board.models import Post
from rooms.models import Line
from rooms.querysets import Reader
from rooms.reading import Unread

# Rows of the log that are news to whoever comes back, as `board/_return.html` says them.
NEWS = (Line.Kind.KEPT, Line.Kind.SOLVED, Line.Kind.SETTLED, Line.Kind.ON_HOLD, Line.Kind.REOPENED)


@dataclass(frozen=True)
class Return:
    """`since`: when they last had the page before them. `notices`: the last of each kind, in order."""

    since: datetime
    is_edited: bool
    unread: Unread
    notices: list[Line]


def return_to(post: Post, reader: Reader, unread: Unread | None) -> Return | None:
    """None for who has never been here, and where nothing has changed since."""
    if unread is None:
        return None
    # What the author has changed is no news to them.
    is_edited = bool(post.edited_at and post.edited_at > unread.since and post.author_id != reader.pk)
    rows = Line.objects.filter(room=post.pk, seq__gt=unread.mark, kind__in=NEWS).exclude(author=reader.pk)
    last = {line.kind: line for line in rows.order_by("seq")}
    if not (is_edited or unread.count or last):
        return None
    return Return(unread.since, is_edited, unread, sorted(last.values(), key=lambda line: line.seq))
