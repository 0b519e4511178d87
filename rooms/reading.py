"""Questions about who takes part in a room, and what of it somebody has not read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Block, User
from rooms.querysets import Reader, room_open_q, room_visible_q

if TYPE_CHECKING:
    from rooms.models import Membership, ReadMark, Room  # noqa: F401  named in the bases below

MOST_COUNTED = 99  # lines; beyond it a count says no more than that


@dataclass(frozen=True)
class Unread:
    """What somebody has not read of a room: how far they have (`mark`), and the lines above it in order.

    `lines` are (id, seq), `MOST_COUNTED` + 1 of them standing for more. `told`: the lines (ids) of which their inbox
    tells. `since`: when they last had the page before them.
    """

    reader_id: int
    mark: int
    since: datetime
    lines: list[tuple[int, int]]
    told: list[int]

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def words(self) -> str:
        """The count, as it is said."""
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)

    @property
    def first_id(self) -> int | None:
        return self.lines[0][0] if self.lines else None

    @property
    def first_seq(self) -> int | None:
        return self.lines[0][1] if self.lines else None


def unread_of(room: "Room", reader: Reader) -> Unread | None:
    """None for a visitor, and for who has never been here: to them nothing is new, or all of it."""
    from rooms.models import Line, ReadMark

    if not isinstance(reader, User) or not (mark := ReadMark.objects.filter(room=room, person=reader).first()):
        return None
    said = Line.objects.filter(room=room, kind=Line.Kind.SAID, deleted_at=None, hidden_at=None, seq__gt=mark.seq)
    said = said.exclude(author__in=[reader.pk, *reader.folded]).order_by("seq")
    told = reader.notifications.unread().filter(line__room=room)
    return Unread(
        reader.pk,
        mark.seq,
        mark.seen_at,
        list(said.values_list("pk", "seq")[: MOST_COUNTED + 1]),
        list(told.values_list("line", flat=True)[:MOST_COUNTED]),
    )


def unread_rooms_count(reader: Reader) -> int:
    """How many rooms somebody takes part in have something to read, for the top of every page.

    `MOST_COUNTED` + 1 stands for more: whoever talks in a thousand rooms would wait for all of them on every page.
    """
    from rooms.models import Membership

    if not isinstance(reader, User):
        return 0
    mine = Membership.objects.filter(room_open_q("room", "person"), person=reader)
    return mine.telling_all().having_unread()[: MOST_COUNTED + 1].count()


def counts_in(person_ids: list[int], room_ids: Iterable[int] | None = None) -> dict[int, dict[int, int]]:
    """By person and by room, how many lines they have not read: of all the rooms that count, or of these."""
    from rooms.models import Membership

    rows = Membership.objects.counted_for(person_ids)
    if room_ids is not None:
        rows = rows.filter(room__in=room_ids)
    counts: dict[int, dict[int, int]] = {person_id: {} for person_id in person_ids}
    for row in rows.values("person", "room", "unread"):  # type: ignore[misc]  # annotated by counted_for
        counts[row["person"]][row["room"]] = row["unread"]
    return counts


class BoundedCount(Subquery):
    """How many rows a sliced queryset gives: counting stops there, however many there are."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) bounded)"
    output_field = models.IntegerField()


def unread_lines(room: str, person: str) -> Any:
    """What others have said above the read mark of `person` in `room` (names of the outer query's columns).

    Lines that are still there, of nobody the person has blocked. A room they have never opened they have not read.
    """
    from rooms.models import Line, ReadMark

    mark = ReadMark.objects.filter(room=OuterRef(OuterRef(room)), person=OuterRef(OuterRef(person))).values("seq")
    blocked = Block.objects.filter(blocker=OuterRef(OuterRef(person)), blocked=OuterRef("author"))
    said = Line.objects.filter(room=OuterRef(room), kind=Line.Kind.SAID, deleted_at=None, hidden_at=None)
    said = said.exclude(author=OuterRef(person)).exclude(Exists(blocked))
    return said.filter(seq__gt=Coalesce(Subquery(mark), Value(0))).order_by("seq")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: Reader) -> "MembershipQuerySet":
        """Of the rooms that exist for this reader."""
        return self.filter(room_visible_q(user, "room__"))

    def with_unread(self) -> "MembershipQuerySet":
        """Each with `unread`: how many lines its person has not read, `MOST_COUNTED` + 1 standing for more."""
        lines = unread_lines("room", "person").values("pk")[: MOST_COUNTED + 1]
        return self.annotate(unread=BoundedCount(lines))

    def telling_all(self) -> "MembershipQuerySet":
        """Where every line is worth being told of."""
        return self.filter(level="all")

    def having_unread(self) -> "MembershipQuerySet":
        return self.filter(Exists(unread_lines("room", "person")))

    def counted_for(self, person_ids: Iterable[int]) -> "MembershipQuerySet":
        """Those of these people whose unread lines are counted everywhere, `with_unread`."""
        open_to_them = self.filter(room_open_q("room", "person"), person__in=person_ids)
        return open_to_them.telling_all().with_unread()

    def take_in(self, room_id: int, person_ids: list[int], *, read_up_to: int) -> bool:
        """Make these people members, who have nothing to catch up on unless they have read here before.

        False when all of them were. Written out, since every line said asks for it.
        """
        at = connection.ops.adapt_datetimefield_value(timezone.now())
        members = [(room_id, person_id, "all", at) for person_id in person_ids]
        if not _insert_missing(self.model, ("room_id", "person_id", "level", "joined_at"), members):
            return False
        from rooms.models import ReadMark

        marks = [(room_id, person_id, read_up_to, at) for person_id in person_ids]
        _insert_missing(ReadMark, ("room_id", "person_id", "seq", "seen_at"), marks)
        return True


class ReadMarkQuerySet(models.QuerySet["ReadMark"]):
    def advance(self, room_id: int, person_id: int, *, seq: int, seen_at: datetime) -> bool:
        """Move the mark up to `seq`, never back, and note that the page was seen. Did it move?"""
        mark = self.filter(room=room_id, person=person_id)
        if mark.filter(seq__lt=seq).update(seq=seq, seen_at=seen_at):
            return True
        if mark.update(seen_at=seen_at):
            return False
        _mark, is_new = self.get_or_create(
            room_id=room_id, person_id=person_id, defaults={"seq": seq, "seen_at": seen_at}
        )
        return is_new or bool(mark.filter(seq__lt=seq).update(seq=seq))


def _insert_missing(model: type[models.Model], columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> int:
    """Insert those of `rows` that are not there. How many were not."""
    quote = connection.ops.quote_name
    places = ", ".join(f"({', '.join(['%s'] * len(columns))})" for _row in rows)
    names = ", ".join(quote(name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {places} ON CONFLICT DO NOTHING",  # noqa: S608
            [value for row in rows for value in row],
        )
        return int(cursor.rowcount)
