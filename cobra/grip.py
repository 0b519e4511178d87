"""Pushpin at the edge, where GRIP_URL names its control address: it holds streams, and is told what to write there.

The address is spelt as gripcontrol reads it: `http://127.0.0.1:5561?key=…&verify-iss=pushpin`. The setting has a name
of its own, because django-eventstream publishes each of its events to whatever a setting GRIP_URL names: bells, which
are of no use to a reader.
"""

import json
import logging
import time
from collections import deque
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import takewhile
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from gripcontrol import Channel, HttpStreamFormat, create_grip_channel_header, parse_grip_uri, validate_sig
from pubcontrol import Item

from cobra.asgi_types import Headers

logger = logging.getLogger(__name__)

TIMEOUT = 2  # seconds for one exchange
STALE = 5  # seconds after which nobody is told any more: who lacks it has asked for it, or will
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 0.5  # seconds after a failure
MOST_WAITING = 5_000  # items
MOST_AT_ONCE = 100  # items: some 2 MB at most, where Pushpin takes 10 (deploy/pushpin/pushpin.conf)
MOST_OF_A_STATUS = 200  # bytes
TRUSTED = 10  # seconds for which a signature is not looked at again
KEEP_ALIVE = 20  # seconds without anything
# Whoever asks us directly can say anything there. But where it was Pushpin, it holds no stream of ours.
UNKNOWN = (
    "A Grip-Sig was not signed with the key in GRIP_URL: is that the sig_key of pushpin.conf, and are the clocks alike?"
)


class Proxy(NamedTuple):
    """Where Pushpin is told things, and how its requests are known."""

    config: dict[str, Any]
    key: str | bytes
    iss: str | None


def proxy() -> Proxy | None:
    """What GRIP_URL says; None without it.

    Raises:
        ValueError: it is nothing of the kind, or has no key.
    """
    return _read(settings.EDGE_URL) if settings.EDGE_URL else None


@lru_cache
def _read(url: str) -> Proxy:
    config = parse_grip_uri(url)
    if not config["control_uri"].startswith(("http://", "https://")) or config["control_uri"].endswith("://"):
        raise ValueError("GRIP_URL is the address of Pushpin's control port: http://127.0.0.1:5561?key=…")
    key = config.get("verify_key") or config.get("key")
    if not key:
        raise ValueError("GRIP_URL has no key: http://127.0.0.1:5561?key=…, the sig_key of pushpin.conf.")
    return Proxy(config, key, config.get("verify_iss"))


def is_on() -> bool:
    return bool(settings.EDGE_URL)


