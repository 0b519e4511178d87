"""How often a room's log has changed."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone

from rooms.querysets import RoomVersionQuerySet


def new_epoch() -> str:
    return secrets.token_hex(4)


class RoomVersion(models.Model):
    """How often a room's log has changed, which log it is, and what lists sort rooms by.

    Touched by `advance()` alone.
    """

    room = models.OneToOneField("rooms.Room", on_delete=models.CASCADE, primary_key=True, related_name="position")
    version = models.PositiveBigIntegerField(default=0)
    epoch = models.CharField(max_length=16, default=new_epoch)
    opened_at = models.DateTimeField(default=timezone.now)
    # When something was last said here, or the room was opened.
    alive_at = models.DateTimeField(default=timezone.now)
    # When the log last changed in any way; empty before it first did. Asked for once by each process, which reads all
    # rooms for it: an index would cost every change something.
    changed_at = models.DateTimeField(null=True)
    # Has anybody but the owner said something?
    has_answer = models.BooleanField(default=False)

    objects = RoomVersionQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["-alive_at", "-room"], name="room_liveliest"),
            models.Index(fields=["-opened_at", "-room"], condition=Q(has_answer=False), name="room_unanswered"),
        )

    def __str__(self) -> str:
        return f"{self.epoch}-{self.version}"
