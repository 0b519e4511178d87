"""What a POST of a line costs the process that it is sent to, beside an empty signed-in POST that inserts one row."""

import time
from collections.abc import Callable, Iterator

from bench.meter import Meter
from bench.stage import Stage, member_of
from bench.table import Row, compare, milliseconds

ROW = "/bench/rows/"


def saying(stage: Stage) -> Iterator[Row]:
    with stage.site(DJANGO_SETTINGS_MODULE="bench.reference_settings") as site:
        room = stage.room(site)
        room.open(10)
        member = member_of(room)
        cpu: tuple[list[float], list[float]] = ([], [])
        took: tuple[list[float], list[float]] = ([], [])
        for _ in range(stage.rounds + 1):
            for which, send in enumerate((lambda: member.say(room.numbers(1)[0]), lambda: member.post(ROW))):
                spent, lasted = _posts(site.asked, send, stage.some(100, 30))
                cpu[which].append(spent)
                took[which].append(lasted)
        yield compare("saying a line, whole request: CPU", cpu[0][1:], cpu[1][1:], milliseconds, times=2)
        yield compare("… until it is answered", took[0][1:], took[1][1:], milliseconds, times=2)


def _posts(meter: Meter, send: Callable[[], None], count: int) -> tuple[float, float]:
    """Milliseconds a post: of CPU, and until the answer."""
    cpu, began = meter.cpu(), time.monotonic()
    for _ in range(count):
        send()
    return (meter.cpu() - cpu) * 1000 / count, (time.monotonic() - began) * 1000 / count
