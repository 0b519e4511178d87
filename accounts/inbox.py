"""A page of somebody's inbox, by days."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import Notification, User
from accounts.whereabouts import visible_rooms

PAGE = 50  # notifications

# The rooms in which somebody has something to read, as `board/_unread_room.html` shows them.
UnreadRooms = Callable[[User], Sequence[Any]]


def _no_rooms(reader: User) -> Sequence[Any]:
    return ()


_unread_rooms: UnreadRooms = _no_rooms


def unread_rooms_told_by(ask: UnreadRooms) -> None:
    """Called once at start by whoever knows, since people know no rooms."""
    global _unread_rooms  # noqa: PLW0603  one source a process
    _unread_rooms = ask


@dataclass(frozen=True)
class Day:
    """What came on one day, in the reader's zone. `goes_on`: the page before ended on it."""

    date: date
    notifications: list[Notification]
    goes_on: bool

    @property
    def name(self) -> str:
        today = localdate()
        if self.date == today:
            return _("Today")
        return _("Yesterday") if self.date == today - timedelta(days=1) else date_format(self.date, "DATE_FORMAT")


@dataclass(frozen=True)
class Inbox:
    """Some days, the newest first, and where the inbox goes on (a notification's id, or None at its end).

    On its first page also the rooms with something to read.
    """

    days: list[Day]
    next_before: int | None
    rooms: Sequence[Any] = ()


def inbox_of(reader: User, *, before: str = "") -> Inbox:
    """
    Raises:
        Http404: `before` is no id.
    """
    rows, last_day = reader.notifications.for_inbox(), None
    if before:
        if not before.isdecimal() or len(before) > 18:
            raise Http404
        last = rows.filter(pk=before).first()
        rows, last_day = rows.filter(pk__lt=before), last and localdate(last.created_at)
    shown = list(rows[: PAGE + 1])
    next_before = shown[PAGE - 1].pk if len(shown) > PAGE else None
    shown = _with_titles(_with_ties(shown[:PAGE], reader), reader)
    by_day = groupby(shown, key=lambda each: localdate(each.created_at))
    return Inbox(
        [Day(day, list(each), day == last_day) for day, each in by_day],
        next_before,
        () if before else _unread_rooms(reader),
    )


def _with_ties(notifications: list[Notification], reader: User) -> list[Notification]:
    people = (
        User.objects.with_ties_to(reader).select_related("profile").in_bulk([each.actor_id for each in notifications])
    )
    for each in notifications:
        each.actor = people[each.actor_id]
    return notifications


def _with_titles(notifications: list[Notification], reader: User) -> list[Notification]:
    """Those about a line say in which room it stands."""
    titles = visible_rooms(reader, {each.line.room_id for each in notifications if each.line})
    for each in notifications:
        each.room_title = titles.get(each.line.room_id, "") if each.line else ""  # type: ignore[attr-defined]
    return notifications
