"""A page of somebody's inbox, by days."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.http import Http404
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from accounts.models import Notification, User

PAGE = 50  # notifications


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
    """Some days, the newest first, and where the inbox goes on (a notification's id, or None at its end)."""

    days: list[Day]
    next_before: int | None


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
    shown = _with_ties(shown[:PAGE], reader)
    by_day = groupby(shown, key=lambda each: localdate(each.created_at))
    return Inbox([Day(day, list(each), day == last_day) for day, each in by_day], next_before)


def _with_ties(notifications: list[Notification], reader: User) -> list[Notification]:
    people = (
        User.objects.with_ties_to(reader).select_related("profile").in_bulk([each.actor_id for each in notifications])
    )
    for each in notifications:
        each.actor = people[each.actor_id]
    return notifications
