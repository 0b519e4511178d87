"""Who is writing something in a room right now: told to the others, kept nowhere."""

import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, Self

from cobra import bus
from rooms.presence import Person

if TYPE_CHECKING:
    from accounts.models import User

# Seconds after which somebody no longer writes who has not said so again. A page says so every three (say-typing.js).
LASTS = 5


def channel_of(room_id: int) -> str:
    """A channel of its own, and an unreliable one: nothing on it is numbered, stored or sent again."""
    return f"typing-{room_id}"


class Keystroke(NamedTuple):
    """That somebody is writing, or has stopped."""

    person: Person
    is_typing: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `__str__` made.

        Raises:
            ValueError: it is nothing of the kind.
        """
        person_id, is_typing, nickname = text.split(":")
        return cls(Person(int(person_id), nickname), is_typing == "1")

    def __str__(self) -> str:
        return f"{self.person.pk}:{int(self.is_typing)}:{self.person.nickname}"  # one word: no nickname has a colon


def tell(room_id: int, user: "User", *, is_typing: bool) -> None:
    """Let the room know. Who reads unseen is told of to nobody."""
    if not user.is_unseen:
        keystroke = Keystroke(Person(user.pk, user.nickname), is_typing)
        bell = bus.Bell(channel_of(room_id), str(keystroke))
        bus.tell_others(bell)
        bus.ring_here(bell)


class Typists:
    """Who is writing in one room. Changed on the event loop only."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until: dict[Person, float] = {}

    def hear(self, keystroke: Keystroke) -> bool:
        """Take it in; does it change who is writing, or for how long?"""
        if keystroke.is_typing:
            self._until[keystroke.person] = self._now() + LASTS
            return True
        return self._until.pop(keystroke.person, None) is not None

    def forget(self, person_ids: Collection[int]) -> None:
        """They have said it."""
        self._until = {person: until for person, until in self._until.items() if person.pk not in person_ids}

    def now(self) -> tuple[Person, ...]:
        """By who began first."""
        now = self._now()
        self._until = {person: until for person, until in self._until.items() if until > now}
        return tuple(self._until)


def told_to(people: Sequence[Person], kept_out_by: Collection[int]) -> tuple[Person, ...]:
    """Without those who have blocked the reader."""
    return tuple(person for person in people if person.pk not in kept_out_by)
