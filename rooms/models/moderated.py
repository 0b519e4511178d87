"""What staff do to a room. Each is a row of the room's log, so that it is seen live, and one of the moderation log."""

from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils import timezone

from accounts.models import Deed, Notification, User
from cobra.db import write
from rooms.errors import DoneAlready
from rooms.models.line import Line

if TYPE_CHECKING:
    from rooms.models.room import Room

Action, Kind = Deed.Action, Line.Kind
# What a notice of this kind is in the moderation log; of any other it says that a room was changed.
DEEDS = {Kind.DELETED: Action.DELETE, Kind.RESTORED: Action.RESTORE}
# Everybody's own, or put into the log by the verbs below, with their reason.
NO_DEEDS = {Kind.JOINED, Kind.LEFT, Kind.HIDDEN, Kind.SHOWN, Kind.LOCKED, Kind.UNLOCKED}


class Moderated(models.Model):
    """The verbs of the staff."""

    class Meta:
        abstract = True

    def hide(self, *, by: User, reason: str) -> Deed:
        """Only its owner and the staff see the room, and the post beside it; open streams of others end.

        Raises:
            DoneAlready: it is hidden.
        """
        return self._moderate(Action.HIDE, Kind.HIDDEN, by=by, reason=reason, hidden_at=timezone.now())

    def show(self, *, by: User, reason: str = "") -> Deed:
        """
        Raises:
            DoneAlready: it is not hidden.
        """
        return self._moderate(Action.SHOW, Kind.SHOWN, by=by, reason=reason, hidden_at=None)

    def hold(self, *, by: User) -> None:
        """Hide it until somebody of the staff has looked at what its author, a newcomer, has changed."""
        cast("Room", self)._change(Kind.HIDDEN, by=by, hidden_at=timezone.now(), is_held=True)

    def approve(self, *, by: User, reason: str = "") -> Deed:
        """Let everybody read what the site has held.

        Raises:
            DoneAlready: it is not held.
        """
        return self._moderate(Action.APPROVE, Kind.SHOWN, by=by, reason=reason, hidden_at=None, is_held=False)

    def lock(self, *, by: User, reason: str) -> Deed:
        """Nobody says or changes anything here any more.

        Raises:
            DoneAlready: it is locked.
        """
        return self._moderate(Action.LOCK, Kind.LOCKED, by=by, reason=reason, locked_at=timezone.now())

    def unlock(self, *, by: User, reason: str = "") -> Deed:
        """
        Raises:
            DoneAlready: it is not locked.
        """
        return self._moderate(Action.UNLOCK, Kind.UNLOCKED, by=by, reason=reason, locked_at=None)

    def account_for(self, what: object, *, by: User, action: Deed.Action = Action.ROOM) -> None:
        """Into the moderation log, where one of the staff has changed somebody else's room. In the open transaction."""
        me = cast("Room", self)
        if by.is_staff and by.pk != me.owner_id:
            Deed.objects.record(action, by=by, person=me.owner, room_id=me.pk, detail=str(what))

    def account_for_notice(self, kind: Line.Kind, *, by: User) -> None:
        """The same of what a notice of this kind says."""
        if kind not in NO_DEEDS:
            self.account_for(kind.label, by=by, action=DEEDS.get(kind, Action.ROOM))

    def _moderate(self, action: Deed.Action, kind: Line.Kind, *, by: User, reason: str, **wanted: Any) -> Deed:
        me = cast("Room", self)
        with write():
            if not me._change(kind, by=by, **wanted):
                raise DoneAlready
            deed = Deed.objects.record(action, by=by, reason=reason, person=me.owner, room_id=me.pk)
            Notification.tell_of_deed(recipient=me.owner, deed=deed)
        return deed
