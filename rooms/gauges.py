"""What Prometheus sees of this process's live rooms. Looked at when it asks: no line takes longer for it."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from rooms import live


class LiveRooms(Collector):
    """Who listens, in how many rooms, and what waits to be sent; from any thread."""

    def collect(self) -> Iterator[Metric]:
        load = live.load()
        for name, text, value in (
            ("cobra_listeners", "Open streams.", load.listeners),
            ("cobra_rooms_live", "Rooms that somebody listens to.", load.rooms),
            ("cobra_queue_listeners", "Streams whose reader is behind.", load.behind),
            ("cobra_queue_messages", "Messages that wait for readers who are behind.", load.messages),
            ("cobra_queue_bytes", "Bytes that wait for readers who are behind.", load.bytes),
        ):
            yield GaugeMetricFamily(name, text, value)


def register() -> None:
    """Once a process: a second registration would be refused."""
    if _LIVE_ROOMS not in REGISTRY._collector_to_names:
        REGISTRY.register(_LIVE_ROOMS)


_LIVE_ROOMS = LiveRooms()
