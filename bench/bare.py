"""The reference: the least a Python process can do. One bytes object, encoded once, written to N uvloop transports.

`GET /stream` listens, `POST /` gives the body, an event, to everybody who does, and `GET /` is an empty page for the
browser to start from. No host is checked, nobody is asked who they are, nothing is stored. Where it is told the control
port of a Pushpin in front of it, it leaves the listeners there, and tells it each event. With `--clocks` it wakes as
often as a site does: to look whether a file was written to, and for a heartbeat to everybody.
"""

import argparse
import asyncio
import json
import os
import re
from typing import cast

import uvloop

from cobra.serve import raise_file_limit

CLOCK, BEAT = 2, 20  # seconds, as in rooms/clock.py
LENGTH = re.compile(rb"(?i)\ncontent-length: *(\d+)")
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
OPEN = b"event: open\nretry: 1000\ndata: -\n\n"
HELD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ngrip-hold: stream\r\ngrip-channel: all\r\n"
    b"content-length: %d\r\n\r\n%s"
)
PUBLISH = b"POST /publish/ HTTP/1.1\r\nhost: pushpin\r\ncontent-length: %d\r\n\r\n%s"
PAGE = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 15\r\n\r\n<!doctype html>"
HEARTBEAT = b"event: beat\ndata: {}\n\n"
DONE = b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n"

listening: set[asyncio.Transport] = set()
telling: set[asyncio.Future[None]] = set()
control: int | None = None  # Pushpin's port


def chunk(event: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(event), event)


def fan_out(event: bytes) -> None:
    data = chunk(event)
    for transport in listening:
        transport.write(data)


def give(event: bytes) -> None:
    """It to everybody who listens, wherever they are held."""
    if control:
        telling.add(task := asyncio.ensure_future(tell(event)))
        task.add_done_callback(telling.discard)
    fan_out(event)


async def tell(event: bytes) -> None:
    """Pushpin, which closes each connection after one request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", control)
    item = {"channel": "all", "http-stream": {"content": event.decode()}}
    body = json.dumps({"items": [item]}).encode()
    writer.write(PUBLISH % (len(body), body))
    await reader.read()
    writer.close()


class Wire(asyncio.Protocol):
    """One connection; requests may follow each other on it."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        listening.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.read += data
        head, found, rest = self.read.partition(b"\r\n\r\n")
        match = LENGTH.search(head)
        length = int(match[1]) if match else 0
        if found and len(rest) >= length:
            self.read = rest[length:]
            self.answer(head, rest[:length])

    def answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"POST"):
            give(body)
            self.transport.write(DONE)
        elif head.startswith(b"GET /stream") and control:
            self.transport.write(HELD % (len(OPEN), OPEN))
        elif head.startswith(b"GET /stream"):
            self.transport.write(STREAM + chunk(OPEN))
            listening.add(self.transport)
        else:
            self.transport.write(PAGE)


def look() -> None:
    asyncio.get_running_loop().call_later(CLOCK, look)
    os.stat(__file__)


def beat() -> None:
    asyncio.get_running_loop().call_later(BEAT, beat)
    give(HEARTBEAT)


async def main(port: int, *, has_clocks: bool) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Wire, "127.0.0.1", port, backlog=4_096)
    if has_clocks:
        loop.call_later(CLOCK, look)
        loop.call_later(BEAT, beat)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--control", type=int)
    parser.add_argument("--clocks", action="store_true")
    wanted = parser.parse_args()
    control = wanted.control
    raise_file_limit()
    uvloop.run(main(wanted.port, has_clocks=wanted.clocks))
