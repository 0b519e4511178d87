"""Why a stream is not opened, and how many of them, and how often, a person or an address may open."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.conf import settings

from cobra import outage
from cobra.asgi_types import Headers
from cobra.rates import Rate
from rooms.standing import Reader

STREAMS_A_PERSON = 20
STREAMS_AN_ADDRESS = 100
MANY = 10_000  # names


class Refused(Exception):
    """The stream is not opened. 401, 403, 404 and 410 end the page's trying; 429 and 503 tell when to come back."""

    def __init__(self, status: int, text: str, headers: Headers = ()) -> None:
        super().__init__(text)
        self.status, self.text, self.headers = status, text, headers


def refusing_in_an_outage[**P, T](ask: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """What cannot be asked of the database now is 503: the page, which keeps what it has, comes back."""

    @wraps(ask)
    async def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await ask(*args, **kwargs)
        except outage.OUTAGES as error:
            retry_after = str(outage.RETRY_AFTER).encode()
            raise Refused(503, "The database does not answer.\n", [(b"retry-after", retry_after)]) from error

    return asked


def _name(reader: Reader, address: str) -> str:
    return address if reader.person_id is None else f"person-{reader.person_id}"


class Turnstile:
    """`STREAM_RATE` over all processes where they share a cache, and so many at once in this one; 0 lifts all of it."""

    def __init__(self) -> None:
        self._opened: dict[str, deque[float]] = {}
        self._most = MANY  # names, after which those who have not come lately are forgotten
        self._open: Counter[str] = Counter()
        # For asking the cache: the thread that reads for all streams must not wait for a Redis that is away.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="turnstile")

    async def count(self, reader: Reader, address: str) -> None:
        """Count one more attempt.

        Raises:
            Refused: there have been too many lately.
        """
        rate: Rate | None = settings.STREAM_RATE
        if rate is None:
            return
        who = _name(reader, address)
        if settings.REDIS_URL:
            wait = await asyncio.get_running_loop().run_in_executor(self._thread, rate.count_one, f"stream:{who}")
        else:
            wait = self._count_here(who, rate)
        if wait:
            raise Refused(429, "Too many connections.\n", [(b"retry-after", str(wait).encode())])

    def _count_here(self, who: str, rate: Rate) -> int:
        now = time.monotonic()
        if len(self._opened) > self._most:
            oldest = now - rate.window.total_seconds()
            self._opened = {key: times for key, times in self._opened.items() if times[-1] > oldest}
            self._most = max(MANY, 2 * len(self._opened))  # who are many may all have come lately: not at each one more
        times = self._opened.setdefault(who, deque(maxlen=rate.count))
        if len(times) == rate.count and (wait := times[0] + rate.window.total_seconds() - now) > 0:
            return int(wait) + 1
        times.append(now)
        return 0

    @contextmanager
    def passed(self, reader: Reader, address: str) -> Iterator[None]:
        """While one stream more of theirs is open.

        Raises:
            Refused: too many at once.
        """
        who, most = _name(reader, address), STREAMS_AN_ADDRESS if reader.person_id is None else STREAMS_A_PERSON
        if settings.STREAM_RATE is not None and self._open[who] >= most:
            raise Refused(429, "Too many open pages.\n", [(b"retry-after", b"30")])
        self._open[who] += 1
        try:
            yield
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]


turnstile = Turnstile()
