"""People."""

from accounts.models.export import Export
from accounts.models.friendship import Block, Friendship
from accounts.models.notification import Notification
from accounts.models.profile import Profile, Skill
from accounts.models.user import Aloud, FormerNickname, User, validate_time_zone

__all__ = [
    "Aloud",
    "Block",
    "Export",
    "FormerNickname",
    "Friendship",
    "Notification",
    "Profile",
    "Skill",
    "User",
    "validate_time_zone",
]
