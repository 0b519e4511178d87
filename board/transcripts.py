"""What was said in a room, whole: in fixed pages to read, and as files to keep."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from accounts.export import address, utc
from board.models import Digest, Post
from rooms.models import Line
from rooms.querysets import Reader, with_reactions

PAGE = 200  # numbers of lines: a page's lines stay its own for ever, whatever becomes of others
CHUNK = 500  # rows read at once for a file


@dataclass(frozen=True)
class Transcript:
    """The rows numbered from `200 (page - 1) + 1` to `200 page`. `last`: the page with the newest row."""

    page: int
    last: int
    lines: list[Line]
    previous_page: int | None
    next_page: int | None


def transcript_of(post: Post, page: int) -> Transcript | None:
    """None where the room has no such page."""
    rows = Line.objects.filter(room=post.pk)
    newest = rows.aggregate(newest=Max("seq"))["newest"] or 0
    last = max(1, _page_of(newest))
    if not 1 <= page <= last:
        return None
    first_seq, last_seq = PAGE * (page - 1) + 1, PAGE * page
    lines = rows.for_log().filter(seq__gte=first_seq, seq__lte=last_seq).order_by("seq")
    # Numbers are also taken by changes: a page between may have no rows at all.
    before = rows.filter(seq__lt=first_seq).aggregate(seq=Max("seq"))["seq"]
    after = rows.filter(seq__gt=last_seq).aggregate(seq=Min("seq"))["seq"]
    return Transcript(page, last, with_reactions(lines), before and _page_of(before), after and _page_of(after))


def _page_of(seq: int) -> int:
    return -(-seq // PAGE)


# --- Files ---


def markdown_of(post: Post, reader: Reader) -> Iterator[str]:
    """The room as Markdown, piece by piece. What was said is quoted as it was typed; what is gone is said to be."""
    yield f"# {post.title}\n\n{address(post.get_absolute_url())}\n"
    if post.room.verdict:
        yield f"\n**{post.room.get_verdict_display()}** {post.room.verdict_text}\n"
    kept, talk = _("Kept thoughts"), _("Talk")
    for digest in _digests(post, reader):
        yield f"\n## {kept}: {digest.title}\n\n{digest.text}\n"
    yield f"\n## {talk}\n"
    for line in _rows(post, reader):
        yield _markdown_line(line)


def _markdown_line(line: Line) -> str:
    gone = _("This line is gone.")
    at = line.created_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    if line.kind != Line.Kind.SAID:
        words = f" {line.text}" if line.text else ""
        return f"\n*{at} · {line.author.nickname} · {line.get_kind_display()}{words}*\n"
    said = f"*{gone}*" if line.is_gone else line.text
    to = f" → {line.reply_to.seq}" if line.reply_to else ""
    return f"\n### {line.seq}{to} · {line.author.nickname} · {at}\n\n{said}\n"


def json_of(post: Post, reader: Reader) -> Iterator[str]:
    """The same as one JSON object, piece by piece: the head, then `lines`, each on a line of the file."""
    head = {
        "post": post.pk,
        "title": post.title,
        "address": address(post.get_absolute_url()),
        "author": post.author.nickname,
        "written_at": utc(post.created_at),
        "verdict": post.room.verdict or None,
        "verdict_text": post.room.verdict_text,
        "digests": [_digest(digest) for digest in _digests(post, reader)],
    }
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "lines": ['
    comma = "\n"
    for line in _rows(post, reader):
        yield comma + json.dumps(_json_line(line), ensure_ascii=False)
        comma = ",\n"
    yield "\n ]\n}\n"


def _json_line(line: Line) -> dict[str, Any]:
    row = {
        "number": line.seq,
        "kind": line.kind,
        "who": line.author.nickname,
        "at": utc(line.created_at),
        "text": "" if line.is_gone else line.text,
        "address": address(line.get_permalink()),
    }
    more: dict[str, Any] = {
        "edited_at": utc(line.edited_at) if not line.is_gone else None,
        "reply_to": line.reply_to.seq if line.reply_to else None,
        "gone": line.is_gone,
    }
    return row | {name: value for name, value in more.items() if value}


def _digest(digest: Digest) -> dict[str, Any]:
    return {
        "title": digest.title,
        "text": digest.text,
        "kept_by": digest.proposed_by.nickname,
        "published_at": utc(digest.published_at),
        "lines": [each.line.seq for each in digest.citations.all()],
    }


def _digests(post: Post, reader: Reader) -> Iterable[Digest]:
    return Digest.objects.filter(post=post).visible_to(reader).published().with_quotes()


def _rows(post: Post, reader: Reader) -> Iterator[Line]:
    """The whole log, some hundreds at a time by number: no query stays open, and each asks anew who may read."""
    seq = 0
    while True:
        lines = Line.objects.visible_to(reader).for_log().filter(room=post.pk)
        rows = lines.page_after(seq, CHUNK)
        yield from rows
        if len(rows) < CHUNK:
            return
        seq = rows[-1].seq
