"""What people type on the board."""

from board.forms.post import PostForm

__all__ = ["PostForm"]
