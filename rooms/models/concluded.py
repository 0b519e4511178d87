"""How a room's talk ends, slows down, and what is kept of it."""

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django.db import models

from accounts.models import User
from cobra.db import write
from rooms import doorbell
from rooms.models.line import Line
from rooms.models.verdict import Verdict
from rooms.models.version import RoomVersion

if TYPE_CHECKING:
    from rooms.models.room import Room


class Concluded(models.Model):
    """The verbs of the post's author, and of the staff."""

    class Meta:
        abstract = True

    def close(self, *, by: User, verdict: Verdict, text: str) -> None:
        """End the talk with a verdict and one sentence; said to everybody, and nothing more is said after it."""
        cast("Room", self)._change(Line.Kind(verdict), by=by, text=text, verdict=verdict, verdict_text=text)

    def reopen(self, *, by: User) -> None:
        """The talk goes on."""
        cast("Room", self)._change(Line.Kind.REOPENED, by=by, verdict="", verdict_text="")

    def slow_down(self, *, by: User, seconds: int) -> None:
        """So long between two lines of one person; 0 ends it."""
        cast("Room", self)._change(Line.Kind.SLOWED, by=by, text=str(seconds), slow_seconds=seconds)

    def keep(self, kind: Line.Kind, *, by: User, text: str, section: int, lines: Mapping[int, int | None]) -> None:
        """Say what became of a section of kept thoughts; `lines`, by id, say in which section they stand (None: none).

        A line that is gone stands in none. Every line that says something new takes a version, as the notice does.
        """
        with write():
            version = RoomVersion.objects.advance(self.pk).version
            notice = Line(
                room_id=self.pk, seq=version, version=version, author=by, kind=kind, text=text, kept_in=section
            )
            notice.save(force_insert=True)
            changed = []
            for line in Line.objects.filter(room=self.pk).filter(pk__in=lines).order_by("seq"):
                wanted = None if line.is_gone else lines[line.pk]
                if line.kept_in != wanted:
                    line.kept_in = wanted
                    changed.append(line)
            if changed:
                version = RoomVersion.objects.advance(self.pk, by=len(changed)).version
                for line, new in zip(reversed(changed), itertools.count(version, -1), strict=False):
                    line.version = new
                Line.objects.bulk_update(changed, ["kept_in", "version"])
            doorbell.ring_on_commit(self.pk, version)
