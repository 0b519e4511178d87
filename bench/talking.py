"""Lines on their way to many: what a delivery costs, how late it is, and that none is lost, doubled or out of order."""

import threading
from collections.abc import Iterator, Sequence

from bench.stage import Round, Side, Stage, event_of
from bench.table import Row, compare, faultless, limit, megabytes, microseconds, milliseconds

RATE = 5  # lines a second
BURST = 50
READING, STALLED = 100, 50
# A line of this length is an event of about 12 KB; a longer one would be folded.
LONG = " 가나다라마바사아자차" * 350
LONG_RATE = 40  # a second
LONG_LINES = 1_200


def rounds(
    stage: Stage, sides: Sequence[Side], lines: int, *, rate: float = 0, voices: int = 1
) -> list[tuple[Round, ...]]:
    """The sides in turn, for each side the list of its rounds; the first round only warms up."""
    played = [[side.talk(lines, rate=rate, voices=voices) for side in sides] for _ in range(stage.rounds + 1)]
    return list(zip(*played[1:], strict=True))


def costs(ours: Sequence[Round], bare: Sequence[Round], quiet: Sequence[Round], due: int) -> Iterator[list[float]]:
    """CPU seconds a delivery in each round: bare, ours, and ours without the posts themselves."""
    yield [one.cpu / due for one in bare]
    yield [one.cpu / due for one in ours]
    yield [(one.cpu - post.cpu) / due for one, post in zip(ours, quiet, strict=True)]


def delivery(stage: Stage) -> Iterator[Row]:
    with stage.both() as (bare, ours, quiet), stage.bare_at_edge(event_of(ours)) as at_edge:
        sides = [ours, bare, quiet, *([at_edge] if at_edge else [])]
        for side in sides:
            if side is not quiet:
                side.open(stage.many)
        lines = stage.some(20, 6)
        mine, reference, posts, *held = rounds(stage, sides, lines, rate=RATE)
        name = f"{stage.many:,} × {RATE} lines/s"
        bare_cpu, whole, sending = costs(mine, reference, posts, lines * stage.many)
        yield compare(f"CPU a delivery, {name}", whole, bare_cpu, microseconds, times=3.2)
        yield compare("… without the posts themselves", sending, bare_cpu, microseconds, times=3.2)
        p50, bare_p50 = ([one.tally.p50 for one in side] for side in (mine, reference))
        p99, bare_p99 = ([one.tally.p99 for one in side] for side in (mine, reference))
        yield compare(f"delivery p50, {name}", p50, bare_p50, milliseconds, times=None if held else 3)
        for beside in held:
            held_p50 = [one.tally.p50 for one in beside]
            yield compare("… beside the bare writer, held alike", p50, held_p50, milliseconds, times=3)
        yield compare("… p99", p99, bare_p99, milliseconds, most=60)
        yield faultless("…", [one.tally for one in mine])
        if ours.edge:
            before = ours.edge.cpu()
            ours.talk(lines, rate=RATE)
            spent = (ours.edge.cpu() - before) / (lines * stage.many)
            yield Row("… and what holds the listeners spends", "", "", microseconds(spent))


def beside_nchan(stage: Stage) -> Iterator[Row]:
    """The same talk beside the other reference; no bar, for it is another language."""
    with stage.site() as site:
        ours, quiet = stage.room(site), stage.room(site, "quiet", number=1)
        with stage.nchan(event_of(ours)) as nchan:
            if nchan is None:
                yield Row("beside nginx + nchan", "", "not installed", "")
                return
            for side in (ours, nchan):
                side.open(stage.many)
            lines = stage.some(20, 6)
            mine, theirs, posts = rounds(stage, (ours, nchan, quiet), lines, rate=RATE)
        nchan_cpu, whole, sending = costs(mine, theirs, posts, lines * stage.many)
        yield compare("CPU a delivery, beside nginx + nchan", whole, nchan_cpu, microseconds)
        yield compare("… without the posts themselves", sending, nchan_cpu, microseconds)
        for share in ("p50", "p99"):
            ours_at, theirs_at = ([getattr(one.tally, share) for one in side] for side in (mine, theirs))
            yield compare(f"… {share}", ours_at, theirs_at, milliseconds)
        yield faultless("…: theirs", [one.tally for one in theirs])._replace(holds=None, bar="")


def thousands(stage: Stage) -> Iterator[Row]:
    with stage.both() as (bare, ours, _):
        for side in (bare, ours):
            side.open(stage.more)
        mine, reference = rounds(stage, (ours, bare), stage.some(15, 5), rate=RATE)
        p99, bare_p99 = ([one.tally.p99 for one in side] for side in (mine, reference))
        yield compare(f"delivery p99, {stage.more:,} × {RATE} lines/s", p99, bare_p99, milliseconds, most=120)
        yield faultless("…", [one.tally for one in mine])


def burst(stage: Stage) -> Iterator[Row]:
    with stage.both() as (bare, ours, quiet):
        for side in (bare, ours):
            side.open(stage.many)
        mine, reference, posts = rounds(stage, (ours, bare, quiet), BURST, voices=len(ours.voices))
        name = f"burst of {BURST} → {stage.many:,}"
        yield faultless(name, [one.tally for one in mine])
        bare_cpu, whole, sending = costs(mine, reference, posts, BURST * stage.many)
        yield compare(f"{name}: CPU a delivery", sending, bare_cpu, microseconds, times=1)
        yield compare("… with the posts themselves", whole, bare_cpu, microseconds)
        slowest, bare_slowest = ([one.tally.slowest for one in side] for side in (mine, reference))
        yield compare("… the slowest delivery", slowest, bare_slowest, milliseconds)


def posters(stage: Stage) -> Iterator[Row]:
    with stage.site() as site:
        ours = stage.room(site)
        ours.open(stage.many)
        lines = stage.some(400, 100)
        played = ours.talk(lines, voices=len(ours.voices))
        yield faultless(f"{len(ours.voices)} posters at once, {lines * stage.many:,} deliveries", [played.tally])


class Peak:
    """The most memory that a side's server has while this is entered."""

    def __init__(self, side: Side) -> None:
        self._meter, self._is_over = side.meter, threading.Event()
        self.bytes = 0

    def __enter__(self) -> "Peak":
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._is_over.wait(0.05):
            self.bytes = max(self.bytes, self._meter.memory())

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()


def stalled(stage: Stage) -> Iterator[Row]:
    """Long lines to a hundred who read, alone and with others beside them who do not, in turn."""
    lines = stage.some(LONG_LINES, 60)
    counts = (0, STALLED)
    p99: dict[int, list[float]] = {count: [] for count in counts}
    peaks: dict[int, list[int]] = {count: [] for count in counts}
    with stage.site() as site:
        ours = stage.room(site)
        asleep = ours.twin("asleep")
        ours.open(READING)
        ours.talk(lines // 4, rate=LONG_RATE, voices=4, more=LONG)
        before = ours.state().bytes
        for _ in range(stage.rounds):
            for count in counts:
                asleep.open(count, reads=False)
                with Peak(ours) as peak:
                    p99[count].append(ours.talk(lines, rate=LONG_RATE, voices=4, more=LONG).tally.p99)
                peaks[count].append(peak.bytes)
                asleep.close()
        each = (ours.state().bytes - before) / READING / sum(map(len, p99.values()))
    name = f"{STALLED} stalled readers, {megabytes(each)} of events"
    yield limit(f"{name}: memory more than without", peaks[STALLED][0] - peaks[0][0], 20e6, megabytes)
    yield compare("… p99 of those who read", p99[STALLED], p99[0], milliseconds, times=1.5)
