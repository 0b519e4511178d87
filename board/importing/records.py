"""What stands in a file: one JSON object a line, a post or an event of a chat log, told apart by their fields."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

SOURCE_LIMIT = 200  # characters, of Post.source
# What UTF-8 or PostgreSQL cannot hold; JSON can, as \u0000 and \ud800.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class BadRecord(Exception):
    """A line that is neither a post nor an event of a chat log. Its text is a sentence for whoever imports."""

    def __init__(self, path: Path, number: int, reason: str) -> None:
        where = {"path": path, "number": number, "reason": reason}
        super().__init__(_("%(path)s, line %(number)d: %(reason)s") % where)


@dataclass(frozen=True, slots=True)
class PostRecord:
    """A post: `title, body, source`, and where known `category`, `tags`, `author`, `at`."""

    source: str
    title: str
    body: str
    category: str
    tags: list[str]
    author: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LineRecord:
    """Something said in a chat room: `room, author, body`, and where known `at`."""

    room: str
    author: str
    body: str
    at: datetime | None


class Pause:
    """An event in which nobody says anything: somebody came or left, or the line is empty."""


Record = PostRecord | LineRecord | Pause


def read(path: Path) -> Iterator[Record]:
    """The records of a file in its order, one at a time.

    Raises:
        BadRecord: a line is not what it should be.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                yield Pause()
                continue
            try:
                yield _record(json.loads(line))
            except _Wrong as wrong:
                raise BadRecord(path, number, str(wrong)) from None
            except (ValueError, RecursionError):  # of json and of UTF-8
                raise BadRecord(path, number, _("this is not JSON.")) from None


class _Wrong(Exception):
    """What is wrong with a record, as half a sentence."""


def _record(fields: Any) -> Record:
    if not isinstance(fields, dict):
        raise _Wrong(_("a record is a JSON object."))
    if "title" in fields:
        return _post(fields)
    if "room" in fields:
        return _event(fields)
    raise _Wrong(_("neither a post (title, body, source) nor an event of a chat log (room, kind, author, body)."))


def _post(fields: dict[str, Any]) -> PostRecord:
    tags = fields.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise _Wrong(_("“tags” is a list of words."))
    source = _text(fields, "source")
    if len(source) > SOURCE_LIMIT:
        raise _Wrong(_("“source” has %(limit)d characters at most.") % {"limit": SOURCE_LIMIT})
    return PostRecord(
        source=source,
        title=" ".join(_text(fields, "title").split()),
        body=_text(fields, "body").replace("\r\n", "\n").rstrip(),
        category=_text(fields, "category", may_be_missing=True),
        tags=[_storable(tag) for tag in tags],
        author=_text(fields, "author", may_be_missing=True) or None,
        at=_time(fields),
    )


def _event(fields: dict[str, Any]) -> LineRecord | Pause:
    kind = fields.get("kind")
    if kind not in ("line", "join", "leave"):
        raise _Wrong(_("“kind” is line, join or leave."))
    line = LineRecord(
        room=_text(fields, "room"),
        author=_text(fields, "author"),
        body=_text(fields, "body", may_be_missing=kind != "line", may_be_empty=True),
        at=_time(fields),
    )
    return line if kind == "line" and line.body.strip() else Pause()


def _text(fields: dict[str, Any], name: str, *, may_be_missing: bool = False, may_be_empty: bool = False) -> str:
    value = fields.get(name)
    if value is None and may_be_missing:
        return ""
    if not isinstance(value, str):
        raise _Wrong(_("“%(name)s” is missing or not a text.") % {"name": name})
    if not (value.strip() or may_be_missing or may_be_empty):
        raise _Wrong(_("“%(name)s” is empty.") % {"name": name})
    return _storable(value)


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)


def _time(fields: dict[str, Any]) -> datetime | None:
    """`at` in UTC, which is also what a time without a zone is in."""
    value = fields.get("at")
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise _Wrong(_("“at” is no time in the form of ISO 8601.")) from None
