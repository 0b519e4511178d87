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


class SearchedTooFast(Refusal):
    """More than `SEARCH_RATE`. `retry_after`: whole seconds until the next search is taken."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after

    def __str__(self) -> str:
        return _("That was many searches. You can go on in %(seconds)d s; your words stay here.") % {
            "seconds": self.retry_after
        }

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


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
