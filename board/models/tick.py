"""Lines that somebody has set aside in a room."""

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import Suspended
from accounts.models import User
from board.errors import NotTakingPart, TooManyTicked
from board.querysets import TickQuerySet
from cobra.db import write
from rooms.errors import KeptOut, RoomLocked
from rooms.models import Line, Room

MOST_TICKED = 100  # lines of a room, by one person


def refuse_unless_takes_part(room: Room, by: User) -> None:
    """Whoever may write in the room and takes part in it can keep what is said there, also once it has a verdict.

    Raises:
        Refusal: they may not, or do not.
    """
    if not by.can_write():
        raise Suspended
    if room.owner_id in by.kept_out_by and not by.is_staff:
        raise KeptOut
    if room.locked_at:
        raise RoomLocked
    if not room.has_member(by):
        raise NotTakingPart


class Tick(models.Model):
    """`person` has set `line` aside (담기) for a section of kept thoughts. Nobody else is told."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ticks")
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="ticks")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TickQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticked line")
        verbose_name_plural = _("ticked lines")
        constraints = (models.UniqueConstraint(fields=["person", "line"], name="tick_unique"),)

    def __str__(self) -> str:
        return f"{self.person}: {self.line_id}"

    @classmethod
    def choose(cls, *, by: User, room: Room, shown: Collection[int], ticked: Collection[int]) -> None:
        """Of the lines `shown`, by id, exactly those `ticked` are set aside from now on; all others stay as they are.

        Raises:
            Refusal: the person does not take part in the room, or would have more than `MOST_TICKED` of it.
        """
        refuse_unless_takes_part(room, by)
        with write():
            mine = cls.objects.filter(person=by, line__room=room)
            mine.filter(line__in=set(shown) - set(ticked)).delete()
            there = set(mine.values_list("line_id", flat=True))
            new = room.lines.said().there().filter(pk__in=set(ticked) & set(shown) - there)
            rows = [Tick(person=by, line=line) for line in new]
            if len(there) + len(rows) > MOST_TICKED:
                raise TooManyTicked
            Tick.objects.bulk_create(rows, ignore_conflicts=True)
