"""How often somebody may search (`SEARCH_RATE`): a person, or an address without a login."""

from django.conf import settings
from django.utils.translation import gettext as _

from cobra.errors import Refusal
from cobra.http import Request
from cobra.rates import Rate


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


def count_search(who: object) -> None:
    """Count one more search by this person (their id) or address.

    Raises:
        SearchedTooFast: they have made `SEARCH_RATE` already.
    """
    rate: Rate | None = settings.SEARCH_RATE
    if rate and (wait := rate.count_one(f"search:{who}")):
        raise SearchedTooFast(wait)


def searcher(request: Request) -> object:
    """Whose searches a request counts under."""
    return request.user.pk if request.user.is_authenticated else request.META.get("REMOTE_ADDR", "")
