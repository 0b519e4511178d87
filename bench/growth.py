"""Does a page cost more when the community grows? `python -m bench.growth`, on SQLite and PostgreSQL.

A small and a full community, side by side: every page is asked of one and the other in turn, without a network, and
processor time is counted, that of the database's processes with it. Then every statement of every page is explained on
the full one.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from bench.table import HEAD, Row, compare, milliseconds
from e2e.site import ROOT, UNLIMITED

SMALL, FULL = 2_000, 200_000
BARS = {"sqlite": {"search": 2.0, "page": 1.3}, "postgresql": {"search": 4.0, "page": 1.3}}
PAGES = (
    ("list", "page"),
    ("list, second page", "page"),
    ("list, live", "page"),
    ("list, unanswered", "page"),
    ("list of a category", "page"),
    ("list of a tag", "page"),
    ("list of bookmarks", "page"),
    ("post page", "page"),
    ("room page", "page"),
    ("saying a line", "page"),
    ("search, rare word", "search"),
    ("search, common word", "search"),
    ("search, two syllables", "search"),
    ("search, two words", "search"),
    ("as somebody types", "search"),
    ("search in a room", "search"),
)


class Community:
    """A community of so many posts in a process of its own; kept in `folder` for the next run."""

    def __init__(self, folder: Path, posts: int, files: list[Path], env: dict[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "bench.asking", str(posts), *map(str, files)]
        began = time.monotonic()
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **UNLIMITED, **env, "VAR_DIR": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()
        print(f"{posts:,} posts are there after {time.monotonic() - began:,.0f} s", file=sys.stderr, flush=True)

    def ask(self, name: str) -> Any:
        assert self.process.stdin
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The community is gone.")
        return line if line == "ready\n" else json.loads(line)

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)


def compared(small: Community, full: Community, engine: str, rounds: int) -> Iterator[Row]:
    for name, kind in PAGES:
        for community in (small, full):  # what is read once stays at hand in both
            for _ in range(3):
                community.ask(name)
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(rounds):
            # Now the one first, now the other.
            for which in (0, 1) if number % 2 else (1, 0):
                times[which].append((small, full)[which].ask(name))
        halves = [[median(each[at : at + 10]) for at in range(0, rounds, 10)] for each in times]
        yield compare(name, halves[1], halves[0], milliseconds, times=BARS[engine][kind])


def planned(full: Community) -> Iterator[str]:
    for name, wrong in full.ask("plans").items():
        yield from (f"- {name}: {each}" for each in wrong)


def run(engine: str, arguments: argparse.Namespace) -> bool:
    held = True
    folder = Path(arguments.keep or tempfile.mkdtemp(prefix="cobra-growth-")).resolve()
    with ExitStack() as stack:
        if not arguments.keep:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        sites = []
        for posts in (arguments.small, arguments.scale):
            env = {"DATABASE_URL": database(f"growth_{posts}")} if engine == "postgresql" else {}
            site = Community(folder / f"{engine}-{posts}", posts, arguments.content, env)
            stack.callback(site.close)
            sites.append(site)
        print(f"\n**{engine}**, {arguments.small:,} posts (reference) and {arguments.scale:,} (ours)\n\n{HEAD}")
        for row in compared(*sites, engine, arguments.rounds):
            print(row, flush=True)
            held &= row.holds is not False
        wrong = list(planned(sites[1]))
        print(f"\nPlans that read a growing table whole: {len(wrong)}", *wrong, sep="\n", flush=True)
    return held and not wrong


def database(name: str) -> str:
    """A database of that name on the server of DATABASE_URL (see `services`), made where it is missing."""
    import psycopg

    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
        # One process answers, so that its time is all the time.
        server.execute("ALTER SYSTEM SET max_parallel_workers_per_gather = 0")
        server.execute("SELECT pg_reload_conf()")
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(f'CREATE DATABASE "{name}"')
    return f"{url.rpartition('/')[0]}/{name}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, default=FULL, help="posts of the full community; ten lines each")
    parser.add_argument("--small", type=int, default=SMALL, help="posts of the small one")
    parser.add_argument("--engine", choices=BARS, nargs="*", default=list(BARS))
    parser.add_argument("--content", type=Path, nargs="*", default=[], help="JSON lines as load_community takes them")
    parser.add_argument("--rounds", type=int, default=40, help="times that each page is asked for")
    parser.add_argument("--keep", help="a folder for the SQLite communities, to be asked again later")
    arguments = parser.parse_args()
    arguments.content = [path.resolve() for path in arguments.content]
    held = True
    for engine in arguments.engine:
        if engine == "postgresql" and "DATABASE_URL" not in os.environ:
            again = [sys.executable, "-m", "bench.growth", *sys.argv[1:], "--engine", "postgresql"]
            held &= subprocess.run([sys.executable, "-m", "services", *again], cwd=ROOT, check=False).returncode == 0
        else:
            held &= run(engine, arguments)
    sys.exit(not held)


if __name__ == "__main__":
    main()
