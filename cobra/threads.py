"""A few threads for all requests' synchronous code, instead of one thread a request."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any


class ThreadPool:
    """`count` threads that requests lease one by one, in the order of their first call. Used on one event loop.

    The one given back last goes first: what it works with, such as its connection's pages of the database, is at hand.

    asgiref gives every request a thread of its own and keeps it as long as the request lives, so a process with a
    thousand streams would have a thousand threads (and a database connection in each).
    """

    def __init__(self, count: int) -> None:
        self._free = deque(ThreadPoolExecutor(1, thread_name_prefix=f"request-{n}") for n in range(count))
        self._waiting: deque[LeasedThread] = deque()

    def lease(self) -> "LeasedThread":
        return LeasedThread(self)

    def assign(self, lease: "LeasedThread") -> None:
        if self._free:
            lease.begin(self._free.pop())
        else:
            self._waiting.append(lease)

    def give_back(self, thread: ThreadPoolExecutor) -> None:
        while self._waiting:
            lease = self._waiting.popleft()
            if not lease.is_over:
                lease.begin(thread)
                return
        self._free.append(thread)


class LeasedThread(Executor):
    """The executor of one request: takes a thread of the pool at its first call and keeps it until `release()`."""

    def __init__(self, pool: ThreadPool) -> None:
        self._pool = pool
        self._thread: ThreadPoolExecutor | None = None
        self._calls: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._asked = self.is_over = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self._thread is not None:
            return self._thread.submit(fn, *args, **kwargs)
        call: Future[Any] = Future()
        self._calls.append((call, lambda: fn(*args, **kwargs)))
        if not self._asked:
            self._asked = True
            self._pool.assign(self)
        return call

    def begin(self, thread: ThreadPoolExecutor) -> None:
        self._thread = thread
        while self._calls:
            call, run = self._calls.popleft()
            thread.submit(_settle, call, run)

    def release(self) -> None:
        """The request is over: its thread serves the next one."""
        self.is_over = True
        if self._thread is not None:
            self._pool.give_back(self._thread)
            self._thread = None
        while self._calls:
            self._calls.popleft()[0].cancel()


def _settle(call: Future[Any], run: Callable[[], Any]) -> None:
    if not call.set_running_or_notify_cancel():
        return
    try:
        call.set_result(run())
    except BaseException as error:  # whatever it is belongs to who waits for the call
        call.set_exception(error)
