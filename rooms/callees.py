"""Whom somebody in a room may want to call by `@`."""

from django.db.models import Max

from accounts.models import User
from rooms.attendance import roster_of
from rooms.models import Line, Membership, Room, RoomVersion

OFFERED = 8  # people
MEMBERS = 500  # who joined last, of those who have not spoken lately
RECENT = 2_000  # versions of the log in which somebody who has spoken still takes part


def people_to_call(words: str, *, room: Room, reader: User) -> list[User]:
    """By the beginning of their nicknames: first those who have spoken here, the latest first; then who is here, whose
    room it is, and who else takes part; then, where anything is typed at all, everybody else."""
    people = User.objects.to_call_by(reader).beginning_with(words).select_related("profile")
    members = Membership.objects.filter(room=room).order_by("-pk").values_list("person", flat=True)
    near = [*_speakers(room), *(person.pk for person in roster_of(room.pk).people), room.owner_id, *members[:MEMBERS]]
    found = {person.pk: person for person in people.filter(pk__in=near)}
    offered = [found[pk] for pk in dict.fromkeys(near) if pk in found][:OFFERED]
    if words and len(offered) < OFFERED:
        others = people.exclude(pk__in=found).order_by("nickname_key")
        offered += others[: OFFERED - len(offered)]
    return offered


def _speakers(room: Room) -> list[int]:
    position = RoomVersion.objects.position(room.pk)
    since = position.version - RECENT if position else 0
    said = Line.objects.filter(room=room, kind=Line.Kind.SAID, seq__gt=since).values("author")
    return list(said.annotate(last=Max("seq")).order_by("-last").values_list("author", flat=True))
