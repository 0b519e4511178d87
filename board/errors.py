"""Why something about posts is refused."""

from django.utils.translation import gettext as _

from cobra.errors import Refusal


class TooManyDrafts(Refusal):
    """Somebody has `most` drafts already."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    def __str__(self) -> str:
        return _("You have %(count)d drafts. Throw some away, and this one can be kept too.") % {"count": self.most}
