"""Posts, and how they are found."""

from board.models.bookmark import Bookmark
from board.models.category import Category
from board.models.draft import Draft
from board.models.post import RESTORABLE, TITLE_LIMIT, Post
from board.models.revision import Revision
from board.models.tag import PostTag, Tag
from board.models.view import View

__all__ = ["RESTORABLE", "TITLE_LIMIT", "Bookmark", "Category", "Draft", "Post", "PostTag", "Revision", "Tag", "View"]
