"""`python -m bench.fan_out`: the live engine beside a bare uvloop writer, against the bars in bench/README.md."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import edge, holding, saying, talking
from bench.crowd import listeners
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
    "edge": edge.edge,
    "processes": edge.processes,
    "saying": saying.saying,
}


def main() -> int:
    """0 when every bar holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few listeners and rounds: does it work at all")
    parser.add_argument("--only", action="append", choices=CASES, help="this case (may be given again)")
    wanted = parser.parse_args()
    raise_file_limit()
    with tempfile.TemporaryDirectory(prefix="cobra-bench-") as folder, listeners() as crowd:
        stage = Stage(Path(folder), crowd, is_quick=wanted.quick)
        print(HEAD, flush=True)
        held = True
        for name in wanted.only or CASES:
            began = time.monotonic()
            held &= show(CASES[name](stage))
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
