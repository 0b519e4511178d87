"""Rooms and what is said in them. A room knows no posts."""

from rooms.models.line import Line
from rooms.models.membership import Level, Membership, ReadMark
from rooms.models.room import BLOCK, Room
from rooms.models.version import RoomVersion, new_epoch

__all__ = ["BLOCK", "Level", "Line", "Membership", "ReadMark", "Room", "RoomVersion", "new_epoch"]
