"""What staff do to a line: a change in the room's log, so that it is seen live, and a row of the moderation log."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import models
from django.utils import timezone

from accounts.models import Deed, Notification, User
from rooms.errors import DoneAlready

if TYPE_CHECKING:
    from rooms.models.line import Line


class Hideable(models.Model):
    """Words that nobody reads for now."""

    hidden_at = models.DateTimeField(null=True, blank=True)
    # Hidden by the site itself, until somebody of the staff has looked at it.
    is_held = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    def hide(self, *, by: User, reason: str) -> Deed:
        """What remains says that something stood there; quotes of it are empty.

        Raises:
            DoneAlready: it is hidden.
        """
        return self._judge(Deed.Action.HIDE, by=by, reason=reason, hidden_at=timezone.now())

    def show(self, *, by: User, reason: str = "") -> Deed:
        """
        Raises:
            DoneAlready: it is not hidden.
        """
        return self._judge(Deed.Action.SHOW, by=by, reason=reason, hidden_at=None)

    def approve(self, *, by: User, reason: str = "") -> Deed:
        """Let everybody read what the site has held.

        Raises:
            DoneAlready: it is not held.
        """
        return self._judge(Deed.Action.APPROVE, by=by, reason=reason, hidden_at=None)

    def _judge(self, action: Deed.Action, *, by: User, reason: str, hidden_at: datetime | None) -> Deed:
        me = cast("Line", self)
        with me._changing(by) as position:
            if bool(me.hidden_at) == bool(hidden_at):
                raise DoneAlready
            me._move(position, "hidden_at", "is_held", hidden_at=hidden_at, is_held=False)
            me._touched(by, quotes=True)
            where = {"person": me.author, "room_id": me.room_id, "line_id": me.pk}
            deed = Deed.objects.record(action, by=by, reason=reason, **where)
            Notification.tell_of_deed(recipient=me.author, deed=deed)
        return deed
