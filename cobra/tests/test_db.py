"""Writing in turn, rates, and the threads that requests share."""

import asyncio
import threading
import time
from datetime import timedelta

import pytest
from asgiref.sync import ThreadSensitiveContext, sync_to_async

from cobra.db import FifoLock
from cobra.rates import Rate
from cobra.threads import ThreadPool


def test_the_lock_is_handed_over_in_order() -> None:
    lock = FifoLock()
    order: list[int] = []
    assert lock.acquire(1)

    def wait_turn(number: int) -> None:
        assert lock.acquire(5)
        order.append(number)
        lock.release()

    threads = []
    for number in range(8):
        thread = threading.Thread(target=wait_turn, args=(number,))
        thread.start()
        while len(lock._waiting) <= number:  # it stands in the queue before the next one comes
            time.sleep(0.001)
        threads.append(thread)
    lock.release()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_waiting_for_the_lock_ends() -> None:
    lock = FifoLock()
    lock.acquire(1)
    assert not lock.acquire(0.01)
    lock.release()
    assert lock.acquire(0.01)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("20/10s", Rate(20, timedelta(seconds=10))),
        ("5/10m", Rate(5, timedelta(minutes=10))),
        ("60/m", Rate(60, timedelta(minutes=1))),
        ("0", None),
    ],
)
def test_rates_are_read(text: str, rate: Rate | None) -> None:
    assert Rate.parse(text) == rate


@pytest.mark.parametrize("text", ["", "fast", "20", "20/10", "-1/s", "20/10x"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a rate"):
        Rate.parse(text)


def test_requests_share_a_few_threads_and_each_keeps_its_own() -> None:
    pool = ThreadPool(2)
    used: set[int] = set()

    async def request() -> None:
        lease = pool.lease()
        try:
            async with ThreadSensitiveContext(executor=lease):
                threads = {await sync_to_async(threading.get_ident)() for _ in range(3)}
                assert len(threads) == 1
                used.update(threads)
                await sync_to_async(time.sleep)(0.002)
        finally:
            lease.release()

    async def many() -> None:
        await asyncio.gather(*(request() for _ in range(20)))

    asyncio.run(many())
    assert len(used) == 2


def test_one_request_after_the_other_stays_on_one_thread() -> None:
    pool = ThreadPool(4)

    async def request() -> int:
        lease = pool.lease()
        try:
            async with ThreadSensitiveContext(executor=lease):
                return await sync_to_async(threading.get_ident)()
        finally:
            lease.release()

    async def many() -> set[int]:
        return {await request() for _ in range(8)}

    assert len(asyncio.run(many())) == 1


def test_an_error_on_a_leased_thread_reaches_who_waits() -> None:
    pool = ThreadPool(1)

    def fail() -> None:
        raise RuntimeError("here")

    async def request() -> None:
        lease = pool.lease()
        try:
            async with ThreadSensitiveContext(executor=lease):
                with pytest.raises(RuntimeError, match="here"):
                    await sync_to_async(fail)()
        finally:
            lease.release()

    asyncio.run(request())
