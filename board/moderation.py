"""What the staff can do about a thing, and doing it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Deed, User
from board.models import Post, Report
from board.models.report import Subject
from cobra.db import write
from rooms.models import Line, Room

AROUND = 5  # lines of context on either side
Action = Deed.Action
LABELS = {
    Action.HIDE: _("Hide it"),
    Action.SHOW: _("Show it again"),
    Action.APPROVE: _("Approve it"),
    Action.LOCK: _("Lock the room"),
    Action.UNLOCK: _("Unlock the room"),
    Action.WARN: _("Warn the person"),
    Action.SUSPEND: _("Suspend the person"),
    Action.PARDON: _("End the suspension"),
    Action.PICTURE: _("Take their picture away"),
    Action.DISMISS: _("Leave it as it is"),
}


@dataclass(frozen=True)
class Case:
    """A reported thing with everything a decision needs."""

    subject: Subject
    staff: User

    @classmethod
    def of(cls, report: Report, *, staff: User) -> Self:
        return cls(report.subject, staff)

    @property
    def line(self) -> Line | None:
        return self.subject if isinstance(self.subject, Line) else None

    @property
    def room(self) -> Room | None:
        if isinstance(self.subject, User):
            return None
        return self.subject.room

    @property
    def person(self) -> User:
        """Whom it is about: the thing's author, or the person themselves."""
        return self.subject if isinstance(self.subject, User) else self.subject.author

    @property
    def address(self) -> str:
        return self.line.get_permalink() if self.line else self.subject.get_absolute_url()

    @cached_property
    def reports(self) -> list[Report]:
        reports = Report.objects.about(self.subject).select_related("reporter", "reporter__profile", "deed", "deed__by")
        return list(reports.order_by("pk"))

    @cached_property
    def around(self) -> list[Line]:
        """A reported line where it stands, as the staff may read it."""
        if not self.line:
            return []
        lines = Line.objects.for_log().filter(room=self.line.room_id)
        seq = self.line.seq
        return [*lines.page_before(seq + 1, AROUND + 1), *lines.page_after(seq, AROUND)]

    @cached_property
    def before(self) -> list[Deed]:
        """What was done before to the thing and the person, newest first."""
        about = Deed.objects.about(person=self.person)
        if self.room:
            about = about | Deed.objects.about(room_id=self.room.pk)
        return list(about[:20])

    @property
    def actions(self) -> list[tuple[str, Any]]:
        """What this member of the staff may do about it now, with a label each."""
        return [(action, LABELS[action]) for action in self._possible()]

    def _possible(self) -> Iterable[Action]:
        if self.room and self.staff.can_moderate():
            thing = self.line or self.room
            yield Action.APPROVE if thing.is_held else Action.SHOW if thing.hidden_at else Action.HIDE
            yield Action.UNLOCK if self.room.locked_at else Action.LOCK
        if self.staff.can_administer() and not self.person.is_staff:
            yield Action.WARN
            yield Action.PARDON if self.person.is_suspended else Action.SUSPEND
            if self.person.profile.picture:
                yield Action.PICTURE
        yield Action.DISMISS

    def decide(self, action: str, *, reason: str, until: datetime | None = None) -> Deed:
        """Do it, tell whoever reported it, and put it into the log.

        Raises:
            Refusal: it cannot be done (any more).
        """
        with write():
            deed = self._do(Action(action), reason, until)
            Report.decide(self.subject, deed)
        return deed

    def _do(self, action: Action, reason: str, until: datetime | None) -> Deed:
        why: dict[str, Any] = {"by": self.staff, "reason": reason}
        if action == Action.SUSPEND and until:
            return self.person.suspend(until=until, **why)
        verbs: dict[Action, Callable[..., Deed]] = {
            Action.WARN: self.person.warn,
            Action.PARDON: self.person.pardon,
            Action.PICTURE: self.person.lose_picture,
        }
        if self.room:
            thing = self.line or self.room
            verbs[Action.HIDE], verbs[Action.SHOW], verbs[Action.APPROVE] = thing.hide, thing.show, thing.approve
            verbs[Action.LOCK], verbs[Action.UNLOCK] = self.room.lock, self.room.unlock
        if verb := verbs.get(action):
            return verb(**why)
        room_id, line_id = self.room and self.room.pk, self.line and self.line.pk
        return Deed.objects.record(Action.DISMISS, person=self.person, room_id=room_id, line_id=line_id, **why)


def undo(deed: Deed, *, by: User) -> Deed:
    """Take back what was done, by the verb that does the opposite.

    Raises:
        Refusal: it cannot be taken back (any more).
        ObjectDoesNotExist: what it was done to is not there.
    """
    subject: Subject
    if deed.line_id:
        subject = Line.objects.select_related("room", "author").get(pk=deed.line_id)
    elif deed.room_id:
        subject = Post.objects.select_related("room", "author").get(pk=deed.room_id)
    else:
        subject = User.objects.get(pk=deed.person_id)
    return Case(subject, by)._do(Deed.UNDONE_BY[Action(deed.action)], "", None)
