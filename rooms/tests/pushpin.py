"""Pushpin for tests: what it is told, how it asks, and what it reads in an answer."""

import time
from collections.abc import Iterable, Mapping

import jwt

from board.models import Post
from cobra import grip
from rooms.edge_room import channel
from rooms.tests.ears import Ear

KEY = "k" * 32
TOLD: list[grip.Told] = []


class Recorder:
    """Instead of a Pushpin."""

    def __init__(self, there: grip.Proxy) -> None:
        TOLD.clear()

    def publish(self, items: Iterable[grip.Told]) -> None:
        at = time.monotonic()
        TOLD.extend(item | {"at": at} for item in items)

    waiting = 7

    def close(self) -> None:
        pass


def through[E: Ear](ear: E, *, last: Mapping[str, str] = {}, key: str = KEY) -> E:
    """The same request as Pushpin passes it on; with `last` its own, for how to go on."""
    signature = jwt.encode({"iss": "pushpin", "exp": int(time.time()) + 60}, key).encode()
    ear.scope["headers"] = [*ear.scope["headers"], (b"grip-sig", signature)]
    for name, value in last.items():
        ear.scope["headers"].append((b"grip-last", f"{name}; last-id={value}".encode()))
    if last:
        ear.scope["query_string"] = b"lang=ko"
    return ear


async def answered[E: Ear](ear: E, *, last: Mapping[str, str] = {}) -> E:
    """All that the site answers Pushpin; what comes then is told there."""
    await through(ear, last=last).open()
    await ear.is_ended()
    return ear


def told(kind: str, *parts: object) -> list[grip.Told]:
    return [item for item in TOLD if item["channel"] == channel(kind, *parts)]


def content(items: list[grip.Told]) -> list[str]:
    return [item["http-stream"].get("content", "") for item in items]


def actions(items: list[grip.Told]) -> list[str]:
    return [item["http-stream"].get("action", "") for item in items]


def channels_of(ear: Ear) -> dict[str, str]:
    """As the answer names them: what was heard last on each."""
    rows = [part.partition("; prev-id=") for part in ear.headers["grip-channel"].split(", ")]
    return {name.removeprefix(channel("")): last for name, _, last in rows}


def lines_of(post: Post, lang: str = "ko") -> str:
    return channel("lines", post.pk, lang)
