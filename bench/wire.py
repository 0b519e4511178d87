"""What travels on a stream, as one who listens for a benchmark reads it."""

import re
from functools import lru_cache
from typing import NamedTuple

# A line is recognised by a word in its text that survives Markdown, links and escaping: its number, and the monotonic
# nanoseconds at which it was first sent. Client and server are one machine.
SAID = re.compile(rb'data-seq="(\d+)".*?bench(\d+)at(\d+)z', re.DOTALL)
FIELD = re.compile(rb"(?m)^(event|id|retry|data): ?(.*)$")


def word(number: int, at: int) -> str:
    return f"bench{number}at{at}z"


class Heard(NamedTuple):
    """One line in an event: where it stands in the log, which one of ours it is and when it was sent (ns)."""

    seq: int
    number: int
    sent: int


class Event(NamedTuple):
    name: str
    id: str
    retry: int | None
    lines: tuple[Heard, ...]

    @property
    def version(self) -> int | None:
        _epoch, dash, version = self.id.rpartition("-")  # an id of another kind than ours tells none
        return int(version) if dash else None


def events(text: bytes) -> tuple[list[Event], bytes]:
    """The whole events of a stream, and what is not yet one. What is in front of Django may write an event in pieces,
    and the end of one together with the beginning of the next."""
    whole, _, rest = text.rpartition(b"\n\n")
    return [_event(block) for block in whole.split(b"\n\n") if block], rest


@lru_cache(maxsize=256)
def _event(block: bytes) -> Event:
    """Everybody gets the same bytes, so they are read once for a thousand listeners."""
    fields = {name: value for name, value in FIELD.findall(block) if name != b"data"}
    lines = tuple(Heard(int(seq), int(number), int(sent)) for seq, number, sent in SAID.findall(block))
    retry = fields.get(b"retry")
    return Event(
        fields.get(b"event", b"").decode(), fields.get(b"id", b"").decode(), int(retry) if retry else None, lines
    )


def chunks(read: bytes) -> tuple[list[bytes], bytes]:
    """The whole chunks of an HTTP/1.1 body, an empty one at its end, and the bytes that are not yet a chunk."""
    found, start = [], 0
    while (at := read.find(b"\r\n", start)) >= 0:
        size = int(read[start:at], 16)
        end = at + 2 + size
        if len(read) < end + 2:
            break
        found.append(read[at + 2 : end])
        start = end + 2
    return found, read[start:]
