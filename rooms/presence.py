"""Who is in a room: whoever has a stream of it open, and for a while after."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from rooms.standing import Reader

# Seconds a person stays without any stream in any tab: a reload or a tunnel is not leaving.
GRACE = 90


class Person(NamedTuple):
    pk: int
    nickname: str


class Roster(NamedTuple):
    """Who is here at a moment: members by name, visitors by number."""

    people: tuple[Person, ...] = ()
    visitors: int = 0

    @property
    def size(self) -> int:
        return len(self.people) + self.visitors


@dataclass
class Presence:
    """One room's. Changed on the event loop only; `roster` is a snapshot that any thread may read."""

    streams: Counter[Person] = field(default_factory=Counter)
    left_at: dict[Person, float] = field(default_factory=dict)
    visitors: int = 0
    roster: Roster = field(default_factory=Roster)

    def enter(self, reader: Reader) -> bool:
        """A stream opened. True when that changes who is here."""
        if reader.person_id is None:
            self.visitors += 1
        else:
            person = Person(reader.person_id, reader.nickname)
            self.streams[person] += 1
            self.left_at.pop(person, None)
        return self.refresh()

    def leave(self, reader: Reader) -> bool:
        """A stream ended. A visitor is gone at once, a member after `GRACE`."""
        if reader.person_id is None:
            self.visitors -= 1
        else:
            person = Person(reader.person_id, reader.nickname)
            self.streams[person] -= 1
            if not self.streams[person]:
                del self.streams[person]
                self.left_at[person] = time.monotonic()
        return self.refresh()

    def refresh(self) -> bool:
        """Forget who has been away for long. True when that changes who is here."""
        now = time.monotonic()
        self.left_at = {person: at for person, at in self.left_at.items() if now - at < GRACE}
        people = tuple(sorted({*self.streams, *self.left_at}, key=lambda person: person.nickname))
        roster = Roster(people, self.visitors)
        changed = roster != self.roster
        self.roster = roster
        return changed
