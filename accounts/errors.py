"""Why people's verbs refuse."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cobra.errors import Refusal


class Oneself(Refusal):
    status = 400

    def __str__(self) -> str:
        return _("That is you. You are on your own side already.")


class BlockedByMe(Refusal):
    status = 409

    def __str__(self) -> str:
        return _("You have blocked this person. Unblock them first.")


class Suspended(Refusal):
    status = 403

    def __str__(self) -> str:
        return _("You cannot write for now. You can still read.")


class IsStaff(Refusal):
    status = 409

    def __str__(self) -> str:
        return _("This person is one of the staff. Take that role away first.")


class NotSuspended(Refusal):
    status = 409

    def __str__(self) -> str:
        return _("This person is not suspended.")


class NoPicture(Refusal):
    status = 409

    def __str__(self) -> str:
        return _("This person has no picture of their own.")


class LastSuperuser(Refusal):
    status = 409

    def __str__(self) -> str:
        return _("You are the last one who can look after this site. Make somebody else a superuser first.")


class RenamedTooSoon(Refusal):
    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until

    def __str__(self) -> str:
        day = date_format(localtime(self.until), "DATE_FORMAT")
        return _("A nickname may change every 30 days: the next time on %(day)s.") % {"day": day}
