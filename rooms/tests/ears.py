"""Listeners for tests: they speak ASGI to the address of a stream as the server does, and keep what they hear."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

from django.db import connections

from rooms import bot_stream, live, roomless_stream, stream

# Database work of a test on a thread of its own, as requests have theirs.
_thread = ThreadPoolExecutor(1)


class Event:
    """One server-sent event."""

    def __init__(self, block: str) -> None:
        rows = [row.partition(": ")[::2] for row in block.split("\n") if row]
        fields = dict(rows)
        self.name = fields.get("event", "")
        self.id = fields.get("id", "")
        self.retry = fields.get("retry", "")
        self.data = "\n".join(value for name, value in rows if name == "data")

    @property
    def lines(self) -> list[int]:
        """The ids of the lines in it."""
        return [int(pk) for pk in re.findall(r'id="line-(\d+)"', self.data)]


class Ear:
    """One stream, from `open()` until `close()` or its end. Without a room: the one of all other pages."""

    def __init__(
        self,
        room_id: int | None,
        *,
        cursor: str = "",
        lang: str = "ko",
        cookies: dict[str, str] | None = None,
        **scope: Any,
    ) -> None:
        headers = [(b"host", b"localhost")]
        if cookies:
            headers.append((b"cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()).encode()))
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": f"/posts/{room_id}/room/stream/" if room_id else "/stream/",
            "query_string": f"lang={lang}&lastEventId={cursor}".encode(),
            "headers": headers,
            "client": ("127.0.0.1", 5),
            **scope,
        }
        self.room_id = room_id
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self.is_over = False
        self._gone = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> Self:
        self._task = asyncio.create_task(self._run())
        await until(lambda: self.status != 0)
        return self

    async def _run(self) -> None:
        if self.room_id:
            await stream.serve(self.scope, self._receive, self._send, self.room_id)
        else:
            await roomless_stream.serve(self.scope, self._receive, self._send)
        self.is_over = True

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.text += message.get("body", b"").decode()

    @property
    def events(self) -> list[Event]:
        return [Event(block) for block in self.text.split("\n\n")[:-1]]

    @property
    def heard(self) -> list[int]:
        """The ids of all lines it was told of, in order."""
        return [pk for event in self.events for pk in event.lines]

    @property
    def cursor(self) -> str:
        """What the page would send as Last-Event-ID."""
        return next((event.id for event in reversed(self.events) if event.id), "")

    @property
    def names(self) -> list[str]:
        """Of all events, in order."""
        return [event.name for event in self.events]

    def named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name == name]

    async def is_told(self, name: str) -> None:
        """Wait for an event of this name."""
        await until(lambda: bool(self.named(name)))

    async def hears(self, *lines: int) -> None:
        """Wait until exactly these lines came, in this order."""
        await until(lambda: len(self.heard) >= len(lines))
        assert self.heard == list(lines)

    async def is_ended(self) -> None:
        await until(lambda: self.is_over)

    async def close(self) -> None:
        self._gone.set()
        if self._task:
            await self._task


class BotEar(Ear):
    """Listens to a room as a bot does."""

    def __init__(self, room_id: int, *, token: str = "", **scope: Any) -> None:
        super().__init__(room_id, **scope)
        self.scope["path"] = f"/api/chat/room/{room_id}/stream/"
        if token:
            self.scope["headers"].append((b"authorization", f"Bearer {token}".encode()))

    async def _run(self) -> None:
        assert self.room_id
        await bot_stream.serve(self.scope, self._receive, self._send, self.room_id)
        self.is_over = True

    @property
    def told(self) -> list[tuple[str, dict[str, Any]]]:
        return [(event.name, json.loads(event.data)) for event in self.events if event.name.startswith("chat.message")]

    async def hears_of(self, count: int) -> None:
        await until(lambda: len(self.told) >= count)


async def until(condition: Callable[[], bool], seconds: float = 8) -> None:
    """Wait for the thing itself; fail when it does not come."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  what is waited for has no event
            await asyncio.sleep(0.005)


async def on_thread[T](work: Callable[[], T]) -> T:
    """Database work as a request does it: on another thread than the loop's."""
    return await asyncio.get_running_loop().run_in_executor(_thread, work)


def listen(conversation: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a conversation on an event loop with a hub of its own, and tidy up after it."""

    async def run() -> None:
        try:
            await conversation()
        finally:
            await live.close_hub()
            await on_thread(connections.close_all)

    asyncio.run(run())
