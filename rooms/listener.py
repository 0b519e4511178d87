"""The sending side of one stream."""

import asyncio
from typing import NamedTuple

from cobra.asgi_types import Send
from cobra.wire import Wire
from rooms.standing import Reader

# Bytes a listener may be behind before its connection is cut: it comes back and resumes, late but whole.
MOST_BEHIND = 256 * 1024


class Waiting(NamedTuple):
    """What a listener has not been sent yet."""

    messages: int
    bytes: int


class Listener:
    """One open stream: who listens, in which encoding, up to which version of the log it has been told."""

    __slots__ = (
        "_behind",
        "_buffer",
        "_loop",
        "_send",
        "_sending",
        "_wire",
        "address",
        "cursor",
        "encoding",
        "ended",
        "is_live",
        "reader",
    )

    def __init__(self, send: Send, reader: Reader, encoding: str, address: str = "") -> None:
        self._send, self._wire = send, Wire.of(send)
        self._loop = asyncio.get_running_loop()
        self._buffer: list[bytes] = []
        self._behind = 0
        self._sending: asyncio.Task[None] | None = None
        self.reader = reader
        self.encoding = encoding
        self.address = address
        self.cursor = 0
        self.is_live = False
        self.ended: asyncio.Future[None] = self._loop.create_future()

    def push(self, data: bytes) -> None:
        """Send at once where the socket takes it; else keep it, up to `MOST_BEHIND`."""
        if not data or self.ended.done():
            return
        if self._sending is not None:
            self._buffer.append(data)
            self._behind += len(data)
            if self._behind > MOST_BEHIND:
                self.abort()
            return
        if not (self._wire and self._wire.write(data)):
            self._ask_to_send(data)

    def _ask_to_send(self, data: bytes) -> None:
        """The task starts eagerly: what is taken at once is written before this returns, and no task is scheduled."""
        task = asyncio.Task(self._write(data), loop=self._loop, eager_start=True)
        if not task.done():
            self._sending = task
            task.add_done_callback(self._written)
        elif task.exception() is not None:
            self.end()

    async def _write(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    def _written(self, task: "asyncio.Task[None]") -> None:
        self._sending = None
        if task.cancelled() or task.exception() is not None:
            self.end()
        elif self._buffer:
            data, self._buffer, self._behind = b"".join(self._buffer), [], 0
            self.push(data)

    @property
    def waiting(self) -> Waiting:
        return Waiting(len(self._buffer), self._behind)

    def end(self) -> None:
        """Let the stream's application return; what was pushed before goes out first where the socket takes it."""
        if not self.ended.done():
            self.ended.set_result(None)

    def abort(self) -> None:
        """Cut the connection of somebody who does not read: a polite end would wait behind what they did not take."""
        self._buffer, self._behind = [], 0
        if self._wire:
            self._wire.abort()
        if self._sending is not None:
            self._sending.cancel()
        self.end()
