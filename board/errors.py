"""Why the board refuses."""

from django.utils.translation import gettext as _

from cobra.errors import Refusal


class ShelfInUse(Refusal):
    status = 409

    def __str__(self) -> str:
        return _("Posts stand in this category. Move them first; an empty one can be removed.")
