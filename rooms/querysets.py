"""Questions about rooms and their log."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.db.models import CharField, Exists, F, OuterRef, Q, Value, prefetch_related_objects
from django.db.models.functions import MD5, Cast, Concat, Left, Now
from django.utils import timezone

from accounts.models import Block
from rooms.gates import line_rate_of

if TYPE_CHECKING:
    from accounts.models import User
    from rooms.models import Line, Room, RoomVersion  # noqa: F401  named in the bases below

Reader = AbstractBaseUser | AnonymousUser


def room_visible_q(user: Reader, prefix: str = "") -> Q:
    """The rooms that exist for this reader. `prefix` leads to the room from another model (`room__`).

    Deleted ones for nobody, hidden ones for staff and their owner, members-only ones for members who are not
    suspended and not blocked by the owner: those read what a visitor reads.
    """
    seen = Q(**{f"{prefix}deleted_at__isnull": True})
    if not user.is_authenticated:
        return seen & Q(**{f"{prefix}hidden_at__isnull": True, f"{prefix}members_only": False})
    if getattr(user, "is_staff", False):
        return seen
    seen &= Q(**{f"{prefix}hidden_at__isnull": True}) | Q(**{f"{prefix}owner": user.pk})
    if getattr(user, "is_suspended", False):
        seen &= Q(**{f"{prefix}members_only": False})
    elif kept_out_by := getattr(user, "kept_out_by", None):
        seen &= Q(**{f"{prefix}members_only": False}) | ~Q(**{f"{prefix}owner__in": kept_out_by})
    return seen


def room_open_q(room: str, person: str) -> Q:
    """The same rule for many readers at once, each beside the room: of rows that lead to both.

    `room` and `person` lead there (`line__room`, `recipient`). A test holds the two rules together.
    """
    blocked = Block.objects.filter(blocker=OuterRef(f"{room}__owner"), blocked=OuterRef(person))
    is_free = Q(**{f"{person}__suspended_until": None}) | Q(**{f"{person}__suspended_until__lte": Now()})
    is_in_sight = Q(**{f"{room}__hidden_at": None}) | Q(**{f"{room}__owner": F(person)})
    is_admitted = Q(**{f"{room}__members_only": False}) | Q(is_free & ~Q(Exists(blocked)))
    may_read = Q(**{f"{person}__is_staff": True}) | Q(is_in_sight & is_admitted)
    return Q(**{f"{room}__deleted_at": None}) & may_read


def folded_for(reader: Reader) -> frozenset[int]:
    """The ids of those whose words a page folds for this reader: whom they have blocked. For a visitor nobody's."""
    return getattr(reader, "folded", frozenset())


class Footing(NamedTuple):
    """Where somebody stands in a room who is about to change something in it."""

    is_member: bool
    is_kept_out: bool  # by its owner
    spoke_last: bool  # and so lately that what they say now reads as one block with it


class RoomQuerySet(models.QuerySet["Room"]):
    def visible_to(self, user: Reader) -> "RoomQuerySet":
        return self.filter(room_visible_q(user))

    def under_lock(self, room_id: int, by: "User", *, at: datetime, block: timedelta) -> tuple["Room", Footing]:
        """The room, whoever may see it, and where this person stands in it `at` this time. `block`: how long ago they
        may have spoken last. One statement, written out, since every line said asks for it: the ORM would take far
        longer to write it than the database takes to answer it.

        Raises:
            ObjectDoesNotExist: there is none.
        """
        quote, time = connection.ops.quote_name, connection.ops.adapt_datetimefield_value
        found = self.raw(
            "SELECT room.*, "  # noqa: S608
            f"EXISTS (SELECT 1 FROM {quote('rooms_membership')} WHERE room_id = room.id AND person_id = %s) is_member, "
            f"EXISTS (SELECT 1 FROM {quote('accounts_block')} WHERE blocker_id = room.owner_id AND blocked_id = %s) "
            "is_kept_out, "
            "(SELECT kind = 'said' AND author_id = %s AND deleted_at IS NULL AND created_at BETWEEN %s AND %s "
            f"FROM {quote('rooms_line')} WHERE room_id = room.id ORDER BY seq DESC LIMIT 1) spoke_last "
            f"FROM {quote(self.model._meta.db_table)} room WHERE room.id = %s",
            [by.pk, by.pk, by.pk, time(at - block), time(at + block), room_id],
        )
        for room in found:
            row = room.__dict__
            return room, Footing(*(bool(row.pop(name)) for name in Footing._fields))
        raise self.model.DoesNotExist(f"There is no room {room_id}.")


class Position(NamedTuple):
    """Where a room's log stands. `epoch`: made anew at creation, import and restore; cursors of another are void."""

    epoch: str
    version: int


