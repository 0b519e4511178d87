"""Requests that stay under way until the test lets them go."""

import time
from collections import deque

from playwright.sync_api import Page, Route


class Held:
    """What a page asks of an address from now on, kept from the server."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self._routes: deque[Route] = deque()

        def keep(route: Route) -> None:  # no method: Playwright writes on it
            self._routes.append(route)

        page.route(url, keep)

    def take(self) -> Route:
        """The longest held request; what a page shows of one may be seen before Playwright hears of it."""
        until = time.monotonic() + 10
        while not self._routes and time.monotonic() < until:
            self.page.wait_for_timeout(20)
        assert self._routes, f"nobody asked {self.url}"
        return self._routes.popleft()

    def abort_all(self) -> None:
        while self._routes:
            self._routes.popleft().abort()

    def stop(self) -> None:
        """From now on the server hears again."""
        self.page.unroute(self.url)
