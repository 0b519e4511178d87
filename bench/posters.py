"""Those who talk: members by the address that the page posts to, and one who sends the bare writer our own bytes."""

import html
import http.client
import re
import time
import urllib.parse
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Protocol

from bench.people import Person
from bench.wire import word

# With its markup a line of this length is an event of about 1 KB.
CHATTER = "Has anybody seen why the second render happens only in development, and never once it is built?"
TIMEOUT = 30  # seconds
PATIENCE = 120  # seconds for which a persistent member sends a line again
TAKEN = (201, 202)  # nchan says 202 where nobody listens
# A connection that has been quiet for longer is made anew: the server ends those after five seconds.
QUIET = 2


class Voice(Protocol):
    def stream(self) -> str:
        """The address to listen at."""

    def say(self, number: int, *, more: str = "") -> None: ...

    def close(self) -> None: ...


class Refused(Exception):
    """A post was not taken."""


class Unavailable(Refused):
    """503: the same may be taken a moment later."""


class Wire:
    """A kept-alive connection to a port here."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
        self._used = 0.0

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> http.client.HTTPResponse:
        now = time.monotonic()
        if now - self._used > QUIET:
            self._http.close()
        self._used = now
        self._http.request(method, path, body, headers)
        return self._http.getresponse()

    def post(self, path: str, headers: dict[str, str], body: bytes) -> None:
        response = self.ask("POST", path, headers, body)
        answer = response.read()
        if response.status not in TAKEN:
            refusal = Unavailable if response.status == 503 else Refused
            raise refusal(f"{response.status}: {answer[:300]!r}")

    def close(self) -> None:
        self._http.close()


class Member:
    """A signed-in member on a room's page. `persistent`: sends a line again until it is taken, as the page does."""

    def __init__(self, port: int, person: Person, room: int, *, persistent: bool = False) -> None:
        self._wire, self._persistent = Wire(port), persistent
        self.refusals: list[Exception] = []
        self.path = f"/posts/{room}/room/lines/"
        self._page = f"/posts/{room}/room/"
        self._cookies = person.cookies()
        _, headers = self._look()
        token = re.search(r"csrftoken=(\w+)", headers)
        assert token
        self._cookies += f"; csrftoken={token[1]}"
        self.headers = {
            "Cookie": self._cookies,
            "X-CSRFToken": token[1],
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Encoding": "gzip, deflate, br",
            "HX-Request": "true",
            "HX-Request-Type": "partial",
        }

    def page(self) -> str:
        """The page as it is now."""
        return self._look()[0]

    def _look(self) -> tuple[str, str]:
        response = self._wire.ask("GET", self._page, {"Cookie": self._cookies})
        page = response.read().decode()
        if response.status != 200:
            raise Refused(f"{response.status}: {page[:300]!r}")
        return page, str(response.headers)

    def stream(self) -> str:
        """The address in the page as it is now, with the cursor of its lines."""
        found = re.search(r'hx-sse:connect="([^"]+)"', self._look()[0])
        assert found
        return html.unescape(found[1])

    def say(self, number: int, *, more: str = "") -> None:
        text = f"{word(number, time.monotonic_ns())} {CHATTER}{more}"
        body = urllib.parse.urlencode({"body": text, "client_id": str(uuid.uuid4())}).encode()
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return self._wire.post(self.path, self.headers, body)
            except (OSError, http.client.HTTPException, Unavailable) as error:
                self.refusals.append(error)
                if not self._persistent or time.monotonic() > until:
                    raise
                self._wire.close()
                time.sleep(0.1)

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> http.client.HTTPResponse:
        return self._wire.ask(method, path, headers, body)

    def close(self) -> None:
        self._wire.close()

    def post(self, path: str) -> None:
        """An empty POST by this member."""
        self._wire.post(path, self.headers, b"")


class Copyist:
    """Sends the bare writer an event of ours as it went out, with nothing but the numbers changed."""

    def __init__(self, port: int, event: bytes) -> None:
        self._wire = Wire(port)
        event = re.sub(rb"(?m)^id: .*$", b"id: epoch-%(number)d", event.replace(b"%", b"%%"))
        event = re.sub(rb'data-seq="\d+"', b'data-seq="%(number)d"', event)
        self._event = re.sub(rb"bench\d+at\d+z", b"%(word)s", event)

    def stream(self) -> str:
        return "/stream"

    def say(self, number: int, *, more: str = "") -> None:
        fields = {b"number": number, b"word": word(number, time.monotonic_ns()).encode()}
        self._wire.post("/", {}, self._event % fields)

    def close(self) -> None:
        self._wire.close()


class Publisher(Copyist):
    """Sends nchan what such an event says; it makes an event with an id of its own out of that."""

    def __init__(self, port: int, event: bytes) -> None:
        super().__init__(port, event)
        rows = [row for row in self._event.split(b"\n") if row.startswith(b"data: ")]
        self._event = b"\n".join(row.removeprefix(b"data: ") for row in rows)


def talk(voices: Sequence[Voice], numbers: Iterable[int], *, rate: float = 0, more: str = "") -> list[float]:
    """Say these lines, `rate` a second together (0: each as fast as it is answered). Milliseconds each took."""
    turns: SimpleQueue[tuple[float, int]] = SimpleQueue()
    start = time.monotonic()
    for turn, number in enumerate(numbers):
        turns.put((start + turn / rate if rate else 0, number))

    def speak(voice: Voice) -> list[float]:
        times: list[float] = []
        while True:
            try:
                at, number = turns.get_nowait()
            except Empty:
                return times
            time.sleep(max(0, at - time.monotonic()))
            began = time.monotonic()
            voice.say(number, more=more)
            times.append((time.monotonic() - began) * 1000)

    with ThreadPoolExecutor(len(voices)) as threads:
        return [took for times in threads.map(speak, voices) for took in times]
