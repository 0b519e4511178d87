"""The site as an ASGI application: streams and `/healthz` on the event loop, all else by Django on a few threads."""

import asyncio
import os
import sys
from collections.abc import Mapping
from typing import Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cobra.settings")
django.setup(set_prefix=False)

from django.core.handlers.asgi import ASGIHandler  # noqa: E402  after setup()
from django.http import HttpRequest  # noqa: E402
from django.http.response import HttpResponseBase  # noqa: E402

from cobra.asgi_types import Receive, Scope, Send, answer  # noqa: E402
from cobra.http import TOO_LONG  # noqa: E402
from cobra.threads import ThreadPool  # noqa: E402
from rooms import bot_stream, roomless_stream, stream  # noqa: E402
from rooms.live import close_hub, get_hub  # noqa: E402

# With the one that reads for the streams: at most five database connections a process.
REQUEST_THREADS = 4


class Site(ASGIHandler):
    """Django, its synchronous code on `REQUEST_THREADS` threads.

    All views and middleware are synchronous, so a request changes threads once, for all of them together: as Django
    comes, each middleware would go there and back by itself, which costs more than the rest of a small request.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=False)
        self.threads = ThreadPool(REQUEST_THREADS)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        lease = self.threads.lease()
        try:
            async with ThreadSensitiveContext(executor=lease):
                await self.handle(scope, receive, send)
        finally:
            lease.release()


site = Site()

# A picture of 5 MB with its form around it. Django would write any body to disk before a view could refuse it.
LONGEST_BODY = 6 * 1024 * 1024  # bytes
# A longer one is taken in and thrown away up to here, since a browser reads no answer while it still sends: whoever
# chose a photograph that is too large is told so, instead of a broken connection.
LONGEST_HEARD = 64 * 1024 * 1024  # bytes
PATIENCE = 60  # seconds that this may take


def limited(receive: Receive) -> Receive:
    """`receive`, which takes a body that grows past `LONGEST_BODY` for one whose sender has gone."""
    taken = 0

    async def limited_receive() -> Mapping[str, Any]:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= LONGEST_BODY else {"type": "http.disconnect"}

    return limited_receive


def length_of(scope: Scope) -> int:
    """How long the request says that its body is, in bytes; for nonsense, longer than anything."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length[:20]) if length.isdigit() else sys.maxsize


async def refuse_body(scope: Scope, receive: Receive, send: Send) -> None:
    """Hear the body out, and let the site say in the reader's words that it is too long (`cobra.middleware`)."""
    if length_of(scope) > LONGEST_HEARD:
        await answer(send, 413, "That is more than 6 MB.\n", [(b"connection", b"close")])
        return
    async with asyncio.timeout(PATIENCE):
        while (message := await receive()).get("more_body"):
            pass
    if message["type"] == "http.disconnect":
        return

    emptied = iter([{"type": "http.request"}])

    async def receive_nothing() -> Mapping[str, Any]:
        return next(emptied, None) or await receive()

    headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
    await site(scope | {"headers": headers, TOO_LONG: True}, receive_nothing, send)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    if scope["path"] == "/healthz":
        await answer(send, 200, "ok\n")
    elif (room_id := stream.room_of(scope["path"])) is not None:
        await stream.serve(scope, receive, send, room_id)
    elif scope["path"] in roomless_stream.PATHS:
        await roomless_stream.serve(scope, receive, send)
    elif (room_id := bot_stream.room_of(scope["path"])) is not None:
        await bot_stream.serve(scope, receive, send, room_id)
    elif length_of(scope) > LONGEST_BODY:
        await refuse_body(scope, receive, send)
    else:
        await site(scope, limited(receive), send)


async def begin_streams() -> None:
    """Know the other processes of the site before the first reader comes; the server calls it when it starts."""
    get_hub()


async def end_streams() -> None:
    """Tell every stream to end; the server calls it before it waits for the requests under way."""
    await close_hub()
