"""Bells by PostgreSQL's NOTIFY: sent by the transaction itself, so they arrive with what it changed or not at all."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import batched
from typing import Any

from django.db import connection
from psycopg import AsyncConnection

from cobra.bus import Bell, message_of

# A peer that has vanished without a word is noticed within half a minute; until then the clock finds what it lacks.
KEEPALIVE = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
MOST_AT_ONCE = 100  # bells: a notification holds 8,000 bytes
# Of Django's connections, and not for one that only listens.
DJANGOS_OWN = ("context", "cursor_factory", "prepare_threshold")


class ByPostgres:
    def send(self, bells: Sequence[Bell]) -> None:
        with connection.cursor() as cursor:
            for some in batched(bells, MOST_AT_ONCE):
                cursor.execute("SELECT pg_notify('cobra', %s)", [message_of(some)])

    async def listen(self, connected: Callable[[], object], heard: Callable[[str], object]) -> None:
        async with await AsyncConnection.connect(**self._parameters(), autocommit=True) as wire:
            await wire.execute("LISTEN cobra")
            connected()
            while True:
                # By libpq's own two calls: psycopg looks ten times a second for what may have come, and an idle process
                # pays for it.
                await _readable(wire.fileno())
                wire.pgconn.consume_input()
                while note := wire.pgconn.notifies():
                    heard(note.extra.decode())

    def _parameters(self) -> dict[str, Any]:
        ours: dict[str, Any] = connection.get_connection_params()
        return {name: value for name, value in ours.items() if name not in DJANGOS_OWN} | KEEPALIVE


async def _readable(socket: int) -> None:
    """Wait until something has come, or the other side has gone."""
    loop, came = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(socket, came.set)
    try:
        await came.wait()
    finally:
        loop.remove_reader(socket)
