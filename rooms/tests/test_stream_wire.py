"""How a stream leaves through the real server's own protocol."""

import asyncio
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from typing import Any, cast

import pytest
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from accounts.models import User
from board.models import Post
from cobra.tests.connection import Connection, connected
from rooms import live
from rooms.tests.ears import Event, listen, until
from rooms.tests.room import talk

pytestmark = pytest.mark.django_db(transaction=True)


class Stream:
    """A room's stream, as it was written on a connection."""

    def __init__(self, post: Post) -> None:
        from cobra.asgi import application

        protocol, connection = connected(
            application, f"/posts/{post.pk}/room/stream/?lang=ko", [(b"host", b"localhost")]
        )
        self.protocol: HttpToolsProtocol = protocol
        self.connection: Connection = connection

    @property
    def events(self) -> list[Event]:
        """What a client reads of it."""
        answer = HTTPResponse(cast(socket.socket, Plug(b"".join([*self.connection.written, b"0\r\n\r\n"]))))
        answer.begin()
        assert answer.status == 200
        return [Event(block) for block in answer.read().decode().split("\n\n")[:-1]]

    @property
    def heard(self) -> list[int]:
        return [pk for event in self.events for pk in event.lines]

    async def is_live(self) -> None:
        await until(lambda: bool(self.connection.written) and self.events[-1].name == "caught-up")


class Plug:
    """As much of a socket as reading an answer takes."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def makefile(self, *_: Any) -> io.BytesIO:
        return io.BytesIO(self.data)


@contextmanager
def streams(post: Post, count: int) -> Iterator[list[Stream]]:
    opened = [Stream(post) for _ in range(count)]
    yield opened
    for stream in opened:
        stream.protocol.connection_lost(None)


def test_all_listeners_are_written_the_same_bytes_and_not_each_a_copy(post: Post, owner: User) -> None:
    async def conversation() -> None:
        with streams(post, 2) as (one, other):
            await asyncio.gather(one.is_live(), other.is_live())
            lines = await talk(post, owner, 2)
            await until(lambda: one.heard == other.heard == lines)
            assert one.connection.written[-1] is other.connection.written[-1]

    listen(conversation)


def test_who_does_not_read_is_written_nothing_until_they_do_and_then_all_in_order(post: Post, owner: User) -> None:
    async def conversation() -> None:
        with streams(post, 2) as (awake, asleep):
            await asyncio.gather(awake.is_live(), asleep.is_live())
            asleep.protocol.pause_writing()  # as the transport says when its buffer is full
            lines = await talk(post, owner, 3)
            await until(lambda: awake.heard == lines)
            assert asleep.heard == []
            asleep.protocol.resume_writing()
            await until(lambda: len(asleep.heard) == 3)
            lines += await talk(post, owner, 1)
            await until(lambda: awake.heard == asleep.heard == lines)

    listen(conversation)


def test_a_connection_that_has_just_been_closed_costs_nobody_else_a_line(post: Post, owner: User) -> None:
    async def conversation() -> None:
        with streams(post, 3) as (stays, goes, stays_too):
            await asyncio.gather(*(each.is_live() for each in (stays, goes, stays_too)))
            goes.connection.close()  # and nobody has been told yet
            lines = await talk(post, owner, 2)
            await until(lambda: stays.heard == stays_too.heard == lines)
            assert goes.heard == []
            assert len(live.get_hub().rooms[post.pk].listeners) == 2

    listen(conversation)
