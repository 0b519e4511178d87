"""Who is online, and in which rooms. The rooms know, and say it here, since people know no rooms."""

from collections.abc import Callable, Mapping

# By person: the ids of the rooms they are in, in this process.
Whereabouts = Mapping[int, frozenset[int]]

_ask: Callable[[], Whereabouts] = dict


def told_by(ask: Callable[[], Whereabouts]) -> None:
    """Called once at start by whoever knows. `ask` may be called from any thread."""
    global _ask  # noqa: PLW0603  one source a process
    _ask = ask


def whereabouts() -> Whereabouts:
    return _ask()
