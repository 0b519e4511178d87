"""What Prometheus sees of this process's live rooms. Looked at when it asks: no line takes longer for it."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from rooms import live
from rooms.listener import Listener


class LiveRooms(Collector):
    """Who listens, in how many rooms, and what waits to be sent; from any thread."""

    def collect(self) -> Iterator[Metric]:
        hub = live.current_hub()
        rooms = list(hub.rooms.values()) if hub else []
        listeners: list[Listener] = [listener for room in rooms for listener in list(room.listeners)]
        listeners += list(hub.inboxes.roomless) if hub else []
        edge = hub.edge if hub else None
        behind = [waiting for listener in listeners if (waiting := listener.waiting).messages]
        for name, text, value in (
            ("cobra_listeners", "Open streams.", len(listeners)),
            ("cobra_rooms_live", "Rooms that somebody listens to.", len(rooms)),
            ("cobra_queue_listeners", "Streams whose reader is behind.", len(behind)),
            ("cobra_queue_messages", "Messages that wait for readers who are behind.", sum(w.messages for w in behind)),
            ("cobra_queue_bytes", "Bytes that wait for readers who are behind.", sum(w.bytes for w in behind)),
            ("cobra_edge_waiting", "Items that Pushpin has not been told yet.", edge.waiting if edge else 0),
        ):
            yield GaugeMetricFamily(name, text, value)


def register() -> None:
    REGISTRY.register(LiveRooms())
