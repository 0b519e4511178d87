"""What the site itself notices and somebody of the staff should look at. Whoever keeps the queue hears of it here."""

from collections.abc import Callable
from typing import Any

_watchers: list[Callable[..., object]] = []

HELD, FLOOD = "held", "flood"


def told_by(watcher: Callable[..., object]) -> None:
    """Called once at start by whoever keeps the queue. `watcher(reason, about=…)`."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def notice(reason: str, *, about: Any) -> None:
    """`about`: a line, a room or a person; `reason`: `HELD` or `FLOOD`. In the transaction that is open, if one is."""
    for watcher in _watchers:
        watcher(reason, about=about)
