"""Posts, and how they are found."""

from board.models.bookmark import Bookmark
from board.models.category import Category
from board.models.digest import DIGEST_LIMIT, MOST_CITED, WORD_LIMIT, Citation, Digest, DigestRevision
from board.models.draft import Draft
from board.models.post import RESTORABLE, TITLE_LIMIT, Post
from board.models.report import Report
from board.models.revision import Revision
from board.models.site_text import SiteText
from board.models.tag import PostTag, Tag
from board.models.tick import Tick
from board.models.view import View

__all__ = [
    "DIGEST_LIMIT",
    "MOST_CITED",
    "RESTORABLE",
    "TITLE_LIMIT",
    "WORD_LIMIT",
    "Bookmark",
    "Category",
    "Citation",
    "Digest",
    "DigestRevision",
    "Draft",
    "Post",
    "PostTag",
    "Report",
    "Revision",
    "SiteText",
    "Tag",
    "Tick",
    "View",
]
