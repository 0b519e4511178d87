"""Bells by Redis: sent after the commit by a thread of their own, so that no request waits for a Redis that is away."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Lock

import redis
from django.conf import settings
from django.db import transaction
from redis.asyncio import Redis
from redis.asyncio.retry import Retry as NoAsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from cobra.bus import MISSED, Bell, message_of

logger = logging.getLogger(__name__)

TIMEOUT = 1  # seconds for one exchange
AWAY = 1  # seconds after a failure in which nothing is tried
MOST_WAITING = 1_000  # bells
QUIET = 5  # seconds without a message after which Redis is asked whether it is there


class ByRedis:
    def __init__(self, url: str) -> None:
        self._url = url
        self._channel = f"{settings.SITE_KEY}:bells"  # channels are common to all databases of a Redis
        # The second attempt is for a connection from before Redis was restarted.
        retry = Retry(NoBackoff(), 1)
        self._client = redis.Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=retry)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="bells")
        self._lock = Lock()
        self._waiting: dict[Bell, None] = {}  # in order, each once
        self._away_until = 0.0
        self._has_dropped = False  # bells that the others do not know of

    def send(self, bells: Sequence[Bell]) -> None:
        transaction.on_commit(partial(self._put, bells), robust=True)

    def _put(self, bells: Sequence[Bell]) -> None:
        with self._lock:
            is_first = not self._waiting
            if len(self._waiting) < MOST_WAITING:
                self._waiting.update(dict.fromkeys(bells))
        if is_first:
            self._thread.submit(self._publish)

    def _publish(self) -> None:
        """All that waits, as one message. What cannot be sent is dropped: by then the clock has told. Once
        Redis is back the others hear that there was something: their own connections may have stood all the while."""
        with self._lock:
            bells, self._waiting = self._waiting, {}
        if time.monotonic() < self._away_until:
            return
        try:
            self._client.publish(self._channel, message_of([*bells, *([MISSED] if self._has_dropped else [])]))
            self._has_dropped = False
        except redis.RedisError as error:
            self._away_until = time.monotonic() + AWAY
            logger.info("bells are not sent: %s", error)
            if not self._has_dropped:
                self._has_dropped = True
                self._thread.submit(self._try_again)

    def _try_again(self) -> None:
        time.sleep(AWAY)
        self._publish()
        if self._has_dropped:
            self._thread.submit(self._try_again)

    async def listen(self, connected: Callable[[], object], heard: Callable[[str], object]) -> None:
        client = Redis.from_url(
            self._url,
            decode_responses=True,
            socket_connect_timeout=TIMEOUT,
            socket_keepalive=True,
            retry=NoAsyncRetry(NoBackoff(), 0),  # the one who listens tries again, and then looks what was missed
        )
        async with client, client.pubsub() as hearing:
            await hearing.subscribe(self._channel)
            is_asked = False
            while True:
                message = await hearing.get_message(timeout=QUIET)
                if message is None:
                    if is_asked:
                        raise TimeoutError("it does not answer")
                    await hearing.ping()
                is_asked = message is None
                if message and message["type"] == "subscribe":
                    connected()
                elif message and message["type"] == "message":
                    heard(message["data"])
