"""The part of a room's log that a page shows."""

from dataclasses import dataclass, replace

from django.http import Http404
from django.shortcuts import get_object_or_404

from rooms.log import cursor_of
from rooms.models import Line, Room, RoomVersion
from rooms.querysets import LineQuerySet, Position, with_reactions
from rooms.reading import Unread

PAGE = 50  # lines
NEWEST = "newest"


@dataclass(frozen=True)
class Window:
    """Some lines in reading order, whether there are more on either side, and the cursor from which to listen on."""

    lines: list[Line]
    position: Position
    has_older: bool
    has_newer: bool
    at: Line | None = None

    @property
    def cursor(self) -> str:
        return cursor_of(self.position)

    @property
    def newest(self) -> Line | None:
        return self.lines[-1] if self.lines else None

    @property
    def last_said(self) -> Line | None:
        return next((line for line in reversed(self.lines) if line.kind == Line.Kind.SAID and not line.is_gone), None)


def window_of(room: Room, *, before: str = "", after: str = "", at: str = "", unread: Unread | None = None) -> Window:
    """The page of lines before, after or around a line (by id), the newest (`at=newest`), else where to read on.

    That is around the first unread line where it is further up than the newest page, but not for who has said
    something since: they have been at the end.

    Raises:
        Http404: the line is not one of this room.
    """
    # Before the lines: what changes in between comes by the stream too, where the page recognises it.
    position = RoomVersion.objects.position(room.pk)
    if position is None:
        raise Http404
    lines = Line.objects.for_log().filter(room=room)
    if before:
        shown = with_reactions(lines.page_before(_line(room, before).seq, PAGE + 1))
        return Window(shown[-PAGE:], position, has_older=len(shown) > PAGE, has_newer=True)
    if after:
        shown = with_reactions(lines.page_after(_line(room, after).seq, PAGE + 1))
        return Window(shown[:PAGE], position, has_older=True, has_newer=len(shown) > PAGE)
    if at and at != NEWEST:
        return _around(room, _line(room, at), position)
    shown = with_reactions(lines.newest(PAGE + 1))
    if not at and unread and (first := _further_up(lines, unread, shown)):
        return replace(_around(room, first, position), at=None)
    return Window(shown[-PAGE:], position, has_older=len(shown) > PAGE, has_newer=False)


def _further_up(lines: LineQuerySet, unread: Unread, shown: list[Line]) -> Line | None:
    """The first unread line, where it is not among these newest ones, and the reader has said nothing since."""
    is_far_up = unread.first_seq and len(shown) > PAGE and unread.first_seq < shown[1].seq
    if not (unread.first_id and is_far_up):
        return None
    first = lines.get(pk=unread.first_id)
    return None if lines.filter(author=unread.reader_id, seq__gt=first.seq).exists() else first


def _around(room: Room, line: Line, position: Position) -> Window:
    """Half a page on either side. A line near the end opens the end, which goes on live."""
    lines = Line.objects.for_log().filter(room=room)
    older = with_reactions(lines.page_before(line.seq + 1, PAGE // 2 + 1))
    newer = with_reactions(lines.page_after(line.seq, PAGE // 2 + 1))
    has_older, has_newer = len(older) > PAGE // 2, len(newer) > PAGE // 2
    return Window([*older[-(PAGE // 2) :], *newer[: PAGE // 2]], position, has_older, has_newer, at=line)


def _line(room: Room, pk: str) -> Line:
    return get_object_or_404(Line, room=room, pk=int(pk) if pk.isdecimal() and len(pk) < 18 else 0)
