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
# The same for visitors without a stream here, whose pages speak every thirty seconds (here-beat.js).
GUEST_GRACE = 70
MOST_GUESTS = 5_000  # a room and process: anybody may claim to be one
# People named at most: everybody in the room is sent all of the names whenever one of them changes.
SHOWN = 20


class Person(NamedTuple):
    pk: int
    nickname: str


class Crowd(NamedTuple):
    """Who is in a room by the word of other processes."""

    people: frozenset[Person] = frozenset()
    visitors: int = 0
    guests: frozenset[str] = frozenset()  # visitors whose pages say that they are there, by the name of the page

    @property
    def size(self) -> int:
        return len(self.people) + self.visitors + len(self.guests)

    @property
    def roster(self) -> "Roster":
        return Roster.of(self.people, self.visitors + len(self.guests))


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
    guests: dict[str, float] = field(default_factory=dict)
    elsewhere: Crowd = NOBODY
    roster: Roster = field(default_factory=Roster)

    @property
    def is_empty(self) -> bool:
        """Is nobody in this process here?"""
        return not (self.streams or self.visitors or self.may_leave)

    @property
    def may_leave(self) -> bool:
        """Is somebody here only for as long as they have not been gone for long?"""
        return bool(self.left_at or self.guests)

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

    def beat(self, person: Person, lasts: float = GRACE) -> None:
        """Somebody is here without a stream, for so many seconds if nothing more is heard of them."""
        if person not in self.streams:
            at = time.monotonic() - GRACE + lasts
            self.left_at[person] = max(at, self.left_at.get(person, at))
            self._refresh_if_small()

    def beat_guest(self, guest: str) -> None:
        """The same for somebody who is counted and not named."""
        if guest in self.guests or len(self.guests) < MOST_GUESTS:
            self.guests[guest] = time.monotonic()
            self._refresh_if_small()

    def _refresh_if_small(self) -> None:
        if len(self.streams) + self.visitors + len(self.guests) + self.elsewhere.size <= SHOWN:
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
        self.guests = {guest: at for guest, at in self.guests.items() if now - at < GUEST_GRACE}
        guests = self.elsewhere.guests.union(self.guests)
        self.roster = Roster.of(self.everybody(), self.visitors + self.elsewhere.visitors + len(guests))
        return self.roster
