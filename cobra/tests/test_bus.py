"""Bells between processes: what a message holds, and that nobody waits for a bus that is away."""

import asyncio
import time
from collections.abc import Callable, Sequence

import pytest
import redis
from django.db import transaction
from django_eventstream.views import get_listener_manager

from cobra import bus
from cobra.bus import by_redis
from cobra.bus.by_redis import MOST_WAITING, ByRedis
from e2e.site import free_port
from rooms.tap import Tap


def test_a_message_carries_bells_to_others_and_none_to_its_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    bells = [bus.Bell("room-7", "12"), bus.Bell("person-3", "0")]
    message = bus.message_of(bells)
    assert bus.bells_in(message) == []
    monkeypatch.setattr(bus, "SENDER", "another")
    assert bus.bells_in(message) == bells


@pytest.mark.parametrize("message", ["", "other", "other\n", "other\nroom-7", "other\nroom-7 1 2", "other\n\n\n"])
def test_what_is_no_bell_is_none(message: str) -> None:
    assert bus.bells_in(message) == []


class Wire:
    """A carrier whose connection breaks when it is told to."""

    def __init__(self) -> None:
        self.breaks = asyncio.Event()
        self.times = 0

    def send(self, bells: Sequence[bus.Bell]) -> None: ...

    async def listen(self, connected: Callable[[], object], heard: Callable[[str], object]) -> None:
        self.times += 1
        connected()
        heard("other\nroom-7 nonsense\nroom-7 5")
        await self.breaks.wait()
        self.breaks.clear()
        raise ConnectionError("gone")


def test_a_lost_connection_is_made_anew_and_each_time_what_was_missed_is_looked_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def conversation() -> None:
        rung: list[int] = []
        came = asyncio.Event()
        tap = Tap("room-7", rung.append)
        get_listener_manager().add_listener(tap)
        wire = Wire()
        hearing = bus.Hearing(wire, on_connect=came.set)
        task = asyncio.create_task(hearing.run())
        for _ in range(3):
            await asyncio.wait_for(came.wait(), 5)
            came.clear()
            assert hearing.is_connected
            wire.breaks.set()
        await asyncio.sleep(0)  # a tap is woken on the loop's next turn
        task.cancel()
        get_listener_manager().remove_listener(tap)
        assert wire.times == 3
        assert rung == [5, 5, 5]

    asyncio.run(conversation())
    assert "the bus is back" in caplog.text


def test_who_hears_that_bells_were_lost_looks_for_what_it_lacks() -> None:
    looked: list[bool] = []
    hearing = bus.Hearing(Wire(), on_connect=lambda: looked.append(True))
    hearing._heard("\n".join(["other", " ".join(bus.MISSED)]))
    assert looked == [True]


@pytest.fixture
def nowhere() -> ByRedis:
    return ByRedis(f"redis://127.0.0.1:{free_port()}/0")


@pytest.mark.django_db(transaction=True)
def test_who_rings_does_not_wait_for_redis(nowhere: ByRedis) -> None:
    began = time.monotonic()
    for number in range(2 * MOST_WAITING):
        nowhere.send([bus.Bell("room-7", str(number))])
    assert time.monotonic() - began < 1
    assert len(nowhere._waiting) <= MOST_WAITING
    nowhere._thread.shutdown(wait=True)


@pytest.mark.django_db(transaction=True)
def test_once_redis_is_back_the_others_hear_that_bells_were_lost(
    nowhere: ByRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their own connections may have stood all the while, so they have noticed nothing."""
    sent: list[str] = []
    times = iter([redis.TimeoutError, redis.TimeoutError, None])

    def publish(channel: str, message: str) -> None:
        if failure := next(times):
            raise failure
        sent.append(message)

    monkeypatch.setattr(by_redis, "AWAY", 0.02)
    monkeypatch.setattr(nowhere._client, "publish", publish)
    nowhere.send([bus.Bell("person-3", "0")])
    until = time.monotonic() + 5
    while not sent:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert sent[0].split("\n")[1:] == [" ".join(bus.MISSED)]
    nowhere._thread.shutdown(wait=True)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_rings_nowhere(nowhere: ByRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(nowhere._client, "publish", lambda channel, message: sent.append(message))
    with transaction.atomic():
        nowhere.send([bus.Bell("room-7", "1")])
        transaction.set_rollback(True)
    with transaction.atomic():
        nowhere.send([bus.Bell("room-7", "1")])
    nowhere._thread.shutdown(wait=True)
    assert [message.split("\n")[1:] for message in sent] == [["room-7 1"]]
