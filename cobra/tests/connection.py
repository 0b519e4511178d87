"""A connection to the real server's own protocol, without a socket."""

import asyncio
from collections.abc import Iterable
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState


class Connection(asyncio.Transport):
    """Keeps what is written on it, piece by piece."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self.is_closed:
            raise RuntimeError("The handler is closed.")  # as uvloop's says
        self.written.append(bytes(data))

    def close(self) -> None:
        self.is_closed = True

    abort = close

    def is_closing(self) -> bool:
        return self.is_closed

    def resume_reading(self) -> None:
        pass


def connected(
    application: Any, path: str, headers: Iterable[tuple[bytes, bytes]]
) -> tuple[HttpToolsProtocol, Connection]:
    """A GET of this path, on its way."""
    config = uvicorn.Config(application, http="httptools", lifespan="off", log_config=None)
    config.load()
    protocol, connection = HttpToolsProtocol(config, ServerState(), {}), Connection()
    protocol.connection_made(connection)
    rows = [f"GET {path} HTTP/1.1".encode(), *(name + b": " + value for name, value in headers)]
    protocol.data_received(b"\r\n".join([*rows, b"", b""]))
    return protocol, connection
