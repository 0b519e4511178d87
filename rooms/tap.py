"""Hearing doorbells in this process."""

import asyncio
from collections.abc import Callable

from django_eventstream.event import Event
from django_eventstream.views import Listener as Tapped


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

    def wake_threadsafe(self) -> None:
        """Called in the thread that said the line, under the manager's lock."""
        rung, self.channel_items = self.channel_items, {}
        version = max((int(event.id) for events in rung.values() for event in events), default=0)
        self.loop.call_soon_threadsafe(self._ring, version)


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
