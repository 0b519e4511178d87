"""How a room may end."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What a closed room has come to. Each is also the kind of the notice in the log that says so (`Line.Kind`)."""

    SOLVED = "solved", _("Solved")
    SETTLED = "settled", _("Settled")
    ON_HOLD = "on_hold", _("On hold")
