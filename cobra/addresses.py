"""Addresses of other services, as the environment says them."""

from typing import Any

import environ

_FORM = (
    "DATABASE_URL is an address such as postgres://user:password@host:5432/name, with a password that is "
    "percent-encoded (p@ss is p%40ss)."
)


def database(url: str) -> dict[str, Any]:
    """An entry of Django's DATABASES.

    Raises:
        ValueError: that is no address of a database. What it is stays unsaid, for it has a password in it.
    """
    try:
        found: dict[str, Any] = environ.Env.db_url_config(url)
    except (ValueError, KeyError):
        raise ValueError(_FORM) from None
    if not found.get("ENGINE"):
        raise ValueError(_FORM)
    return found
