"""The connection under a request, where uvicorn is the server."""

from functools import lru_cache

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from cobra.asgi_types import Send


def cycle_of(send: Send) -> RequestResponseCycle | None:
    """Whose method a request's `send` is; None where that is not uvicorn's."""
    cycle = getattr(send, "__self__", None)
    return cycle if isinstance(cycle, RequestResponseCycle) else None


@lru_cache(maxsize=4)
def chunk_of(data: bytes) -> bytes:
    """`data` as a chunk (RFC 9112, 7.1): framed once, and the same bytes for everybody who is sent it next."""
    return b"%x\r\n%b\r\n" % (len(data), data)


class Wire:
    """A way around `send` for what many are told.

    `send` frames and copies each message for each of them. That, with what it touches on the way, is a quarter of what
    a delivery costs: a thousand listeners' objects are in no cache of the processor by the time something is said
    again.
    """

    __slots__ = ("_cycle", "_flow", "_transport")

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle, self._flow, self._transport = cycle, cycle.flow, cycle.transport

    @classmethod
    def of(cls, send: Send) -> "Wire | None":
        cycle = cycle_of(send)
        return cls(cycle) if cycle else None

    def write(self, data: bytes) -> bool:
        """A piece of the body, at once. False, and nothing is written, where `send` is to decide: the answer has not
        begun or is not chunked, the other side is behind or has gone."""
        if self._flow.write_paused or self._transport.is_closing() or not self._cycle.chunked_encoding:
            return False
        self._transport.write(chunk_of(data))
        return True

    def abort(self) -> None:
        """Cut the connection; what was not taken yet is thrown away."""
        self._transport.abort()
