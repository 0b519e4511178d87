"""How a room's talk ends, slows down, and what is kept of it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from django.db import models

from accounts.models import Notification, User
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
        from rooms import telling

        with write():
            me = cast("Room", self)
            if notice := me._change(Line.Kind(verdict), by=by, text=text, verdict=verdict, verdict_text=text):
                telling.tell_members(Notification.Kind.VERDICT, notice, by=by)

    def reopen(self, *, by: User) -> None:
        """The talk goes on."""
        cast("Room", self)._change(Line.Kind.REOPENED, by=by, verdict="", verdict_text="")

    def slow_down(self, *, by: User, seconds: int) -> None:
        """So long between two lines of one person; 0 ends it."""
        cast("Room", self)._change(Line.Kind.SLOWED, by=by, text=str(seconds), slow_seconds=seconds)

    def keep(self, kind: Line.Kind, *, by: User, text: str, section: int, lines: Mapping[int, int | None]) -> Line:
        """Say what became of a section of kept thoughts, and let its lines say it (`mark_kept`)."""
        with write():
            version = RoomVersion.objects.advance(self.pk).version
            notice = Line(room_id=self.pk, seq=version, version=version, author=by, kind=kind, text=text)
            notice.kept_in = section
            notice.save(force_insert=True)
            self.mark_kept(lines)
            cast("Room", self).account_for_notice(kind, by=by)
            doorbell.ring_on_commit(self.pk, version)
        return notice

    def mark_kept(self, lines: Mapping[int, int | None]) -> None:
        """These lines, by id, say in which section they are quoted (None: none); what is gone is in none.

        Every line that says something new takes a version.
        """
        with write():
            RoomVersion.objects.advance(self.pk, by=0)  # the lock
            changed = []
            for line in Line.objects.filter(room=self.pk, pk__in=lines).order_by("seq"):
                wanted = None if line.is_gone else lines[line.pk]
                if line.kept_in != wanted:
                    line.kept_in = wanted
                    changed.append(line)
            if not changed:
                return
            version = RoomVersion.objects.advance(self.pk, by=len(changed)).version
            for number, line in enumerate(reversed(changed)):
                line.version = version - number
            Line.objects.bulk_update(changed, ["kept_in", "version"])
            doorbell.ring_on_commit(self.pk, version)
