"""Requests that stay under way until the test lets them go."""

import re
from collections import deque

from playwright.sync_api import Page, Route

from e2e.patience import until


class Held:
    """What a page asks of an address from now on, kept from the server."""

    def __init__(self, page: Page, url: str | re.Pattern[str]) -> None:
        self.page, self.url = page, url
        self._routes: deque[Route] = deque()

        def keep(route: Route) -> None:  # no method: Playwright writes on it
            self._routes.append(route)

        page.route(url, keep)

    def take(self) -> Route:
        """The longest held request; what a page shows of one may be seen before Playwright hears of it."""
        until(self.page, lambda: self._routes)
        return self._routes.popleft()

    def let_go(self) -> None:
        """What is held, one request at least, and all that comes after it, goes on to the server."""
        self.take().continue_()
        self.stop()

    def abort_all(self) -> None:
        while self._routes:
            self._routes.popleft().abort()

    def stop(self) -> None:
        """From now on the server hears again; Playwright lets go of what is still held."""
        self.page.unroute(self.url)
