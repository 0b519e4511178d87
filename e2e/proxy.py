"""A reverse proxy between a browser and a site, which can fail in the ways that proxies and networks do."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

BAD_GATEWAY = b"<!doctype html><title>502</title><h1>Bad gateway</h1>"


class Proxy:
    """Hands bytes on to a port of this machine. While `is_closed`, and when nobody listens there, it answers 502."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.port = 0
        self.is_closed = False
        self.refused = 0
        self._writers: set[asyncio.StreamWriter] = set()
        # Made in the thread that runs it.
        self._loop: asyncio.AbstractEventLoop
        self._flows: asyncio.Event
        self._ended: asyncio.Event

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def close(self) -> None:
        """Cut every connection and answer 502 from now on."""
        self.is_closed = True
        self._loop.call_soon_threadsafe(self._cut)

    def open(self) -> None:
        self.is_closed = False

    def freeze(self) -> None:
        """Take bytes and hand nothing on, in both directions: what a dead peer looks like."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def thaw_new(self) -> None:
        """New connections work again; the frozen ones stay dead."""
        self._loop.call_soon_threadsafe(self._thaw)

    def _thaw(self) -> None:
        self._flows = asyncio.Event()
        self._flows.set()

    def _cut(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            if self.is_closed:
                raise ConnectionError
            their_reader, their_writer = await asyncio.open_connection("127.0.0.1", self.target)
            self._writers.add(their_writer)
            await asyncio.gather(
                self._hand_on(reader, their_writer, self._flows), self._hand_on(their_reader, writer, self._flows)
            )
            self._writers.discard(their_writer)
        except ConnectionError:
            await self._refuse(reader, writer)
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flows: asyncio.Event) -> None:
        try:
            while data := await reader.read(65536):
                await flows.wait()
                writer.write(data)
                await writer.drain()
        finally:
            writer.close()

    async def _refuse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.refused += 1
        head = f"HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: {len(BAD_GATEWAY)}\r\n"
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(head.encode() + b"Connection: close\r\n\r\n" + BAD_GATEWAY)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass

    async def _run(self, ready: threading.Event) -> None:
        self._loop, self._ended, self._flows = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        self._flows.set()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._ended.wait()
        server.close()
        self._cut()
        await server.wait_closed()

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        ready = threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._run(ready)), daemon=True)
        thread.start()
        ready.wait(5)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._ended.set)
            thread.join(5)
