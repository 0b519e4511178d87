"""Who is in a room: whoever has a stream of it open, and for a while after."""

import heapq
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from rooms.standing import Reader

# Seconds a person stays without any stream in any tab: a reload or a tunnel is not leaving.
GRACE = 90
# People named at most: everybody in the room is sent all of the names whenever one of them changes.
SHOWN = 20


class Person(NamedTuple):
    pk: int
    nickname: str


class Crowd(NamedTuple):
    """Who is in a room by the word of other processes."""

    people: frozenset[Person] = frozenset()
    visitors: int = 0

    @property
    def size(self) -> int:
        return len(self.people) + self.visitors


NOBODY = Crowd()


class Roster(NamedTuple):
    """Who is here at a moment: members, the first `SHOWN` of them by name, and visitors."""

    people: tuple[Person, ...] = ()
    members: int = 0
    visitors: int = 0

    @property
    def size(self) -> int:
        return self.members + self.visitors

    @classmethod
    def of(cls, people: Collection[Person], visitors: int) -> Self:
        named = heapq.nsmallest(SHOWN, people, key=lambda person: person.nickname)
        return cls(tuple(named), len(people), visitors)

    def as_told_to(self, kept_out_by: Collection[int]) -> "Roster":
        """Without the names of those who have blocked the reader."""
        if not kept_out_by:
            return self
        return self._replace(people=tuple(person for person in self.people if person.pk not in kept_out_by))

    @property
    def unnamed(self) -> int:
        """Members beyond those with a name."""
        return self.members - len(self.people)


@dataclass
class Presence:
    """One room's. Changed on the event loop only; `roster` is a snapshot that any thread may read.

    In a small room the snapshot is of now. In a large one everybody who comes would cost as much as there are people
    in it, so there it is as old as the last `refresh`.
    """

    streams: Counter[Person] = field(default_factory=Counter)
    left_at: dict[Person, float] = field(default_factory=dict)
    visitors: int = 0
    elsewhere: Crowd = NOBODY
    roster: Roster = field(default_factory=Roster)

    @property
    def is_empty(self) -> bool:
        """Is nobody in this process here?"""
        return not (self.streams or self.left_at or self.visitors)

    def enter(self, reader: Reader) -> None:
        """A stream opened. Who reads unseen counts as a visitor."""
        if reader.person_id is None or reader.is_unseen:
            self.visitors += 1
        else:
            person = Person(reader.person_id, reader.nickname)
            self.streams[person] += 1
            self.left_at.pop(person, None)
        self._refresh_if_small()

    def leave(self, reader: Reader) -> None:
        """A stream ended. A visitor is gone at once, a member after `GRACE`."""
        if reader.person_id is None or reader.is_unseen:
            self.visitors -= 1
        else:
            person = Person(reader.person_id, reader.nickname)
            self.streams[person] -= 1
            if not self.streams[person]:
                del self.streams[person]
                self.left_at[person] = time.monotonic()
        self._refresh_if_small()

    def beat(self, person: Person) -> None:
        """Somebody says that they are here, without a stream."""
        if person not in self.streams:
            self.left_at[person] = time.monotonic()
            self._refresh_if_small()

    def _refresh_if_small(self) -> None:
        if len(self.streams) + self.visitors + self.elsewhere.size <= SHOWN:
            self.refresh()

    def people_here(self) -> set[Person]:
        """All members in this process; may be asked by any thread."""
        return {*list(self.streams), *list(self.left_at)}

    def everybody(self) -> frozenset[Person]:
        """All members, in all processes; may be asked by any thread."""
        return self.elsewhere.people.union(self.people_here())

    def refresh(self) -> Roster:
        """Forget who has been away for long, and count who is here."""
        now = time.monotonic()
        self.left_at = {person: at for person, at in self.left_at.items() if now - at < GRACE}
        self.roster = Roster.of(self.everybody(), self.visitors + self.elsewhere.visitors)
        return self.roster
