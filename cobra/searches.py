"""How often somebody may search (`SEARCH_RATE`): a person, or an address without a login."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.utils.translation import gettext as _

from cobra.errors import Refusal
from cobra.http import Request
from cobra.rates import Rate


class TooManySearches(Refusal):
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after

    def __str__(self) -> str:
        return _("That is a lot of searching. Go on in %(seconds)d s, please.") % {"seconds": self.retry_after}

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


def count_search(request: Request) -> None:
    """Count one more search.

    Raises:
        TooManySearches: they have made `SEARCH_RATE` already.
    """
    rate: Rate | None = settings.SEARCH_RATE
    if rate is None:
        return
    seconds, per = int(rate.window.total_seconds()), "user" if request.user.is_authenticated else "ip"
    config = {"search": f"{rate.count}/{seconds}s/{per}"}
    if not ratelimit.consume(request, app="cobra", action="search", config=config, limit_get=True):
        raise TooManySearches(seconds)
