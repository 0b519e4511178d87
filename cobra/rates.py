"""Rates as people write them in the environment: `20/10s`, `5/10m`, `60/1m`, `0` for no limit."""

import math
import re
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.core.cache import cache
from django.utils import timezone

if TYPE_CHECKING:
    from django.db.models import QuerySet

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = re.compile(r"(?P<number>\d+)(?P<unit>[smhd])")
FORM = re.compile(r"(?P<count>\d+)/(?P<number>\d*)(?P<unit>[smhd])")


def duration(text: str) -> timedelta | None:
    """Read `10m` or `1d`; `0` gives None.

    Raises:
        ValueError: the text is neither.
    """
    if text.strip() == "0":
        return None
    match = DURATION.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a duration such as 10m or 1d, nor 0.")
    return timedelta(seconds=int(match["number"]) * UNITS[match["unit"]])


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` things in any `window`."""

    count: int
    window: timedelta

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read `20/10s`; `0` means no limit and gives None.

        Raises:
            ValueError: the text is neither.
        """
        if text.strip() == "0":
            return None
        match = FORM.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a rate such as 20/10s, nor 0 for no limit.")
        seconds = int(match["number"] or 1) * UNITS[match["unit"]]
        return cls(int(match["count"]), timedelta(seconds=seconds))

    def wait(self, times: "QuerySet[Any, datetime]") -> int:
        """Whole seconds until one more is allowed, 0 for now. `times`: when the others were, newest first, and none of
        them in the future: after the clock was set back nobody could write until they are past.

        One query, however many there are: the oldest of the last `count` must leave the window first.
        """
        now = timezone.now()
        oldest = next(iter(times[self.count - 1 : self.count]), None) if self.count else now
        left = (oldest + self.window - now).total_seconds() if oldest else 0
        return max(0, math.ceil(left))

    def count_one(self, what: str) -> int:
        """Count one more of what leaves no rows behind, in the cache. Whole seconds until it is allowed, 0 for now.

        By windows of the clock: around the turn of one there may be up to twice as many.
        """
        length = self.window.total_seconds()
        now = time.time()
        number = int(now // length)
        key = f"rate:{what}:{number}"
        cache.add(key, 0, timeout=2 * length)
        try:
            counted = cache.incr(key)
        except ValueError:  # between the two a shared cache went away, or came back
            counted = 1
        return math.ceil((number + 1) * length - now) if counted > self.count else 0
