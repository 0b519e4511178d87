"""What people type on the board."""

from board.forms.post import PostForm
from board.forms.report import DecisionForm, ReportForm
from board.forms.site import CategoryForm, SiteTextForm

__all__ = ["CategoryForm", "DecisionForm", "PostForm", "ReportForm", "SiteTextForm"]
