"""Who takes part in a room, and how much of it reaches them; and how far somebody has read."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rooms.reading import MembershipQuerySet, ReadMarkQuerySet

if TYPE_CHECKING:
    from rooms.models.room import Room


class Level(models.TextChoices):
    """What a room tells somebody who takes part in it."""

    ALL = "all", _("everything")
    CALLS = "calls", _("when I am called")
    DIGESTS = "digests", _("kept thoughts only")
    OFF = "off", _("nothing")

    @property
    def hears_calls(self) -> bool:
        """Is the person told of a mention, and of an answer to what they said?"""
        return self in (Level.ALL, Level.CALLS)

    @property
    def hears_digests(self) -> bool:
        """Of kept thoughts that are published, and of a verdict?"""
        return self in (Level.ALL, Level.DIGESTS)


class Membership(models.Model):
    """`person` takes part in `room`: it stands among their rooms, counts what is unread and tells by its level."""

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    level = models.CharField(_("tells me"), max_length=8, choices=Level.choices, default=Level.ALL)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (models.UniqueConstraint(fields=["person", "room"], name="membership_unique"),)

    def __str__(self) -> str:
        return f"{self.person} @ {self.room}"

    @classmethod
    def of(cls, room: "Room", reader: object) -> "Membership | None":
        """None for a visitor, and for who takes no part."""
        return cls.objects.filter(room=room, person=reader.pk).first() if isinstance(reader, User) else None


class ReadMark(models.Model):
    """How far `person`, member or not, has read in `room`: every line up to `seq`. It never moves back.

    `seen_at`: when they last had the page before them; what changed after that is news to them.
    """

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="read_marks")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="read_marks")
    seq = models.PositiveBigIntegerField(default=0)
    seen_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReadMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = (models.UniqueConstraint(fields=["person", "room"], name="read_mark_unique"),)

    def __str__(self) -> str:
        return f"{self.person} @ {self.room} ≤ {self.seq}"
