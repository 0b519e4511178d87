"""Why something about posts is refused."""

from django.utils.translation import gettext as _

from cobra.errors import Refusal


class ShelfInUse(Refusal):
    status = 409

    def __str__(self) -> str:
        return _("Posts stand in this category. Move them first; an empty one can be removed.")


class NotTakingPart(Refusal):
    status = 403

    def __str__(self) -> str:
        return _("Whoever takes part in the room can keep thoughts. Press “Take part”, or say a line.")


class TooManyTicked(Refusal):
    def __str__(self) -> str:
        return _("You have ticked enough lines of this room. Propose them, or untick some.")


class TooManyWaiting(Refusal):
    def __str__(self) -> str:
        return _("Several of your proposals are waiting already. Let those be read first; your text stays here.")


class DigestChanged(Refusal):
    status = 409

    def __str__(self) -> str:
        return _("Somebody has changed it meanwhile. Read it again first; your text stays here.")


class DigestDecided(Refusal):
    status = 409

    def __str__(self) -> str:
        return _("Somebody has decided about it meanwhile.")


class NothingLeft(Refusal):
    status = 409

    def __str__(self) -> str:
        return _("Every line it cites is gone by now, so there is nothing to publish.")


class TooManyDrafts(Refusal):
    """Somebody has `most` drafts already."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    def __str__(self) -> str:
        return _("You have %(count)d drafts. Throw some away, and this one can be kept too.") % {"count": self.most}
