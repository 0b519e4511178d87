"""Rooms and what is said in them. A room knows no posts."""

from rooms.models.line import Line
from rooms.models.room import BLOCK, Room
from rooms.models.verdict import Verdict
from rooms.models.version import RoomVersion, new_epoch

__all__ = ["BLOCK", "Line", "Room", "RoomVersion", "Verdict", "new_epoch"]
