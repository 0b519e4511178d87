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


OPTIONS = {
    # With the one that hears bells at most five. All but that one may wait for the lock of one room: so a connection is
    # waited for longer than a lock, and whoever else wants one gets its turn. Who asks a database that is away waits
    # `timeout` seconds for nothing, and a lost connection is tried for `reconnect_timeout`, after which the next one
    # who asks tries at once. After a restart no request gets a connection from before.
    "pool": {"min_size": 1, "max_size": 4, "timeout": 3, "reconnect_timeout": 2, "check": check_connection},
    # A server that has vanished without a word (a failover, a firewall that forgets) is noticed, and not waited for by
    # every thread until the kernel gives up.
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
    # Pages of an index cost hardly more than those beside each other on what databases stand on today; with the figure
    # of spinning disks a search among 200,000 posts reads all of their rooms.
    "options": "-c lock_timeout=2000 -c random_page_cost=1.1",
}
