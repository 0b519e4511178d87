"""Telling people what happened in a room: who is told, by the level each has chosen there, and for how long."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import Notification, User
from rooms.models.membership import Level, Membership
from rooms.querysets import room_open_q

if TYPE_CHECKING:
    from rooms.models.line import Line

Kind = Notification.Kind


def tell_called(line: "Line", *, mentioned: Iterable[int] = ()) -> None:
    """Tell those whom a line mentions (ids), and the author of the line it answers. A mention says more than an answer.

    Also people who take no part in the room, whom nothing else there reaches; not members whose level is against it.
    """
    called = set(mentioned)
    answered = {line.reply_to.author_id} - called if line.reply_to else set()
    if not (called or answered):  # most lines call nobody
        return
    deaf = _members_at(line.room_id, called | answered, [level for level in Level if not level.hears_calls])
    for kind, people in ((Kind.MENTION, called), (Kind.REPLY, answered)):
        Notification.tell_of_line(kind, line_id=line.pk, actor=line.author, recipients=people - deaf)


def call_back(line: "Line", *, but: Iterable[int] = ()) -> None:
    """An edit has taken a mention out of a line: who is not among these (ids) is called no more."""
    tell_gone(line)
    Notification.objects.filter(line=line.pk, kind=Kind.MENTION).exclude(recipient__in=but).delete()


def tell_gone(line: "Line") -> None:
    """Have those count anew whose inbox tells of this line."""
    for each in Notification.objects.filter(line=line.pk).unread().select_related("recipient"):
        each.recipient.ring_on_commit()


def tell_cited(lines: Iterable["Line"], *, by: User) -> None:
    """Tell the authors of these lines that their words were kept: each once, of the first of their lines."""
    first: dict[int, Line] = {}
    for line in lines:
        first.setdefault(line.author_id, line)
    for author_id, line in first.items():
        deaf = _members_at(line.room_id, {author_id}, [Level.OFF])
        Notification.tell_of_line(Kind.CITED, line_id=line.pk, actor=by, recipients={author_id} - deaf)


def tell_members(kind: Notification.Kind, notice: "Line", *, by: User, except_for: Iterable[int] = ()) -> None:
    """Tell who takes part in the room of a digest or a verdict; `notice` is the row of the log that says so."""
    levels = [level for level in Level if level.hears_digests]
    members = Membership.objects.filter(room=notice.room_id, level__in=levels).exclude(person__in=except_for)
    told = members.values_list("person_id", flat=True)
    Notification.tell_of_line(kind, line_id=notice.pk, actor=by, recipients=told)


def _members_at(room_id: int, person_ids: set[int], levels: list[Level]) -> set[int]:
    """Those of these people who take part in the room at one of these levels."""
    members = Membership.objects.filter(room=room_id, person__in=person_ids, level__in=levels)
    return set(members.values_list("person_id", flat=True)) if person_ids else set()


def line_stands() -> Q:
    """Of notifications: the line is still there, and its recipient may still read it."""
    return Q(line__deleted_at=None, line__hidden_at=None) & room_open_q("line__room", "recipient")
