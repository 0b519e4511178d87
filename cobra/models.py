"""What the processes of a site tell each other through the database."""

from typing import Any

from django.db import models
from django.db.models.functions import Now

from cobra.db import write

OLD = 60 * 60  # seconds


class SightingQuerySet(models.QuerySet["Sighting"]):
    def tell(self, process: str, seen: dict[str, Any]) -> None:
        """Write down what this process sees now, by the database's clock: those of machines differ."""
        mine, update = Sighting(process=process, seen_at=Now(), seen=seen), ["seen", "seen_at"]
        with write():
            self.bulk_create([mine], update_conflicts=True, unique_fields=["process"], update_fields=update)

    def hear(self, process: str) -> list[tuple[Any, float]]:
        """What each other process saw, and how many seconds ago."""
        words = {other: (seen, age) for other, seen, age in self.exclude(process=process).aged()}
        if gone := [other for other, (_seen, age) in words.items() if age > OLD]:
            self.filter(process__in=gone).delete()
        return list(words.values())

    def aged(self) -> list[tuple[str, Any, float]]:
        """Process, what it saw, and how many seconds ago."""
        rows = self.annotate(now=Now()).values_list("process", "seen", "seen_at", "now")
        return [(process, seen, (now - seen_at).total_seconds()) for process, seen, seen_at, now in rows]


class Sighting(models.Model):
    """Written every few seconds by each of several processes, and void soon after: a process that was killed takes
    nothing back."""

    process = models.CharField(max_length=16, primary_key=True)
    seen_at = models.DateTimeField()
    # Written and read by `rooms.elsewhere`.
    seen = models.JSONField(default=dict)

    objects = SightingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.process
