"""What the settings say of PostgreSQL's connections."""

import select
from typing import Any

from psycopg_pool import ConnectionPool


def check_connection(wire: Any) -> None:
    """May the pool hand out this connection? A server that has ended it has said so, or hung up: nothing else comes on
    one that is idle. Asking it each time, as the pool's own check does, cost every request a statement.

    Raises:
        psycopg.OperationalError: no.
    """
    poll = select.poll()
    poll.register(wire.fileno(), select.POLLIN)
    if poll.poll(0):
        ConnectionPool.check_connection(wire)
