"""Answers of one word."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# The whole set, in the order they are offered and shown (DESIGN: reactions are words).
WORDS: Final = ("+1", "아하", "왜?", "LGTM", "TIL", "ㅋㅋ")


class Reaction(models.Model):
    """Somebody's word to a line. That it is taken back leaves no row."""

    line = models.ForeignKey("rooms.Line", on_delete=models.CASCADE, related_name="reactions")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="reactions")
    word = models.CharField(_("word"), max_length=8, choices=[(word, word) for word in WORDS])
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = (
            models.UniqueConstraint(fields=["line", "person", "word"], name="reaction_unique"),
            models.CheckConstraint(condition=Q(word__in=WORDS), name="reaction_word"),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.word}"


NAMED: Final = 12  # people in the title of a word


@dataclass(frozen=True, slots=True)
class Tally:
    """Who has said one word to a line, in the order they did."""

    word: str
    people: list[User]

    @property
    def count(self) -> int:
        return len(self.people)

    @property
    def named(self) -> list[User]:
        return self.people[:NAMED]

    @property
    def unnamed(self) -> int:
        return max(0, self.count - NAMED)


def tallies(reactions: Iterable[Reaction]) -> list[Tally]:
    """By word, in the order of `WORDS`."""
    ordered = sorted(reactions, key=lambda each: (WORDS.index(each.word), each.pk))
    return [Tally(word, [each.person for each in some]) for word, some in groupby(ordered, attrgetter("word"))]
