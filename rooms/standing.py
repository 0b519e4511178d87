"""Who reads, and where a room stands: as much as a stream needs to decide without the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

from django.contrib.auth.models import AnonymousUser

from rooms.querysets import Position

if TYPE_CHECKING:
    from accounts.models import User
    from rooms.models import Room


class RoomGone(Exception):
    """There is no such room (any more)."""


class Reader(NamedTuple):
    """A listener's person, or a visitor (`person_id` None)."""

    person_id: int | None = None
    nickname: str = ""
    is_staff: bool = False
    is_suspended: bool = False
    stamp: int = 0
    is_unseen: bool = False
    kept_out_by: Sequence[int] = ()  # who have blocked them

    @classmethod
    def of(cls, user: "User | AnonymousUser") -> Self:
        if isinstance(user, AnonymousUser):
            return cls()
        kept_out_by = sorted(user.kept_out_by)
        return cls(
            user.pk, user.nickname, user.is_staff, user.is_suspended, user.auth_stamp, user.is_unseen, kept_out_by
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """A room's log position and access flags, read in one statement."""

    position: Position
    owner_id: int
    members_only: bool
    is_hidden: bool
    is_deleted: bool

    @classmethod
    def of(cls, room: "Room", position: Position) -> Self:
        return cls(position, room.owner_id, room.members_only, bool(room.hidden_at), bool(room.deleted_at))

    def audience(self) -> tuple[object, ...]:
        """What decides who may read; when it changes, everybody is asked again."""
        return (self.owner_id, self.members_only, self.is_hidden, self.is_deleted)

    def is_visible_to(self, reader: Reader) -> bool:
        """The same rule as `rooms.querysets.room_visible_q`; a test holds the two together."""
        if self.is_deleted:
            return False
        if reader.person_id is None:
            return not self.is_hidden and not self.members_only
        if reader.is_staff:
            return True
        if self.is_hidden and reader.person_id != self.owner_id:
            return False
        return not (self.members_only and (reader.is_suspended or self.owner_id in reader.kept_out_by))
