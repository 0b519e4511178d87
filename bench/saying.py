"""What a POST of a line costs the process that it is sent to, beside an empty signed-in POST that inserts one row."""

import time
from collections.abc import Callable, Iterator

from bench.stage import Stage, member_of
from bench.table import Row, compare, milliseconds

ROW = "/bench/rows/"
# Posts a second whose answers are waited for. Right after each other, one would wait for what the one before it makes
# other processes do, on the same two cores.
PACE = 25


def saying(stage: Stage) -> Iterator[Row]:
    with stage.site(DJANGO_SETTINGS_MODULE="bench.reference_settings") as site:
        room = stage.room(site)
        room.open(10)
        member = member_of(room)
        ways: list[Callable[[], None]] = [lambda: member.say(room.numbers(1)[0]), lambda: member.post(ROW)]
        cpu: list[list[float]] = [[], []]
        took: list[list[float]] = [[], []]
        for _ in range(stage.rounds + 1):
            for which, send in enumerate(ways):
                before, count = site.asked.cpu(), stage.some(100, 30)
                _send(send, count)
                cpu[which].append((site.asked.cpu() - before) * 1000 / count)
            for which, send in enumerate(ways):
                took[which].append(_send(send, stage.some(50, 15), pace=PACE))
        yield compare("saying a line, whole request: CPU", cpu[0][1:], cpu[1][1:], milliseconds, times=2)
        yield compare(f"… until it is answered, {PACE} a second", took[0][1:], took[1][1:], milliseconds, times=2)


def _send(send: Callable[[], None], count: int, *, pace: float = 0) -> float:
    """So many a second (0: each when the one before is answered). Milliseconds until the answer, on average."""
    took, start = 0.0, time.monotonic()
    for turn in range(count):
        if pace:
            time.sleep(max(0, start + turn / pace - time.monotonic()))
        began = time.monotonic()
        send()
        took += time.monotonic() - began
    return took * 1000 / count