def is_signed(headers: Mapping[bytes, str]) -> bool:
    """Did this request come through our Pushpin? It throws away what a client says of that itself, and signs anew."""
    there, signature = proxy(), headers.get(b"grip-sig", "")
    return bool(there and signature and _is_valid(signature, there.key, there.iss, time.time() // TRUSTED))


@lru_cache(maxsize=256)
def _is_valid(signature: str, key: str | bytes, iss: str | None, _moment: float) -> bool:
    """Remembered for as long as `_moment` lasts: all who come in one second are signed for alike."""
    is_valid = bool(validate_sig(signature, key, iss=iss))
    if not is_valid:
        logger.warning(UNKNOWN)
    return is_valid


# --- What is answered ---


class Hold(NamedTuple):
    """How Pushpin is to go on with a stream: the channels it writes from, each with the id of what was said there last
    (None: nothing there has a number), and the address it asks when it lacks something, or after so many seconds."""

    channels: Mapping[str, str | None]
    next_link: str
    timeout: int

    def headers(self) -> Headers:
        channels = create_grip_channel_header([Channel(name, prev_id=last) for name, last in self.channels.items()])
        return [
            (b"grip-hold", b"stream"),
            (b"grip-channel", channels.encode()),
            (b"grip-keep-alive", rb"event: beat\ndata: {}\n\n; format=cstring; timeout=%d" % KEEP_ALIVE),
            (b"grip-link", f"<{self.next_link}>; rel=next; timeout={self.timeout}".encode()),
        ]


def last_id(headers: Iterable[tuple[bytes, bytes]], channel: str) -> str:
    """Up to where the stream has heard this channel, in Pushpin's words."""
    for name, value in headers:
        if name == b"grip-last":
            for part in value.decode("latin-1").split(","):
                said, _, last = part.strip().partition("; last-id=")
                if said == channel:
                    return last
    return ""


# --- What is published ---

Told = dict[str, Any]


def told(channel: str, content: str, *, number: str = "", after: str = "") -> Told:
    """Content for all who hear the channel. `number` and `after`: its id, and the one without which it must not be
    written; the same number twice within `id_cache_ttl` is written once."""
    return _item(channel, HttpStreamFormat(content), number, after)


def closing(channel: str) -> Told:
    """All streams on this channel end."""
    return _item(channel, HttpStreamFormat(close=True))


def hint(channel: str, *, number: str = "") -> Told:
    """All streams on this channel ask their next address, at once."""
    return _item(channel, HttpStreamFormat(action="hint"), number)


def _item(channel: str, what: HttpStreamFormat, number: str = "", after: str = "") -> Told:
    item: Told = Item(what, id=number or None, prev_id=after or None).export()
    return item | {"channel": channel}


class Publisher:
    """Tells Pushpin, in order, on a thread of its own: nobody who says a line waits for it.

    What cannot be told is tried again for `STALE` seconds and then dropped. Streams that were open all the while notice
    by the next number that they lack something; those of a Pushpin that was restarted have come back and been told.

    By the standard library's client, on a connection for each request, which Pushpin closes in any case: gripcontrol's
    own costs several times as much, and every line is told. Of the answer its first line is read: the headers, which
    say nothing more, took as long as all else.
    """

    def __init__(self, there: Proxy) -> None:
        address = urlsplit(there.config["control_uri"])
        self._client = HTTPSConnection if address.scheme == "https" else HTTPConnection
        self._host, self._path = address.netloc, f"{address.path.rstrip('/')}/publish/"
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="edge")
        self._lock = Lock()
        self._waiting: deque[tuple[float, Told]] = deque(maxlen=MOST_WAITING)
        self._pause = 0.0
        self._is_closing = False

    @property
    def waiting(self) -> int:
        """Items that Pushpin has not been told yet."""
        return len(self._waiting)

    def publish(self, items: Iterable[Told]) -> None:
        """From any thread."""
        now = time.monotonic()
        with self._lock:
            was_idle = not self._waiting
            self._waiting.extend((now, item) for item in items)
            if was_idle and self._waiting and not self._is_closing:
                self._thread.submit(self._run)

    def _run(self) -> None:
        while batch := self._next():
            try:
                self._send(batch)
            except Exception as error:  # whatever it is: who waits here is told later
                self._failed(error)
            else:
                self._done(batch)

    def _next(self) -> list[tuple[float, Told]]:
        with self._lock:
            oldest = time.monotonic() - STALE
            while self._waiting and self._waiting[0][0] < oldest:
                self._waiting.popleft()
            return list(self._waiting)[:MOST_AT_ONCE]

    def _send(self, batch: list[tuple[float, Told]]) -> None:
        data = json.dumps({"items": [item for _, item in batch]}, ensure_ascii=False).encode()
        control = self._client(self._host, timeout=TIMEOUT)
        try:
            control.request("POST", self._path, data, {"Content-Type": "application/json"})
            with control.sock.makefile("rb") as reading:
                answer = reading.readline(MOST_OF_A_STATUS)
            if answer.split()[1:2] != [b"200"]:
                raise HTTPException(f"it answers {answer!r}")
        finally:
            control.close()

    def _done(self, batch: list[tuple[float, Told]]) -> None:
        if self._pause:
            logger.warning("Pushpin is back")
        self._pause = 0.0
        sent = {id(entry) for entry in batch}
        with self._lock:
            for _ in list(takewhile(lambda entry: id(entry) in sent, list(self._waiting))):
                self._waiting.popleft()

    def _failed(self, error: Exception) -> None:
        if not self._pause:
            logger.warning("Pushpin cannot be told, trying again: %s", error)
        self._pause = min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)
        if self._is_closing:
            with self._lock:
                self._waiting.clear()
        time.sleep(self._pause)

    def close(self) -> None:
        """What waits is told once more."""
        self._is_closing = True
        self._thread.shutdown(wait=True)
