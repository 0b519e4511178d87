"""What one person is shown of others, in lists: of friends, of a search."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accounts.models import Profile, User
from accounts.querysets import SHORTEST_SEARCH
from accounts.whereabouts import visible_rooms, whereabouts
from cobra.searches import count_search

MOST_FOUND = 20


class Seat(NamedTuple):
    """A room where somebody is, and that the reader may see."""

    room_id: int
    title: str


@dataclass(frozen=True)
class Card:
    """`person` with their ties to the reader. `status` and `email` are empty where the reader may not read them."""

    person: User
    status: str
    email: str
    is_online: bool
    seat: Seat | None


def cards_of(people: Sequence[User], *, reader: User) -> list[Card]:
    """One for each of these people, who come `with_ties_to(reader)` and their profile; two queries at most."""
    open_to_reader = set(
        Profile.objects.visible_to(reader).filter(pk__in=[person.pk for person in people]).values_list("pk", flat=True)
    )
    where = whereabouts()
    online = {person.pk: where[person.pk] for person in people if person.pk in where and _is_told_of(person)}
    titles = visible_rooms(reader, {room_id for room_ids in online.values() for room_id in room_ids})
    return [
        Card(
            person=person,
            status=person.profile.status if person.pk in open_to_reader else "",
            email=person.email if person.pk in open_to_reader and _shows_email(person, reader) else "",
            is_online=person.pk in online,
            seat=next(
                (Seat(pk, titles[pk]) for pk in sorted(online.get(person.pk, ()), reverse=True) if pk in titles), None
            ),
        )
        for person in people
    ]


def _is_told_of(person: User) -> bool:
    """Whether and where somebody is: told to people on their list alone, and of nobody who reads unseen."""
    return person.lists_me and not person.is_unseen  # type: ignore[attr-defined]  # annotated


def _shows_email(person: User, reader: User) -> bool:
    is_mutual = person.is_friend and person.lists_me  # type: ignore[attr-defined]  # annotated
    return person.shows_email_to(reader, is_mutual=is_mutual)


@dataclass(frozen=True)
class Friends:
    """Everybody to whom the reader has a tie: who added them, who is in a room now, the others, whom they block."""

    added_me: list[Card]
    seated: list[Card]
    others: list[Card]
    blocked: list[Card]


def friends_of(reader: User) -> Friends:
    people = User.objects.with_ties_to(reader).select_related("profile")
    mine, added_me, blocked = (
        cards_of(list(each), reader=reader)
        for each in (people.on_list_of(reader), people.who_added(reader), people.blocked_by(reader))
    )
    seated = [card for card in mine if card.seat]
    others = sorted((card for card in mine if not card.seat), key=lambda card: not card.is_online)
    return Friends(added_me, seated, others, blocked)


@dataclass(frozen=True)
class Found:
    """What a search for `keyword` gave. `has_more`: there were more than are shown."""

    keyword: str = ""
    cards: Sequence[Card] = ()
    is_short: bool = False
    has_more: bool = False


def search(keyword: str, *, reader: User) -> Found:
    """People by part of their nickname or e-mail, as `UserQuerySet.found_by` has it.

    Raises:
        SearchedTooFast: the reader has searched `SEARCH_RATE` already.
    """
    if len(keyword.strip()) < SHORTEST_SEARCH:
        return Found(keyword, is_short=bool(keyword.strip()))
    count_search(reader.pk)
    people = User.objects.with_ties_to(reader).select_related("profile").found_by(keyword, reader=reader)
    found = list(people[: MOST_FOUND + 1])
    return Found(keyword, cards_of(found[:MOST_FOUND], reader=reader), has_more=len(found) > MOST_FOUND)
