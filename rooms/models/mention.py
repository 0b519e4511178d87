"""Whom a line calls."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

if TYPE_CHECKING:
    from rooms.models.line import Line


class MentionQuerySet(models.QuerySet["Mention"]):
    def rewrite(self, line: "Line", people: Iterable[User]) -> None:
        """Let the line call these people and nobody else; who was called before stays called since then."""
        wanted = {person.pk: person for person in people if person.pk != line.author_id}
        if line.edited_at:
            self.filter(line=line).exclude(person__in=wanted).delete()
        if wanted:
            self.bulk_create([self.model(line=line, person=each) for each in wanted.values()], ignore_conflicts=True)


class Mention(models.Model):
    """A line calls this person by `@`. Nobody calls themselves, nor anybody who has blocked them."""

    line = models.ForeignKey("rooms.Line", on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mentions")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MentionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = (models.UniqueConstraint(fields=["line", "person"], name="mention_unique"),)

    def __str__(self) -> str:
        return f"@{self.person}"
