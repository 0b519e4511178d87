"""One name for all that is logged about one request, at the proxy and here."""

import re
import secrets
from contextvars import ContextVar

HEADER = "X-Request-ID"
# What others may call a request: it goes into logs and back into a header as it is.
THEIRS = re.compile(r"[A-Za-z0-9._-]{1,64}")

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of the request that is being answered; empty where none is."""
    return _current.get()


def begin(given: str | None) -> str:
    """Call what follows by the id that the proxy gave it, else by a new one."""
    name = given if given and THEIRS.fullmatch(given) else secrets.token_hex(8)
    _current.set(name)
    return name


def go_on(name: str) -> None:
    """What follows, on a thread of its own, belongs to this request too; empty: to none."""
    _current.set(name)
