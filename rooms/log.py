"""Reading a room's log and turning it into what travels on its stream."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils import translation

from rooms import line_json
from rooms.models import Line, RoomVersion
from rooms.presence import Roster
from rooms.querysets import Position, with_reactions
from rooms.standing import Standing

# What a page may ask for. Bots have "json" (`rooms.bot_stream`), where every line is an event of its own.
ENCODINGS = ("ko", "en")
JSON = "json"
# What only a page says of a line. Said here too: for a name that it lacks Django's template looks far and wide.
FOR_EVERYBODY = {"whole": False, "lit": None, "folded": ()}
TRIES = 5  # readings of a room that changes meanwhile


class Reading(NamedTuple):
    """What a read of the log gave: where the room stands, and the rows above the cursor up to there."""

    standing: Standing
    lines: list[Line]


def standings(room_ids: Iterable[int]) -> dict[int, Standing]:
    return {
        room_id: Standing(Position(epoch, version), owner_id, *map(bool, flags))
        for room_id, epoch, version, owner_id, *flags in RoomVersion.objects.standing(room_ids)
    }


def read_after(room_id: int, cursor: int) -> Reading | None:
    """The rows above version `cursor`, oldest change first; None when there is no such room."""
    return _read(room_id, lambda up_to: Line.objects.changed_after(room_id, cursor, up_to=up_to))


def read_rendered(room_id: int, cursor: int, encodings: Iterable[str]) -> Reading | None:
    """`read_after`, and `render`: what takes long, together on the thread that reads."""
    reading = read_after(room_id, cursor)
    if reading:
        render(reading.lines, encodings)
    return reading


def read_tail(room_id: int, count: int) -> Reading | None:
    """The `count` rows that changed last, oldest change first."""
    return _read(room_id, lambda up_to: Line.objects.changed_after(room_id, 0, up_to=up_to).reverse()[:count][::-1])


def _read(room_id: int, rows: Callable[[int | None], Iterable[Line]]) -> Reading | None:
    """The version first, then the rows: the cursor of what was read is the standing's version, never a row's.

    A row above it has moved in between, and both are read again: left out, a line that was said and changed by then
    would be told to a program as a change of what it has never heard of. Where the room does not stand still for
    `TRIES`, such rows are left out after all, and come with the next read.
    """
    for up_to_there in (*(False,) * TRIES, True):
        standing = standings([room_id]).get(room_id)
        if standing is None:
            break
        version = standing.position.version
        lines = _with_what_they_show(rows(version if up_to_there else None))
        if all(line.version <= version for line in lines):
            return Reading(standing, lines)
    return None


def _with_what_they_show(rows: Iterable[Line]) -> list[Line]:
    """With the reactions to them, and the lines that some answer, in one more statement each if there are any.

    Joined, they double a read's cost.
    """
    lines = with_reactions(rows)
    prefetch_related_objects([line for line in lines if line.reply_to_id], "reply_to__author")
    return lines


def fragment(line: Line, encoding: str) -> str:
    """A line as everybody is sent it: the same for every reader and on every path, times as UTC in `<time>`.

    Rendered once for a version of the line, and kept on the object.
    """
    key = (line.version, encoding)
    if (html := line.fragments.get(key)) is None:
        if encoding == JSON:
            html = line.fragments[key] = line_json.fragment_of(line)
            return html
        with translation.override(encoding):
            html = render_to_string("rooms/_line.html", {"line": line, **FOR_EVERYBODY}).strip()
        same = ENCODINGS if line.is_only_words else [encoding]
        line.fragments.update({(line.version, each): html for each in same})
    return html


def render(lines: Sequence[Line], encodings: Iterable[str]) -> None:
    """Have the fragments of these lines ready."""
    if JSON in encodings:
        prefetch_related_objects(lines, line_json.NEEDS)
    for encoding in encodings:
        for line in lines:
            fragment(line, encoding)


def is_rendered(line: Line, encoding: str) -> bool:
    return (line.version, encoding) in line.fragments


def render_presence(roster: Roster, encoding: str, *, for_member: bool) -> str:
    """How many are here, and to members who they are."""
    with translation.override(encoding):
        context = {"roster": roster, "shows_people": for_member}
        return render_to_string("rooms/_presence.html#presence", context)


def event(data: str, *, name: str = "", event_id: str = "", retry: int | None = None) -> bytes:
    """A server-sent event. `retry`: milliseconds."""
    head = f"event: {name}\n" if name else ""
    head += f"retry: {retry}\n" if retry is not None else ""
    head += f"id: {event_id}\n" if event_id else ""
    body = "".join(f"data: {row}\n" for row in data.split("\n"))
    return f"{head}{body}\n".encode()


def told(lines: Sequence[Line], encoding: str, cursor: int, position: Position) -> bytes:
    """What a listener at version `cursor` is told of these lines, which brings them to `position`."""
    if encoding == JSON:
        return b"".join(_line_event(line, cursor, position) for line in lines if line.kind == Line.Kind.SAID)
    return lines_event([fragment(line, encoding) for line in lines], position) if lines else b""


def _line_event(line: Line, cursor: int, position: Position) -> bytes:
    """One line; its id is where the log stood after its last change, and all lines before it have been told."""
    name, data = line_json.told(line, fragment(line, JSON), cursor)
    return event(data, name=name, event_id=cursor_of(position._replace(version=line.version)))


def lines_event(fragments: Sequence[str], position: Position) -> bytes:
    """One message for several lines; its id is where the log stands after them."""
    return event(for_page("".join(fragments)), event_id=cursor_of(position))


def reset(position: Position) -> bytes:
    """The page, or program, is to fetch what it shows anew; it goes on from here."""
    return event("{}", name="reset", event_id=cursor_of(position))


def for_page(html: str) -> str:
    """Lines' fragments with word of where a page puts them."""
    return f'<hx-partial hx-target="#lines" hx-swap="line">{html}</hx-partial>'


def cursor_of(position: Position) -> str:
    return f"{position.epoch}-{position.version}"


def _version_in(text: str, position: Position) -> int | None:
    epoch, _, version = text.partition("-")
    is_ours = epoch == position.epoch and version.isascii() and version.isdigit() and len(version) <= 18
    return int(version) if is_ours else None


def cursor_in(text: str, position: Position) -> int | None:
    """The version in a cursor, when it is one of this log; None for another epoch, the future, or nonsense."""
    version = _version_in(text, position)
    return version if version is not None and version <= position.version else None


def is_ahead(text: str, position: Position) -> bool:
    """Is this a cursor of the same log, from after the position?"""
    version = _version_in(text, position)
    return version is not None and version > position.version
