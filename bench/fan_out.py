"""`python -m bench.fan_out`: the live engine beside a bare uvloop writer, against the bars in bench/README.md."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

from bench import holding, saying, talking
from bench.crowd import Listeners, listeners
from bench.grounds import GROUNDS
from bench.stage import Stage
from bench.table import HEAD, Row, show
from cobra.serve import raise_file_limit

CASES: dict[str, Callable[[Stage], Iterator[Row]]] = {
    "delivery": talking.delivery,
    "nchan": talking.beside_nchan,
    "thousands": talking.thousands,
    "resources": holding.resources,
    "burst": talking.burst,
    "posters": talking.posters,
    "kill": holding.kill,
    "stop": holding.stop,
    "connect": holding.connect,
    "strangers": holding.strangers,
    "returning": holding.returning,
    "stalled": talking.stalled,
    "idle": holding.idle,
    "saying": saying.saying,
}


def main() -> int:
    """0 when every bar holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few listeners and rounds: does it work at all")
    parser.add_argument("--only", action="append", choices=CASES, help="this case (may be given again)")
    parser.add_argument("--at", action="append", choices=GROUNDS, help="only there (may be given again)")
    wanted = parser.parse_args()
    raise_file_limit()
    held = True
    with tempfile.TemporaryDirectory(prefix="cobra-bench-") as folder, listeners() as crowd:
        for where in wanted.at or GROUNDS:
            held &= play(where, Path(folder), crowd, wanted.only or CASES, is_quick=wanted.quick)
    return 0 if held else 1


def play(where: str, folder: Path, crowd: Listeners, names: Iterable[str], *, is_quick: bool) -> bool:
    """These cases on that ground, if what it needs is installed; whether every bar held."""
    ground = GROUNDS[where]
    print(f"\n{ground.title}:\n", flush=True)
    if lacks := ground.lacks():
        print(f"not played: {lacks} is not installed", flush=True)
        return True
    print(HEAD, flush=True)
    held = True
    with closing(Stage(ground, folder / where, crowd, is_quick=is_quick)) as stage:
        for name in names:
            began = time.monotonic()
            held &= show(CASES[name](stage))
            print(f"{where}, {name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return held


if __name__ == "__main__":
    sys.exit(main())
