"""Taking part in a room, and reading it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Notification, User
from cobra.db import write
from rooms.models.line import Line
from rooms.models.membership import Level, Membership, ReadMark
from rooms.models.version import RoomVersion

if TYPE_CHECKING:
    from rooms.models.room import Room


class Attended(models.Model):
    """The verbs of those who take part."""

    class Meta:
        abstract = True

    def take_part(self, *, by: User, level: Level | None = None) -> None:
        """It stands among their rooms from now on, and tells them as much as `level` says."""
        position = RoomVersion.objects.position(self.pk)
        with write():
            is_new = Membership.objects.take_in(self.pk, [by.pk], read_up_to=position.version if position else 0)
            if level:
                Membership.objects.filter(room=self.pk, person=by).update(level=level)
        by.ring_on_commit()
        if is_new:
            self._note(Line.Kind.JOINED, by=by)

    def leave(self, *, by: User) -> None:
        """Take part no more; how far they have read stays known. Nothing where they do not."""
        with write():
            gone, _by_model = Membership.objects.filter(room=self.pk, person=by).delete()
        by.ring_on_commit()
        if gone:
            self._note(Line.Kind.LEFT, by=by)

    def read(self, *, by: User, up_to: int, lines: Iterable[int] = ()) -> bool:
        """Somebody has the page before them and has read every line up to this `seq`, and these `lines` (ids).

        What the inbox tells of them is read too. Is that further than before?
        """
        position = RoomVersion.objects.position(self.pk)
        seq = min(up_to, position.version if position else 0)
        with write():
            has_moved = ReadMark.objects.advance(self.pk, by.pk, seq=seq, seen_at=timezone.now())
            has_read = Q(line__in=lines) | Q(line__seq__lte=seq) & ~Q(kind=Notification.Kind.CITED)
            has_read_told = by.notifications.filter(has_read, line__room=self.pk).read()
        if has_moved or has_read_told:
            by.ring_on_commit()
        return has_moved

    def _note(self, kind: Line.Kind, *, by: User) -> None:
        """Tell the room who has come or gone; not of those who read unseen, nor to and fro, nor where all is still."""
        me = cast("Room", self)
        if by.is_unseen or me.locked_at or me.verdict or not by.can_write() or Line.objects.wait_of(by):
            return
        last = Line.objects.last_of(self.pk)
        if not (last and last.kind in Line.COMING_AND_GOING and last.author_id == by.pk):
            me._change(kind, by=by)
