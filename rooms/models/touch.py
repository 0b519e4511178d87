"""That somebody has changed a line, for as long as it counts."""

from django.db import models
from django.utils import timezone

from accounts.models import User
from rooms.gates import line_rate_of


class TouchQuerySet(models.QuerySet["Touch"]):
    def note(self, person: User) -> None:
        """This person changes a line now. Whatever counts no longer goes."""
        rate = line_rate_of(person)
        if rate is None:
            return
        now = timezone.now()
        self.filter(person=person, at__lt=now - rate.window).delete()
        self.create(person=person, at=now)


class Touch(models.Model):
    """Somebody has edited or deleted a line, or reacted to one: `LINE_RATE` counts it beside the lines they say."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="touches")
    at = models.DateTimeField()

    objects = TouchQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["person", "-at"], name="touch_by_person"),)

    def __str__(self) -> str:
        return f"{self.person} {self.at:%H:%M:%S}"
