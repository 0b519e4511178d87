"""Who is online, and in which rooms. The rooms know, and say it here, since people know no rooms."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

# By person: the ids of the rooms they are in, in this process.
Whereabouts = Mapping[int, frozenset[int]]

# By room, the title of each of these that this reader may see.
RoomTitles = Callable[["User", Collection[int]], Mapping[int, str]]


def _no_rooms(reader: "User", ids: Collection[int]) -> Mapping[int, str]:
    return {}


_ask: Callable[[], Whereabouts] = dict
_titles: RoomTitles = _no_rooms


def told_by(ask: Callable[[], Whereabouts]) -> None:
    """Called once at start by whoever knows. `ask` may be called from any thread."""
    global _ask  # noqa: PLW0603  one source a process
    _ask = ask


def whereabouts() -> Whereabouts:
    return _ask()


def rooms_told_by(titles: RoomTitles) -> None:
    """Called once at start by whoever knows what rooms are called and who may see them."""
    global _titles  # noqa: PLW0603  one source a process
    _titles = titles


def visible_rooms(reader: "User", ids: Collection[int]) -> Mapping[int, str]:
    """The titles of those of these rooms that exist for this reader, by id."""
    return _titles(reader, ids) if ids else {}
