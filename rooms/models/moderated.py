"""What staff do to a room. Each is a row of the room's log, so that it is seen live, and one of the moderation log."""

from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils import timezone

from accounts.models import Deed, User
from cobra.db import write
from rooms.errors import DoneAlready
from rooms.models.line import Line

if TYPE_CHECKING:
    from rooms.models.room import Room

Action, Kind = Deed.Action, Line.Kind


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

    def _moderate(self, action: Deed.Action, kind: Line.Kind, *, by: User, reason: str, **wanted: Any) -> Deed:
        me = cast("Room", self)
        with write():
            if not me._change(kind, by=by, **wanted):
                raise DoneAlready
            return Deed.objects.record(action, by=by, reason=reason, person=me.owner, room_id=me.pk)
