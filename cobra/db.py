"""Writing to the database, one at a time where the database has one writer (SQLite)."""

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Q


class FifoLock:
    """A lock that is handed over in the order it was asked for.

    `threading.Lock` may pass over the longest waiter again and again, and SQLite's own busy loop sleeps and
    retries; with a queue the slowest of concurrent writers waits for those before it and for nobody else.
    """

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False

    def acquire(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds; True when the lock is ours."""
        with self._mutex:
            if not self._held:
                self._held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._mutex:
            if turn.is_set():  # it was handed to us between the time-out and here
                return True
            self._waiting.remove(turn)
            return False

    def release(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


_writers = FifoLock()


@contextmanager
def write() -> Iterator[None]:
    """A transaction for a change. No network, mail or rendering belongs inside.

    Raises:
        OperationalError: the write lock did not come within `LOCK_TIMEOUT` seconds.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    if not _writers.acquire(settings.LOCK_TIMEOUT):
        raise OperationalError("database is locked")
    try:
        with transaction.atomic():
            yield
    finally:
        _writers.release()


class WriteAheadLog:
    """SQLite's, seen from outside: it tells of writes without a question to the database.

    A process that sleeps pays for all it touches when it wakes, so looking is one call of the system and nothing else.
    """

    def __init__(self) -> None:
        self._path = (
            f"{os.path.realpath(connection.settings_dict['NAME'])}-wal" if connection.vendor == "sqlite" else ""
        )

    def last_write(self) -> tuple[int, int] | None:
        """What is another after every commit of any process, since each is written to the log
        (https://www.sqlite.org/walformat.html): when, and how long it is. None where there is no such file.

        Two commits in one tick of the file system's clock may look like one, and a commit is there to be read only a
        moment after it was written: who relies on this asks anyway now and then.
        """
        try:
            log = os.stat(self._path)
        except OSError:
            return None
        return log.st_mtime_ns, log.st_size


def starts_with(field: str, text: str) -> Q:
    """Rows whose unique `field` begins so, by its index.

    SQLite's LIKE uses none once it has an escape character, and its order is that of code points; PostgreSQL has an
    index for LIKE beside every unique text, and its order may be any language's.
    """
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": text, f"{field}__lt": f"{text}\U0010ffff"})
    return Q(**{f"{field}__startswith": text})
