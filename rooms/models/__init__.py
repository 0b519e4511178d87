"""Rooms and what is said in them. A room knows no posts."""

from rooms.models.line import Line
from rooms.models.membership import Level, Membership, ReadMark
from rooms.models.mention import Mention
from rooms.models.reaction import WORDS, Reaction
from rooms.models.room import BLOCK, VERDICT_LIMIT, Room
from rooms.models.touch import Touch
from rooms.models.verdict import Verdict
from rooms.models.version import RoomVersion, new_epoch

__all__ = [
    "BLOCK",
    "VERDICT_LIMIT",
    "WORDS",
    "Level",
    "Line",
    "Membership",
    "Mention",
    "Reaction",
    "ReadMark",
    "Room",
    "RoomVersion",
    "Touch",
    "Verdict",
    "new_epoch",
]
