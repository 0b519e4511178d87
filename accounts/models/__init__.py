"""People."""

from accounts.models.deed import FOR_EVER, Deed
from accounts.models.export import Export
from accounts.models.friendship import Block, Friendship
from accounts.models.moderated import ADMINISTRATORS, MODERATORS
from accounts.models.notification import Notification
from accounts.models.profile import Profile, Skill
from accounts.models.user import Aloud, FormerNickname, User, validate_time_zone

__all__ = [
    "ADMINISTRATORS",
    "FOR_EVER",
    "MODERATORS",
    "Aloud",
    "Block",
    "Deed",
    "Export",
    "FormerNickname",
    "Friendship",
    "Notification",
    "Profile",
    "Skill",
    "User",
    "validate_time_zone",
]
