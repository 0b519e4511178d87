"""Answers that leave in one piece or not at all."""

from typing import Any

from cobra.asgi_types import Headers, Send
from cobra.wire import cycle_of


class _Gathering:
    """In the place of a connection's transport: what is written waits here."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._written: list[bytes] = []
        self._is_closed = False

    def write(self, data: bytes) -> None:
        self._written.append(data)

    def close(self) -> None:
        self._is_closed = True

    def release(self) -> None:
        if self._written:  # nothing where the other side has gone
            self._transport.write(b"".join(self._written))
        if self._is_closed:
            self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


async def answer_whole(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """A response whose head and body are written together, to who would take half of it for all: by itself uvicorn
    writes one after the other, and a process may be killed in between."""
    start = {"type": "http.response.start", "status": status, "headers": list(headers)}
    end = {"type": "http.response.body", "body": body}
    cycle: Any = cycle_of(send)
    if cycle is None:
        await send(start)
        await send(end)
        return
    transport = cycle.transport
    cycle.transport = gathering = _Gathering(transport)
    try:
        await send(start)
        await send(end)
    finally:
        cycle.transport = transport
    gathering.release()
