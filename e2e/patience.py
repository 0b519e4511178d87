"""Waiting for what Playwright's `expect` cannot see."""

import time
from collections.abc import Callable

from playwright.sync_api import Page


def until(page: Page, is_so: Callable[[], object], seconds: float = 10) -> None:
    """Let the page go on until this is so; what it tells us of is heard meanwhile.

    Raises:
        AssertionError: it was not within `seconds`.
    """
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds} seconds"
        page.wait_for_timeout(20)
