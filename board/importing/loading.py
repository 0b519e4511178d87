"""A file into the database."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from tqdm import tqdm

from board.importing.chat import Rooms
from board.importing.people import People
from board.importing.posts import Posts
from board.importing.records import LineRecord, PostRecord, read


@dataclass(frozen=True, slots=True)
class Tally:
    """What an import did: how much of what is new, and how much was there before."""

    posts: int
    posts_known: int
    rooms: int
    lines: int
    lines_known: int
    people: int


def check(path: Path) -> int:
    """Read a file to its end before any of it goes in. The number of its lines.

    Raises:
        BadRecord: one of them is not what it should be.
        OSError: the file cannot be read.
    """
    return sum(1 for _ in read(path))


def load(path: Path, *, day: datetime | None = None, total: int | None = None, shows_progress: bool = False) -> Tally:
    """Put in what a checked file holds and the database does not. Ended half-way, it goes on where it ended.

    `day`: of what has no date; now, if not told. `total`: what `check` said. The progress bar goes to stderr, where
    that is a terminal.
    """
    day = day or timezone.now()
    people = People()
    posts, rooms = Posts(people, day), Rooms(people, day)
    # None: only where somebody can see it move.
    for record in tqdm(read(path), path.name, total, unit="", disable=None if shows_progress else True):
        if isinstance(record, PostRecord):
            posts.take(record)
        elif isinstance(record, LineRecord):
            rooms.take(record)
    posts.flush()
    rooms.flush()
    return Tally(posts.made, posts.known, rooms.made, rooms.lines_made, rooms.lines_known, people.made)