class RoomVersionQuerySet(models.QuerySet["RoomVersion"]):
    def position(self, room_id: int) -> Position | None:
        row = self.filter(room_id=room_id).values_list("epoch", "version").first()
        return Position(*row) if row else None

    def standing(self, room_ids: Iterable[int]) -> list[tuple[Any, ...]]:
        """Of each of these rooms its id, epoch and version, its owner's id, and whether it is for members only, hidden,
        deleted. Written out, since a process asks for it every two seconds, mostly in vain."""
        ids, quote = list(room_ids), connection.ops.quote_name
        if not ids:
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT room.id, epoch, version, room.owner_id, room.members_only, "  # noqa: S608
                "room.hidden_at IS NOT NULL, room.deleted_at IS NOT NULL "
                f"FROM {quote(self.model._meta.db_table)} INNER JOIN {quote('rooms_room')} room ON room.id = room_id "
                f"WHERE room_id IN ({', '.join(['%s'] * len(ids))})",
                ids,
            )
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def begin_anew(self, room_id: int, epoch: str) -> None:
        """Void all cursors of this epoch: the log has lost rows that some readers have seen, and goes on without."""
        new = self.model._meta.get_field("epoch").get_default()
        self.filter(room_id=room_id, epoch=epoch).update(epoch=new)

    def advance(
        self, room_id: int, by: int = 1, *, said_at: datetime | None = None, said_by: int | None = None
    ) -> Position:
        """Take the next `by` versions and hold the room's lock until the transaction ends. Where the log stands then.

        The first statement of every verb of a room; written out because the ORM's update() returns no values. When
        what is said was said at `said_at` by `said_by`, the room's list entry moves in the same statement.
        """
        quote, time = connection.ops.quote_name, connection.ops.adapt_datetimefield_value
        moved = ", changed_at = %s" if by else ""
        values: list[Any] = [by, time(timezone.now())] if by else [by]
        if said_at and said_by:
            is_answer = f"(SELECT owner_id FROM {quote('rooms_room')} WHERE id = room_id) <> %s"  # noqa: S608
            moved += ", alive_at = CASE WHEN alive_at < %s THEN %s ELSE alive_at END"
            moved += f", has_answer = has_answer OR {is_answer}"
            values += [time(said_at), time(said_at), said_by]
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {quote(self.model._meta.db_table)} SET version = version + %s{moved} "  # noqa: S608
                "WHERE room_id = %s RETURNING epoch, version",
                [*values, room_id],
            )
            row = cursor.fetchone()
        if row is None:
            raise self.model.DoesNotExist(f"Room {room_id} has no version.")
        return Position(*row)

    def renew_epochs(self) -> None:
        """Every log is another from now on, and all cursors are void: after a restore versions are given out again."""
        salt = Value(secrets.token_hex(16))
        self.update(epoch=Left(MD5(Concat(salt, Cast("room_id", CharField()))), 8))


def with_reactions(rows: Iterable["Line"]) -> list["Line"]:
    """These lines with the reactions to them. A line that has not changed since it was said has none."""
    lines = list(rows)
    prefetch_related_objects([line for line in lines if line.version > line.seq], "reactions__person")
    return lines


class LineQuerySet(models.QuerySet["Line"]):
    def visible_to(self, user: Reader) -> "LineQuerySet":
        return self.filter(room_visible_q(user, "room__"))

    def said(self) -> "LineQuerySet":
        """What people said, without the notices."""
        return self.filter(kind="said")

    def there(self) -> "LineQuerySet":
        """What was neither deleted nor hidden."""
        return self.filter(deleted_at=None, hidden_at=None)

    def for_log(self) -> "LineQuerySet":
        """With what a line's fragment shows, in the same statement; of several, `with_reactions` reads those."""
        return self.select_related("author", "author__profile", "reply_to", "reply_to__author")

    def changed_after(self, room_id: int, cursor: int, *, up_to: int | None = None) -> "LineQuerySet":
        """The rows a reader at version `cursor` lacks, of the log as it is or at version `up_to`, in order of change.

        With their authors; replies are few, and `rooms.log` reads what they answer.
        """
        rows = self.filter(room_id=room_id, version__gt=cursor)
        if up_to is not None:
            rows = rows.filter(version__lte=up_to)
        return rows.select_related("author", "author__profile").order_by("version")

    def last_of(self, room_id: int) -> "Line | None":
        return self.filter(room=room_id).order_by("-seq").first()

    def has_said(self, author_id: int, text: str, *, since: datetime) -> bool:
        """Has this person said just that since then, anywhere? Written out as `under_lock` is."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT 1 FROM {table} WHERE author_id = %s AND created_at > %s AND text = %s LIMIT 1",  # noqa: S608
                [author_id, connection.ops.adapt_datetimefield_value(since), text],
            )
            return cursor.fetchone() is not None

    def newest(self, count: int) -> list["Line"]:
        """The last `count` lines in reading order."""
        return list(self.order_by("-seq")[:count])[::-1]

    def page_before(self, seq: int, count: int) -> list["Line"]:
        return self.filter(seq__lt=seq).newest(count)

    def page_after(self, seq: int, count: int) -> list["Line"]:
        return list(self.filter(seq__gt=seq).order_by("seq")[:count])

    def wait_of(self, author: "User") -> int:
        """Whole seconds until this author may say or change another line, by `LINE_RATE`; 0 for now.

        Counted over what they said and changed in all rooms, by the indexes on person and time.
        """
        rate = line_rate_of(author)
        if rate is None:
            return 0
        now = timezone.now()
        window = (now - rate.window, now)
        said = self.filter(author=author, created_at__range=window).order_by().values_list("created_at", flat=True)
        touched = author.touches.filter(at__range=window).order_by().values_list("at", flat=True)
        return rate.wait(said.union(touched, all=True).order_by("-created_at"))
