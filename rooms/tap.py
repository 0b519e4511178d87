"""Hearing doorbells in this process."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

from django_eventstream.event import Event
from django_eventstream.views import Listener as Tapped

from cobra.metrics import DELIVERY

MOST_TIMED = 64  # bells whose delivery is measured at once; of a storm the newest


class Tap(Tapped):
    """The one listener of a channel on django-eventstream's ListenerManager in this process.

    `ring` is called on the loop with the greatest number that was rung.
    """

    channel_items: dict[str, list[Event]]

    def __init__(self, channel: str, ring: Callable[[int], object]) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.channels = {channel}
        self._ring = ring
        self._rung: deque[tuple[int, float]] = deque(maxlen=MOST_TIMED)

    def wake_threadsafe(self) -> None:
        """Called in the thread that said the line, under the manager's lock."""
        rung, self.channel_items = self.channel_items, {}
        version = max((int(event.id) for events in rung.values() for event in events), default=0)
        self._rung.append((version, time.perf_counter()))
        self.loop.call_soon_threadsafe(self._ring, version)

    def told(self, number: int) -> None:
        """Everybody has been told up to `number`: how long that took since it rang."""
        now = time.perf_counter()
        while self._rung and self._rung[0][0] <= number:
            DELIVERY.observe(now - self._rung.popleft()[1])

    def forget(self) -> None:
        """What has rung is of no more concern to anybody."""
        self._rung.clear()


class WordTap(Tapped):
    """The same for a channel without numbers: `hear` is called on the loop with every word, in their order."""

    channel_items: dict[str, list[Event]]

    def __init__(self, channel: str, hear: Callable[[str], object]) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.channels = {channel}
        self._hear = hear

    def wake_threadsafe(self) -> None:
        heard, self.channel_items = self.channel_items, {}
        for events in heard.values():
            for event in events:
                self.loop.call_soon_threadsafe(self._hear, event.data)
