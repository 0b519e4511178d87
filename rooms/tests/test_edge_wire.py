"""How the answer to what Pushpin asks leaves: in one piece, through the real server's own protocol."""

import asyncio
from functools import partial

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from accounts.models import User
from board.models import Post
from cobra.tests.connection import Connection, connected
from rooms.tests.ears import Ear, listen, on_thread
from rooms.tests.pushpin import lines_of, through
from rooms.tests.room import cursor_now, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pushpin")]


def asking(ear: Ear, connection: str = "keep-alive") -> tuple[HttpToolsProtocol, Connection]:
    """This request, on its way through the real server's own protocol."""
    from cobra.asgi import application

    headers = [*ear.scope["headers"], (b"connection", connection.encode())]
    return connected(application, f"{ear.scope['path']}?lang=ko", headers)


@pytest.mark.parametrize("connection", ["keep-alive", "close"])
def test_what_pushpin_is_answered_leaves_in_one_piece(post: Post, owner: User, connection: str) -> None:
    async def conversation() -> None:
        ear = through(Ear(post.pk), last={lines_of(post): await cursor_now(post)})
        line = await on_thread(partial(say, post, owner))
        protocol, wire = asking(ear, connection)
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
    async def conversation() -> None:
        ear = through(Ear(post.pk), last={lines_of(post): await cursor_now(post)})
        protocol, wire = asking(ear)
        protocol.connection_lost(None)
        async with asyncio.timeout(5):
            await asyncio.gather(*protocol.tasks)
        assert wire.written == []

    listen(conversation)
