"""The rows that are printed, and when they hold."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median
from typing import NamedTuple

from bench.listeners import Tally

WRONG = "lost, doubled, misordered, ids backwards"


class Row(NamedTuple):
    """`holds` None: there is no bar for it, it only explains another row."""

    what: str
    bar: str
    reference: str
    ours: str
    ratio: float | None = None
    holds: bool | None = None

    def __str__(self) -> str:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}×"
        holds = {True: "yes", False: "**no**", None: ""}[self.holds]
        return f"| {self.what} | {self.bar} | {self.reference} | {self.ours} | {ratio} | {holds} |"


HEAD = "| | bar | reference | ours | ratio | holds |\n|---|---|---|---|---|---|"


def compare(
    what: str,
    ours: Sequence[float],
    reference: Sequence[float],
    show: Callable[[float], str],
    *,
    times: float | None = None,
    most: float | None = None,
) -> Row:
    """One figure of interleaved rounds. It holds within `times` the reference, or up to `most`, whichever is given.

    The ratio is the median of the rounds' ratios: what else ran on the machine hits both halves of a round alike.
    """
    ratio = median(mine / other for mine, other in zip(ours, reference, strict=True))
    row = Row(what, "", show(median(reference)), show(median(ours)), ratio)
    if times is not None:
        return row._replace(bar=f"≤ {times:g}×", holds=ratio <= times)
    if most is not None:
        return row._replace(bar=f"≤ {show(most)}", holds=median(ours) <= most)
    return row


def limit(what: str, number: float, most: float, show: Callable[[float], str] = "{:g}".format) -> Row:
    """One figure that has no reference."""
    return Row(what, f"≤ {show(most)}", "", show(number), holds=number <= most)


def faultless(what: str, tallies: Iterable[Tally]) -> Row:
    """Everything arrived once and in order."""
    wrong = together(tallies)
    return Row(f"{what}: {WRONG}", "0, 0, 0, 0", "", wrong, holds=wrong == "0, 0, 0, 0")


def together(tallies: Iterable[Tally]) -> str:
    """How often which thing (`WRONG`) went wrong."""
    return ", ".join(str(sum(counts)) for counts in zip(*(tally.wrong for tally in tallies), strict=True))


def microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs"


def milliseconds(number: float) -> str:
    digits = 2 if number < 1 else 1 if number < 10 else 0
    return f"{number:,.{digits}f} ms"


def kilobytes(count: float) -> str:
    return f"{count / 1e3:.1f} KB"


def megabytes(count: float) -> str:
    return f"{count / 1e6:.1f} MB"


WIDEST = 50  # characters of a bar


def bars(figures: Sequence[tuple[str, float]], show: Callable[[float], str]) -> Iterator[str]:
    """The figures as a plot of text, the greatest `WIDEST` characters long."""
    longest, most = max(len(name) for name, _ in figures), max(figure for _, figure in figures)
    for name, figure in figures:
        yield f"{name:>{longest}} {'█' * max(1, round(figure / most * WIDEST))} {show(figure)}"


def show(rows: Iterator[Row]) -> bool:
    """Print a case's rows as they come; whether all of them held."""
    held = True
    for row in rows:
        print(row, flush=True)
        held &= row.holds is not False
    return held
