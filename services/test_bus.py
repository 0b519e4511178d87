"""Several processes are one site: what happens in one is heard in all at once, and late only while no bell rings."""

import itertools
import os
import time
from collections.abc import Callable

import pytest

from bench.stage import Side
from services.house import House, heard, talking
from services.redis import RedisServer

# Milliseconds. By the clock alone it takes one second on average, and up to two.
BY_BELL, BY_CLOCK = 500, 3_000
# Seconds that Redis is away: `GAP=60` for the whole minute.
GAP = float(os.environ.get("GAP", "4"))
RATE = 10  # lines a second


@pytest.mark.parametrize("engines", [("postgres",), ("redis",)], ids="-".join)
def test_what_is_said_at_one_process_is_heard_at_all_of_them(
    new_house: Callable[..., House], engines: tuple[str, ...]
) -> None:
    house = new_house(*engines)
    sides = [house.side(house.open(), listeners=10) for _ in range(2)]
    here, there = (sides[0].numbers(40)[half::2] for half in (0, 1))
    with talking(sides[0], here, rate=RATE, voices=2), talking(sides[1], there, rate=RATE, voices=2):
        pass
    for tally in heard(sides, [*here, *there]):
        assert tally.p50 < BY_BELL


def test_while_redis_is_away_the_clock_tells_and_nobody_who_posts_waits(
    new_house: Callable[..., House], redis: RedisServer
) -> None:
    house = new_house("postgres", "redis")
    sides = [house.side(house.open(), listeners=10) for _ in range(2)]
    numbers = sides[0].numbers(int((GAP + 2) * RATE))
    with talking(sides[0], numbers, rate=RATE) as took:
        time.sleep(1)
        redis.stop()
        time.sleep(GAP)
        redis.start()
    for tally in heard(sides, numbers):
        assert tally.slowest < BY_CLOCK
    assert max(took) < 1_000
    assert sorted(took)[len(took) // 2] < 100
    until_by_bell(sides)
    assert house.said().count("the bus is away") == len(sides)


def until_by_bell(sides: list[Side], seconds: float = 10) -> None:
    """Say lines at the first until the others hear them faster than by any clock."""
    until = time.monotonic() + seconds
    for _ in itertools.count():
        numbers = sides[0].numbers(5)
        for side in sides:
            side.crowd.ask("forget", side.name)
        with talking(sides[0], numbers, rate=RATE):
            pass
        tallies = heard(sides, numbers)
        if all(tally.slowest < BY_BELL for tally in tallies):
            return
        assert time.monotonic() < until, tallies
