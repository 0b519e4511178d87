"""What it takes to hold many streams, to let them in, to lose and to end them."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from bench.posters import talk
from bench.stage import REGULARS, Side, Stage
from bench.table import Row, compare, faultless, kilobytes, limit, milliseconds

THREADS, CONNECTIONS = 16, 5
RATE = 10  # lines a second while the server is killed
TOLD_EVERY = 3  # seconds: as often as a room tells who is here


def resources(stage: Stage) -> Iterator[Row]:
    """Memory, threads and database connections at few and at many listeners, after eight have posted at once."""
    with stage.both() as (bare, ours, _):
        counts, seen, bytes_each = (10, stage.many, stage.more), [], []
        for count in counts:
            before, was = [side.meter.memory() for side in (bare, ours)], ours.size
            for side in (bare, ours):
                side.open(count - side.size)
            stage.settle()
            after = [side.meter.memory() for side in (bare, ours)]
            bytes_each.append([(now - then) / (count - was) for now, then in zip(after, before, strict=True)])
            for side in (bare, ours):
                side.talk(24, voices=len(side.voices))
            seen.append((ours.meter.threads(), ours.meter.database_connections()))
        reference, mine = bytes_each[1]
        yield compare(f"memory an idle listener ({stage.many:,})", [mine], [reference], kilobytes, most=20e3)
        if ours.edge:
            yield Row("… and of what holds them", "", "", kilobytes(ours.edge.memory() / ours.size))
        at = " / ".join(f"{count:,}" for count in counts)
        for what, which, most in (("threads", 0, THREADS), ("database connections", 1, CONNECTIONS)):
            found = [numbers[which] for numbers in seen]
            held = max(found) <= most and found[1] == found[2]
            yield Row(f"{what} at {at} listeners", f"≤ {most}, the same", "", " / ".join(map(str, found)), holds=held)


def connect(stage: Stage) -> Iterator[Row]:
    """The CPU of letting somebody in: by the pass, by the session alone, as a visitor."""
    count = stage.some(300, 100)
    people = stage.community.people[:REGULARS]
    kinds = {
        "with a pass": ([person.cookies() for person in people], 0.4),
        "with a session only": ([person.cookies(with_pass=False) for person in people], 2.2),
        "as a visitor": ([""], 0.4),
    }
    with stage.both() as (bare, ours, _):
        spent: dict[str, list[float]] = {kind: [] for kind in ("bare", *kinds)}
        for _ in range(stage.rounds + 1):
            spent["bare"].append(_arrival(bare, [""], count))
            for kind, (cookies, _most) in kinds.items():
                spent[kind].append(_arrival(ours, cookies, count))
        for kind, (_cookies, most) in kinds.items():
            yield compare(f"CPU of connecting, {kind}", spent[kind][1:], spent["bare"][1:], milliseconds, most=most)


def _arrival(side: Side, cookies: list[str], count: int) -> float:
    """Milliseconds of CPU for each of `count` who come; then they go."""
    side.cookies = cookies
    door, before = side.look(), side.meter.cpu()
    side.open(count, door)
    spent = side.meter.cpu() - before
    side.close()
    time.sleep(0.5)
    return spent * 1000 / count


def strangers(stage: Stage) -> Iterator[Row]:
    """As many different members in one room as there are listeners elsewhere in these cases."""
    with stage.both() as (bare, ours, _):
        reference = _arrival(bare, [""], stage.many)
        ours.cookies = [person.cookies() for person in stage.community.people]
        door, before = ours.look(), ours.meter.cpu()
        began = time.monotonic()
        state = ours.open(stage.many, door)
        tellings = max(1, (time.monotonic() - began) / TOLD_EVERY)
        spent = (ours.meter.cpu() - before) * 1000 / stage.many
        name = f"{stage.many:,} different members come"
        yield compare(f"{name}: CPU each", [spent], [reference], milliseconds)
        each = state.bytes / stage.many / tellings
        yield limit(f"… bytes each is sent in {TOLD_EVERY} seconds meanwhile", each, 32e3, kilobytes)


def returning(stage: Stage) -> Iterator[Row]:
    """Some come back lacking more lines than a room keeps at hand, while others go on talking and listening."""
    count, missed, beside_them = stage.some(200, 20), 100, stage.some(30, 10)
    with stage.site() as site, ThreadPoolExecutor(1) as beside:
        ours, back = stage.room(site), stage.room(site, "back")
        old = back.look()
        ours.open(count)
        lacked = ours.numbers(missed)
        talk(ours.voices, lacked)
        calm = ours.talk(beside_them, rate=RATE).tally.p99
        numbers = ours.numbers(beside_them)
        stage.crowd.ask("forget", ours.name)
        talking, before = beside.submit(talk, ours.voices[:1], numbers, rate=RATE), ours.meter.cpu()
        back.open(count, old)
        talking.result()
        yield faultless(f"{count} come back lacking {missed} lines", [back.tally(lacked + numbers)])
        spent = (ours.meter.cpu() - before) * 1000 / count
        yield Row("… CPU each (with the talk meanwhile)", "", "", milliseconds(spent))
        disturbed = ours.tally(numbers).p99
        yield compare("… p99 of the others (none coming back: reference)", [disturbed], [calm], milliseconds)


def idle(stage: Stage) -> Iterator[Row]:
    """Long enough for two heartbeats to everybody (`--quick` sees none): by the bare writer with the same clocks, then
    by ours. Who sleeps pays on waking for what others did with the processor's caches meanwhile, both alike."""
    with stage.bare(b"", "--clocks") as bare, stage.bare_at_edge(b"", "--clocks") as at_edge:
        reference = _idle_share(stage, at_edge or bare, stage.many // stage.ground.processes)
    with stage.site() as site:
        share = _idle_share(stage, stage.room(site), stage.many)
    name = f"idle CPU of a process at {stage.many:,} listeners"
    yield compare(name, [share], [reference], "{:.2f} %".format, most=0.5)


def _idle_share(stage: Stage, side: Side, count: int) -> float:
    """Percent of a core that each process takes while nothing is said to so many."""
    side.open(count)
    stage.settle()
    seconds = stage.some(42, 5)
    before = side.meter.cpu()
    time.sleep(seconds)
    return (side.meter.cpu() - before) / seconds * 100 / len(side.meter.pids)


def kill(stage: Stage) -> Iterator[Row]:
    """SIGKILL in the middle of ten lines a second, a new start, and everybody comes back with the last id."""
    with stage.site() as site, ThreadPoolExecutor(1) as beside:
        ours = stage.room(site, persistent=True)
        ours.open(stage.more)
        stage.crowd.ask("come_back", ours.name)
        numbers = ours.numbers(RATE * stage.some(10, 5))
        talking = beside.submit(talk, ours.voices[:1], numbers, rate=RATE)
        time.sleep(stage.some(3, 1))
        site.kill()
        site.start()
        talking.result()
        tally, state = ours.tally(numbers), ours.state()
        yield faultless(f"kill -9 and restart, {stage.more:,} listeners, {RATE} lines/s", [tally])
        yield limit("… p99 of all deliveries", tally.p99, 5_000, milliseconds)
        yield Row("… connections made anew, pages told to fetch all", "", "", f"{state.reconnects}, {state.resets}")


def stop(stage: Stage) -> Iterator[Row]:
    """Streams that the process holds end with it; those that something holds in front of it go on."""
    with stage.site() as site:
        ours = stage.room(site)
        ours.open(stage.many)
        stage.settle()
        before = ours.state()
        began = time.monotonic()
        site.stop()
        took = (time.monotonic() - began) * 1000
        time.sleep(0.5)
        state = ours.state()
        yield limit(f"SIGTERM with {stage.many:,} streams: until the process has ended", took, 1_000, milliseconds)
        due = (0, 0, stage.many) if ours.edge else (stage.many, 0, 0)
        found = (state.ended - before.ended, state.cut - before.cut, state.open)
        bar, counts = (", ".join(f"{number:,}" for number in numbers) for numbers in (due, found))
        yield Row("… ended cleanly, cut, go on", bar, "", counts, holds=found == due)
