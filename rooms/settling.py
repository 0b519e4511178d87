"""Changes of one line that come within a moment go out once."""

import asyncio
import math
from collections.abc import Iterable

from rooms.models import Line

SETTLE = 0.25  # seconds: what changes of one line meanwhile goes out once, unless something new is said


def _now() -> float:
    return asyncio.get_running_loop().time()


class Settling:
    """Of one live room, on the event loop."""

    def __init__(self) -> None:
        self._told_at: dict[int, float] = {}  # by line, for those told within the last `SETTLE`

    def rest_of(self, lines: list[Line], version: int) -> float:
        """Seconds to wait with these rows: all of them were told a moment ago, and may change again in the next."""
        if not lines or any(line.seq > version for line in lines):
            return 0
        # The loop's clock may begin with the machine, so "never told" is no moment on it.
        return min(self._told_at.get(line.pk, -math.inf) for line in lines) + SETTLE - _now()

    def told(self, lines: Iterable[Line]) -> None:
        now = _now()
        self._told_at = {pk: at for pk, at in self._told_at.items() if now - at < SETTLE}
        self._told_at.update(dict.fromkeys((line.pk for line in lines), now))
