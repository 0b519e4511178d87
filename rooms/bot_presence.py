"""Who comes to a room and who goes, as bots are told it: the difference to what they were told last."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from rooms.presence import Person, Presence
from rooms.standing import Reader

NAMED = 100  # people, at most, in either list


def people_in(presence: Presence) -> frozenset[Person]:
    """All members here who are seen at all."""
    return presence.everybody()


@dataclass(frozen=True)
class Moves:
    """Who has joined and who has left, and how many are here now, visitors with them."""

    joined: frozenset[Person]
    left: frozenset[Person]
    people_here: int

    def told_to(self, reader: Reader) -> bytes:
        """An event without an id, since it is no row of the log. Names for members only."""
        told = {
            "joined": _named(self.joined, reader),
            "left": _named(self.left, reader),
            "people_here": self.people_here,
        }
        return f"event: chat.presence\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode()


def _named(people: Collection[Person], reader: Reader) -> list[dict[str, object]]:
    if reader.person_id is None:
        return []
    hidden = getattr(reader, "kept_out_by", ())  # who have blocked them
    shown = sorted((person for person in people if person.pk not in hidden), key=lambda person: person.nickname)
    return [{"id": person.pk, "nickname": person.nickname} for person in shown[:NAMED]]
