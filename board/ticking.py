"""The room's lines to tick, a page at a time."""

from dataclasses import dataclass, field

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from accounts.models import User
from board.models import Post, Tick
from board.models.tick import refuse_unless_takes_part
from cobra.errors import Refusal
from rooms.models import Line
from rooms.querysets import Reader
from rooms.window import PAGE


@dataclass(frozen=True)
class Picks:
    """Lines that say something, in reading order, and which of the room's lines the reader has ticked, by id.

    `refusal`: why this reader can tick none; empty where they can.
    """

    lines: list[Line] = field(default_factory=list)
    ticked: frozenset[int] = frozenset()
    has_older: bool = False
    has_newer: bool = False
    refusal: str = ""


def picks_of(post: Post, reader: Reader, query: QueryDict) -> Picks | None:
    """The newest page, or that before or after a line (`?before=`, `?after=`, by id). None for a visitor.

    Raises:
        Http404: there is no such line.
    """
    if not isinstance(reader, User):
        return None
    try:
        refuse_unless_takes_part(post.room, reader)
    except Refusal as refusal:
        return Picks(refusal=str(refusal))
    lines = post.room.lines.said().there().select_related("author__profile")
    ticked = frozenset(ticked_in(post, reader))
    if before := query.get("before"):
        shown = lines.page_before(_seq(post, before), PAGE + 1)
        return Picks(shown[-PAGE:], ticked, has_older=len(shown) > PAGE, has_newer=True)
    if after := query.get("after"):
        shown = lines.page_after(_seq(post, after), PAGE + 1)
        return Picks(shown[:PAGE], ticked, has_older=True, has_newer=len(shown) > PAGE)
    shown = lines.newest(PAGE + 1)
    return Picks(shown[-PAGE:], ticked, has_older=len(shown) > PAGE)


def ticked_in(post: Post, reader: Reader) -> list[int]:
    """The ids of the lines this reader has ticked, in the room's order. A visitor has none."""
    return list(Tick.objects.of(reader, post.pk).values_list("line_id", flat=True)) if reader.is_authenticated else []


def _seq(post: Post, pk: str) -> int:
    if not pk.isdecimal() or len(pk) > 18:
        raise Http404
    return get_object_or_404(Line, room=post.pk, pk=int(pk)).seq
