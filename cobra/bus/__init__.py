"""Bells between the processes of a site: what rang in one is heard in the others.

Carried by Redis where `REDIS_URL` names one, else by the database where it is PostgreSQL; a site on SQLite alone is one
process and has no bus. A bell says only that something has changed and where, so one that is lost makes a change late
(whoever waits for it also looks by the clock), never wrong. In this process bells ring through django-eventstream.
"""

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import NamedTuple, Protocol

from django.conf import settings
from django.db import connection
from django_eventstream import send_event

logger = logging.getLogger(__name__)

# Who sends: a process does not listen to itself.
SENDER = secrets.token_hex(6)
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # seconds before a lost connection is made anew


class Bell(NamedTuple):
    """`data` is what send_event() takes: for a room the version, else a short word. Neither holds white space."""

    channel: str
    data: str


MISSED = Bell("missed", "0")  # some were lost on the way: whoever hears this looks for what it lacks

_overheard: Callable[[Bell], object] | None = None


class Carrier(Protocol):
    def send(self, bells: Sequence[Bell]) -> None:
        """To the other processes, if the transaction that is open is committed, and once it is."""

    async def listen(self, connected: Callable[[], object], heard: Callable[[str], object]) -> None:
        """On one connection, until it is lost: `connected()` once nothing can be missed any more, `heard(message)`."""


@cache
def carrier() -> Carrier | None:
    """What carries bells between the processes of this site; None where there is but one."""
    if settings.REDIS_URL:
        from cobra.bus.by_redis import ByRedis

        return ByRedis(settings.REDIS_URL)
    if connection.vendor == "postgresql":
        from cobra.bus.by_postgres import ByPostgres

        return ByPostgres()
    return None


def tell_others(*bells: Bell) -> None:
    """Ring in every other process once the open transaction is committed. Never waits for a bus that is away."""
    if bells and (there := carrier()):
        there.send(bells)


def ring_here(bell: Bell) -> None:
    """Ring for whoever listens in this process, where it was rung."""
    _ring(bell)
    if _overheard:
        _overheard(bell)


def overhear(told: Callable[[Bell], object] | None) -> None:
    """From now on all that is rung in this process, in whichever thread, is told of, but nothing from other ones."""
    global _overheard  # noqa: PLW0603  one a process, as hubs are
    _overheard = told


def _ring(bell: Bell) -> None:
    send_event(bell.channel, "doorbell", bell.data, json_encode=False)


def message_of(bells: Iterable[Bell]) -> str:
    return "\n".join([SENDER, *(f"{bell.channel} {bell.data}" for bell in bells)])


def bells_in(message: str) -> list[Bell]:
    """The bells in a message of another process; none in one of our own, or in what is no message of ours."""
    sender, *rows = message.split("\n")
    if sender == SENDER:
        return []
    return [Bell(*parts) for row in rows if len(parts := row.split(" ")) == len(Bell._fields)]


class Hearing:
    """One process's connection to the bus: made anew for ever, with one line in the log when it goes and comes back."""

    def __init__(self, there: Carrier, on_connect: Callable[[], object]) -> None:
        self._carrier = there
        self._on_connect = on_connect
        self._pause = FIRST_PAUSE
        self.is_connected = False

    async def run(self) -> None:
        while True:
            try:
                await self._carrier.listen(self._connected, self._heard)
                self._lost("it ended")
            except Exception as error:  # whatever it is, the clock does the work meanwhile
                self._lost(error)
            await asyncio.sleep(self._pause * random.uniform(0.7, 1.3))  # noqa: S311  jitter
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def _connected(self) -> None:
        if self._pause > FIRST_PAUSE:
            logger.warning("the bus is back")
        self._pause, self.is_connected = FIRST_PAUSE, True
        self._on_connect()

    def _lost(self, error: object) -> None:
        if self._pause == FIRST_PAUSE:
            logger.warning("the bus is away, the clock goes on without it: %s", error)
        self.is_connected = False

    def _heard(self, message: str) -> None:
        for bell in bells_in(message):
            if bell == MISSED:
                self._on_connect()
                continue
            try:
                _ring(bell)
            except ValueError:  # not from one of ours, or from another release
                logger.debug("not understood: %r", bell)
