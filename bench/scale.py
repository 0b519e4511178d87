"""`python -m bench.scale`: what more listeners and more rooms cost, and what a page costs meanwhile.

Every size is played on ours and on each reference in turn, on the same machine in the same minutes. docs/scale.md says
what follows from it.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.crowd import listeners
from bench.grounds import Alone
from bench.posters import Member
from bench.stage import REGULARS, Round, Side, Stage, event_of
from bench.table import HEAD, WRONG, Row, bars, compare, microseconds, milliseconds, together
from cobra.serve import raise_file_limit

RATE = 5  # lines a second
PAGES = 20  # asked for at each size
SHIPPED = 1_000  # listeners at most of a view that takes a thread for each
ROOMS = (1, 10, 100)


class Point(NamedTuple):
    """One server at one size: seconds of processor time a delivery, delays in ms, bytes a listener."""

    server: str
    listeners: int
    cpu: float
    p50: float
    p99: float
    memory: float
    wrong: str

    def __str__(self) -> str:
        delays = f"{milliseconds(self.p50)} | {milliseconds(self.p99)}"
        row = f"| {self.listeners:,} | {self.server} | {microseconds(self.cpu)} | {delays}"
        return f"{row} | {self.memory / 1e3:.1f} KB | {self.wrong} |"


POINTS = f"| listeners | server | CPU a delivery | p50 | p99 | memory each | {WRONG} |\n|---|---|---|---|---|---|---|"


def point(side: Side, played: Sequence[Round], lines: int, memory: float, alone: float) -> Point:
    """`alone`: seconds that as many posts cost where nobody listens."""
    p50, p99 = (median(getattr(one.tally, share) for one in played) for share in ("p50", "p99"))
    cpu = (median(one.cpu for one in played) - alone) / (side.size * lines)
    return Point(side.name.split()[0], side.size, cpu, p50, p99, memory, together(one.tally for one in played))


def grow(side: Side, count: int) -> float:
    """So many listeners from now on; bytes that each of the new ones takes."""
    before, more = side.meter.memory(), count - side.size
    side.open(more)
    time.sleep(1)
    return (side.meter.memory() - before) / more


def by_listeners(stage: Stage, counts: Sequence[int]) -> Iterator[Point | Row]:
    """One room, five lines a second; of ours without the posts themselves, which the references have none of."""
    lines = stage.some(20, 5)
    with ExitStack() as stack:
        site = stack.enter_context(stage.site())
        ours, quiet = stage.room(site), stage.room(site, "quiet", number=1)
        event = event_of(ours)
        references = [stack.enter_context(make(event)) for make in (stage.bare, stage.nchan, stage.shipped)]
        guest = Member(site.port, stage.community.people[REGULARS], stage.community.rooms[0])
        ours.talk(60)  # a full page of lines from now on
        empty = load(guest)
        for count in counts:
            sides = [side for side in (ours, *references) if side and (side is not references[-1] or count <= SHIPPED)]
            memory = [grow(side, count) for side in sides]
            played = [[side.talk(lines, rate=RATE) for side in (*sides, quiet)] for _ in range(stage.rounds)]
            *rounds, posts = zip(*played, strict=True)
            alone = median(one.cpu for one in posts)
            for side, each, bytes_each in zip(sides, rounds, memory, strict=True):
                yield point(side, each, lines, bytes_each, alone if side is ours else 0)
            with ThreadPoolExecutor(1) as beside:
                talking = beside.submit(ours.talk, PAGES, rate=RATE)
                full = load(guest)
                talking.result()
            yield compare(f"the room's page, while {count:,} listen", full, empty, milliseconds)


def load(guest: Member) -> list[float]:
    """Milliseconds until each of `PAGES` pages is there, as many a second as lines are said."""
    times = []
    for _ in range(PAGES):
        began = time.monotonic()
        guest.page()
        times.append((time.monotonic() - began) * 1000)
        time.sleep(max(0, 1 / RATE - (time.monotonic() - began)))
    return times


def by_rooms(stage: Stage) -> Iterator[str]:
    """As many listeners and lines in one room, in ten and in a hundred."""
    lines = max(ROOMS)
    for count in ROOMS:
        with stage.site() as site:
            rooms = [stage.room(site, f"room {number}", number=number) for number in range(count)]
            for room in rooms:
                room.open(stage.many // count)
            stage.settle()
            played = [room.talk(lines // count) for _ in range(2) for room in rooms][count:]  # the first warms up
            cpu, wrong = sum(one.cpu for one in played) / lines, together(one.tally for one in played)
            yield f"| {count} | {stage.many // count:,} | {milliseconds(cpu * 1000)} | {wrong} |"


BY_ROOMS = f"| rooms | listeners in each | CPU a line, the post with it | {WRONG} |\n|---|---|---|---|"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few listeners and rounds: does it work at all")
    wanted = parser.parse_args()
    raise_file_limit()
    with tempfile.TemporaryDirectory(prefix="cobra-bench-") as folder, listeners() as crowd:
        stage = Stage(Alone, Path(folder), crowd, is_quick=wanted.quick, rooms=max(ROOMS))
        counts = sorted({stage.some(100, 20), stage.some(300, 50), stage.many, stage.more})
        print(POINTS, flush=True)
        found: list[Point | Row] = []
        for each in by_listeners(stage, counts):
            found.append(each)
            if isinstance(each, Point):
                print(each, flush=True)
        print(f"\n{HEAD}", *(row for row in found if isinstance(row, Row)), sep="\n", flush=True)
        points = [(f"{one.listeners:,} {one.server}", one.cpu) for one in found if isinstance(one, Point)]
        print("\nCPU a delivery:\n", *bars(points, microseconds), sep="\n", flush=True)
        print(f"\n{BY_ROOMS}", flush=True)
        for line in by_rooms(stage):
            print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
