"""Waiting for what happens on another thread."""

import time
from collections.abc import Callable


def until(is_so: Callable[[], object], seconds: float = 5) -> None:
    """Returns as soon as this is so.

    Raises:
        AssertionError: it was not within `seconds`.
    """
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds} seconds"
        time.sleep(0.005)
