"""Lines said elsewhere, put at the end of a room's log."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cobra.markdown import RENDERER, render_line
from rooms import words
from rooms.models import BLOCK, Line, Membership, Room, RoomVersion

_ROWS = 500  # of one INSERT


@dataclass(frozen=True, slots=True)
class Said:
    """`key` is the line's name for ever: the same author never says it twice. `html`: see `render`."""

    author_id: int
    key: uuid.UUID
    text: str
    html: str
    at: datetime


def render(text: str) -> str:
    """To be called before the transaction: nobody waits for somebody's highlighting."""
    return str(render_line(text))


def append(room_id: int, lines: Sequence[Said]) -> list[Line]:
    """Say these in their order, in the caller's transaction. n lines take n versions; nobody is rung for.

    Whoever listens to the room hears of them by the clock (LIVE: 5).

    Raises:
        IntegrityError: somebody else has put one of them in meanwhile.
    """
    newest = max(said.at for said in lines)
    position = RoomVersion.objects.advance(room_id, by=len(lines), said_at=newest, said_by=_said_by(room_id, lines))
    version = position.version - len(lines)
    previous = Line.objects.filter(room_id=room_id).order_by("-seq").first()
    rows: list[Line] = []
    for seq, said in enumerate(lines, version + 1):
        previous = _line(room_id, seq, said, previous)
        rows.append(previous)
    Membership.objects.take_in(room_id, list({said.author_id for said in lines}), read_up_to=position.version)
    made = Line.objects.bulk_create(rows, batch_size=_ROWS)
    words.said(made)
    return made


def _said_by(room_id: int, lines: Sequence[Said]) -> int:
    """One that answers stands for all who do."""
    owner_id = Room.objects.filter(pk=room_id).values_list("owner_id", flat=True).get()
    return next((said.author_id for said in lines if said.author_id != owner_id), lines[0].author_id)


def _line(room_id: int, seq: int, said: Said, previous: Line | None) -> Line:
    line = Line(
        room_id=room_id,
        seq=seq,
        version=seq,
        author_id=said.author_id,
        client_id=said.key,
        text=said.text,
        html=said.html,
        renderer=RENDERER,
        created_at=said.at,
    )
    line.continues = _continues(previous, line)
    return line


def _continues(previous: Line | None, line: Line) -> bool:
    """As rooms.Room decides for what is said here."""
    return bool(
        previous
        and previous.kind == Line.Kind.SAID
        and previous.author_id == line.author_id
        and not previous.deleted_at
        and abs(line.created_at - previous.created_at) < BLOCK
    )
