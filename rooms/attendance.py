"""Who is in the rooms, as pages ask and tell it. Every function here may be called from any thread."""

from accounts.models import User
from rooms.live import current_hub
from rooms.presence import Person, Roster
from rooms.standing import Reader


def roster_of(room_id: int) -> Roster:
    """Who is in a room now."""
    hub = current_hub()
    if hub is None:
        return Roster()
    room = hub.rooms.get(room_id)
    return room.presence.roster if room else hub.elsewhere.of(room_id).roster


def rooms_alive() -> dict[int, Roster]:
    """The rooms with somebody in them."""
    hub = current_hub()
    if hub is None:
        return {}
    rosters = {room_id: crowd.roster for room_id, crowd in hub.elsewhere.rooms.items()}
    rosters |= {room.pk: room.presence.roster for room in list(hub.rooms.values())}
    return {room_id: roster for room_id, roster in rosters.items() if roster.size}


def whereabouts() -> dict[int, frozenset[int]]:
    """Which rooms each member who is seen at all is in."""
    hub = current_hub()
    if hub is None:
        return {}
    places: dict[int, set[int]] = {person_id: set() for person_id in (*hub.inboxes.online(), *hub.elsewhere.online)}
    people = {room_id: crowd.people for room_id, crowd in hub.elsewhere.rooms.items()}
    for room_id, here in (people | {room.pk: room.presence.everybody() for room in list(hub.rooms.values())}).items():
        for person in here:
            places.setdefault(person.pk, set()).add(room_id)
    return {person_id: frozenset(rooms) for person_id, rooms in places.items()}


def beat(room_id: int, user: User) -> None:
    """This person is in a room that somebody listens to. Who reads unseen is told of to nobody."""
    hub = current_hub()
    room = hub.rooms.get(room_id) if hub else None
    if hub is None or room is None or user.is_unseen:
        return

    def take() -> None:
        room.presence.beat(Person(user.pk, user.nickname))
        room.who.tell()

    hub.loop.call_soon_threadsafe(take)


def beat_at_edge(room_id: int, reader: Reader, encoding: str, guest: str) -> None:
    """A page whose stream Pushpin holds is before somebody."""
    if (hub := current_hub()) and hub.edge:
        hub.loop.call_soon_threadsafe(hub.start, hub.edge.beat(room_id, reader, encoding, guest))
