"""Whoever keeps something of what lines say hears of every change to it, in its transaction.

Rooms know no posts, and so no search: it registers here. Every verb that puts lines into a log calls `said`, and every
verb that changes what a line says or whether it says anything (edit, delete, hide, bring back) does so inside
`rewording`, both within its transaction:

    with write():
        ...
        with rewording(line):
            line.save(update_fields=["text", "html", ...])
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rooms.models import Line


class Keeper(Protocol):
    """What keeps something of lines' words."""

    def said(self, lines: "Sequence[Line]") -> None:
        """These are new, and saved."""

    def rewording(self, pks: Sequence[int]) -> AbstractContextManager[None]:
        """Entered while these lines stand in the database as they were, left when they stand there as they are."""


_keepers: list[Keeper] = []


def register(keeper: Keeper) -> None:
    """Called once at start by every part that keeps something of lines' words."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def said(lines: "Sequence[Line]") -> None:
    """These lines are new, and saved in the transaction that is open."""
    for keeper in _keepers:
        keeper.said(lines)


@contextmanager
def rewording(*lines: "Line") -> Iterator[None]:
    """Around the saving of a change to what these lines say, in the transaction that is open."""
    with ExitStack() as stack:
        for keeper in _keepers:
            stack.enter_context(keeper.rewording([line.pk for line in lines]))
        yield
