"""The cache that several processes share: Redis, and while that is away each process's own memory."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

TIMEOUT = 1  # seconds for one exchange
AWAY = 2  # seconds after a failure in which Redis is not asked
# One attempt more, for a connection from before Redis was restarted; the client would go on for a quarter of a minute.
PATIENCE = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT, "retry": Retry(NoBackoff(), 1)}


class SharedCache(RedisCache):
    """What is kept here are counts of attempts: without Redis each process counts by itself, and nobody is refused."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, {**params, "OPTIONS": {**PATIENCE, **params.get("OPTIONS", {})}})
        self._own = LocMemCache("redis-is-away", {"OPTIONS": {"MAX_ENTRIES": 100_000}})
        self._away_until = 0.0

    def ping(self) -> None:
        """
        Raises:
            RedisError: Redis does not answer.
        """
        self._cache.get_client().ping()


def _or_own_memory(name: str) -> Callable[..., Any]:
    def method(self: SharedCache, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except RedisError as error:
                self._away_until = time.monotonic() + AWAY
                logger.warning("the cache is away, this process counts by itself: %s", error)
        return getattr(self._own, name)(*args, **kwargs)

    return method


for _name in (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "get_many",
    "set_many",
    "delete_many",
    "has_key",
    "incr",
    "clear",
):
    setattr(SharedCache, _name, _or_own_memory(_name))
