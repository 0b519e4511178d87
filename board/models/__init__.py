"""Posts, and how they are found."""

from board.models.bookmark import Bookmark
from board.models.category import Category
from board.models.post import RESTORABLE, TITLE_LIMIT, Post
from board.models.report import Report
from board.models.revision import Revision
from board.models.site_text import SiteText
from board.models.tag import PostTag, Tag

__all__ = [
    "RESTORABLE",
    "TITLE_LIMIT",
    "Bookmark",
    "Category",
    "Post",
    "PostTag",
    "Report",
    "Revision",
    "SiteText",
    "Tag",
]
