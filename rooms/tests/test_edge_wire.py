"""How the answer to what Pushpin asks leaves: in one piece, through the real server's own protocol."""

import asyncio
from functools import partial
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from accounts.models import User
from board.models import Post
from rooms.tests.ears import Ear, listen, on_thread
from rooms.tests.pushpin import lines_of, through
from rooms.tests.room import cursor_now, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pushpin")]


class Wire(asyncio.Transport):
    """A connection that keeps what is written on it, one by one."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written.append(bytes(data))

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def resume_reading(self) -> None:
        pass


def connected(application: Any, ear: Ear, connection: str = "keep-alive") -> tuple[HttpToolsProtocol, Wire]:
    """This request, on its way through the real server's own protocol."""
    config = uvicorn.Config(application, http="httptools", lifespan="off", log_config=None)
    config.load()
    protocol, wire = HttpToolsProtocol(config, ServerState(), {}), Wire()
    protocol.connection_made(wire)
    rows = [f"GET {ear.scope['path']}?lang=ko HTTP/1.1".encode(), f"connection: {connection}".encode()]
    rows += [name + b": " + value for name, value in ear.scope["headers"]]
    protocol.data_received(b"\r\n".join([*rows, b"", b""]))
    return protocol, wire


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_what_pushpin_is_answered_leaves_in_one_piece(post: Post, owner: User, connection: str) -> None:
    from cobra.asgi import application

    async def conversation() -> None:
        ear = through(Ear(post.pk), last={lines_of(post): await cursor_now(post)})
        line = await on_thread(partial(say, post, owner))
        protocol, wire = connected(application, ear, connection)
        async with asyncio.timeout(5):
            await asyncio.gather(*protocol.tasks)
        (answer,) = wire.written
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert answer.endswith(b"0\r\n\r\n")
        assert f'id="line-{line.pk}"'.encode() in answer
        assert wire.is_closed == (connection == "close")
        protocol.connection_lost(None)

    listen(conversation)


def test_a_pushpin_that_has_gone_meanwhile_is_answered_nothing(post: Post) -> None:
    from cobra.asgi import application

    async def conversation() -> None:
        ear = through(Ear(post.pk), last={lines_of(post): await cursor_now(post)})
        protocol, wire = connected(application, ear)
        protocol.connection_lost(None)
        async with asyncio.timeout(5):
            await asyncio.gather(*protocol.tasks)
        assert wire.written == []

    listen(conversation)
