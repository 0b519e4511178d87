"""The same room behind Pushpin, and at two processes over PostgreSQL, beside one process alone; where they are
installed."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from bench.meter import Meter
from bench.people import settle
from bench.posters import talk
from bench.stage import Round, Side, Stage
from bench.table import Row, compare, faultless, microseconds, milliseconds
from bench.talking import BURST, RATE
from e2e.site import Site
from services import programs
from services.house import SECRET
from services.postgres import Postgres
from services.pushpin import Pushpin

PEOPLE, ROOMS = 24, 2


def play(sides: Sequence[Side], lines: int, *, rate: float = 0, voices: int = 1) -> list[Round]:
    """What is said at the first of these, which are one room, as each of them hears it."""
    numbers = sides[0].numbers(lines)
    before = []
    for side in sides:
        side.crowd.ask("forget", side.name)
        before.append(side.meter.cpu())
    posts = talk(sides[0].voices[:voices], numbers, rate=rate)
    tallies = [side.tally(numbers) for side in sides]
    return [
        Round(side.meter.cpu() - cpu, posts, tally) for side, cpu, tally in zip(sides, before, tallies, strict=True)
    ]


@contextmanager
def behind_pushpin(stage: Stage) -> Iterator[tuple[list[Side], list[Side], list[Meter]] | None]:
    """One process alone, one behind Pushpin, each with a second room where nobody listens, and Pushpin's processes."""
    binary = programs.find_pushpin()
    if binary is None:
        yield None
        return
    with ExitStack() as stack:
        pushpin = Pushpin(binary)
        stack.callback(pushpin.remove)
        alone, site = stack.enter_context(stage.site()), stack.enter_context(stage.site(GRIP_URL=pushpin.url))
        pushpin.lead_to(site.port)
        pushpin.start()
        ours = [stage.room(alone, name, number=number) for number, name in enumerate(("alone", "quiet"))]
        held = [stage.room(site, name, number=number) for number, name in enumerate(("held", "quiet"))]
        ours[0].open(stage.many)
        held[0].open_through(pushpin.port, stage.many)
        stage.settle()
        yield ours, held, [Meter(pid) for pid in pushpin.services()]


def edge(stage: Stage) -> Iterator[Row]:
    with behind_pushpin(stage) as there:
        if there is None:
            yield Row("behind Pushpin", "", "not installed", "")
            return
        ours, held, services = there
        lines, name = stage.some(20, 6), f"behind Pushpin, {stage.many:,} × {RATE} lines/s"
        due, played, theirs = lines * stage.many, [], []
        for _ in range(stage.rounds + 1):
            before = sum(meter.cpu() for meter in services)
            edged = held[0].talk(lines, rate=RATE)
            theirs.append((sum(meter.cpu() for meter in services) - before) / due)
            played.append((edged, *(side.talk(lines, rate=RATE) for side in (held[1], *ours))))
        edged_all, edged_posts, alone, alone_posts = zip(*played[1:], strict=True)
        cpu, reference = ([one.cpu / due for one in side] for side in (edged_all, alone))
        without, alone_without = (
            [(one.cpu - post.cpu) / due for one, post in zip(side, posts, strict=True)]
            for side, posts in ((edged_all, edged_posts), (alone, alone_posts))
        )
        yield compare(f"{name}: the site's CPU a delivery", cpu, reference, microseconds)
        yield compare("… without the posts themselves", without, alone_without, microseconds, times=0.5)
        yield compare("… Pushpin's", theirs[1:], alone_without, microseconds)
        for share in ("p50", "p99"):
            mine_at, alone_at = ([getattr(one.tally, share) for one in side] for side in (edged_all, alone))
            most = 60 if share == "p99" else None
            yield compare(f"… delivery {share}", mine_at, alone_at, milliseconds, most=most)
        yield faultless("…", [one.tally for one in edged_all])
        bursts = [(ours[0].talk(BURST, voices=8), held[0].talk(BURST, voices=8)) for _ in range(stage.rounds)]
        yield faultless(f"behind Pushpin, burst of {BURST} → {stage.many:,}", [one.tally for _, one in bursts])
        slowest, alone_slowest = ([one[side].tally.slowest for one in bursts] for side in (1, 0))
        yield compare("… the slowest delivery", slowest, alone_slowest, milliseconds)


@contextmanager
def at_two(stage: Stage) -> Iterator[tuple[Side, list[Side]] | None]:
    """One process alone, and the same number of listeners at two."""
    binaries = programs.find_postgres()
    if binaries is None:
        yield None
        return
    with ExitStack() as stack:
        cluster = Postgres(binaries)
        stack.callback(cluster.remove)
        cluster.create()
        cluster.start()
        folder = stage.folder / "two"
        shutil.copytree(stage.prepared, folder)
        env = {"DATABASE_URL": cluster.url(), "SECRET_KEY": SECRET}
        sites = [Site(folder, **env) for _ in range(2)]
        sites[0].manage("migrate", "-v0")
        community = settle(sites[0], PEOPLE, ROOMS)
        for site in sites:
            stack.callback(site.stop)
            site.start()
        ours = stage.room(stack.enter_context(stage.site()))
        both = [stage.room(site, "at two", community=community) for site in sites]
        ours.open(stage.many)
        for side in both:
            side.open(stage.many // 2)
        stage.settle()
        yield ours, both


def processes(stage: Stage) -> Iterator[Row]:
    with at_two(stage) as there:
        if there is None:
            yield Row("two processes on PostgreSQL", "", "not installed", "")
            return
        ours, both = there
        lines, name = stage.some(20, 6), f"two processes on PostgreSQL, {stage.many:,} × {RATE} lines/s"
        played = [(ours.talk(lines, rate=RATE), play(both, lines, rate=RATE)) for _ in range(stage.rounds + 1)][1:]
        due = lines * stage.many
        cpu = [sum(side.cpu for side in sides) / due for _, sides in played]
        yield compare(f"{name}: CPU a delivery", cpu, [one.cpu / due for one, _ in played], microseconds)
        for number, which in enumerate(("where it is said", "at the other")):
            for share in ("p50", "p99"):
                heard = [getattr(sides[number].tally, share) for _, sides in played]
                alone = [getattr(one.tally, share) for one, _ in played]
                most = 60 if share == "p99" else None
                yield compare(f"… delivery {share} {which}", heard, alone, milliseconds, most=most)
        yield faultless("…", [side.tally for _, sides in played for side in sides])
        bursts = [play(both, BURST, voices=8) for _ in range(stage.rounds)]
        tallies = [side.tally for sides in bursts for side in sides]
        yield faultless(f"two processes, burst of {BURST} → {stage.many:,}", tallies)
