"""The pass: a cookie that tells a stream who is there without reading the session.

Every page with a room gives one, and a stream to who has none that is good: so the session is looked at once an hour.
"""

import hashlib
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpResponse

from cobra.http import Request
from rooms.standing import Reader

COOKIE = "stream_pass"
MAX_AGE = 60 * 60  # seconds
_SALT = "rooms.passes"


def _hash(session_key: str) -> str:
    return hashlib.sha256(f"{_SALT}{session_key}".encode()).hexdigest()[:32]


def write_pass(reader: Reader, session_key: str) -> str:
    return signing.dumps([*reader, _hash(session_key)], salt=_SALT)


def read_pass(text: str, session_key: str) -> Reader | None:
    """The reader a pass names; None when it is forged, old, or of another session than the cookie beside it. Whether
    they may still do what it says is for the database to say (`Hub.is_current`)."""
    try:
        *fields, session_hash = signing.loads(text, salt=_SALT, max_age=MAX_AGE)
        reader = Reader(*fields)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return reader if session_key and session_hash == _hash(session_key) else None


def cookie_options() -> dict[str, Any]:
    return {
        "max_age": MAX_AGE,
        "httponly": True,
        "samesite": "Lax",
        "secure": bool(settings.SESSION_COOKIE_SECURE),
        "path": "/posts/",
    }


def give_pass(request: Request, response: HttpResponse) -> None:
    """Put the reader's pass beside a page that opens a stream, which then belongs to this reader alone."""
    response["Cache-Control"] = "private, no-store"
    session_key = request.session.session_key
    if request.user.is_authenticated and session_key:
        response.set_cookie(COOKIE, write_pass(Reader.of(request.user), session_key), **cookie_options())
    elif COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, path="/posts/")


def pass_header(reader: Reader, session_key: str) -> tuple[bytes, bytes]:
    """The same as a raw header, for the stream's own answer."""
    response = HttpResponse()
    response.set_cookie(COOKIE, write_pass(reader, session_key), **cookie_options())
    return b"set-cookie", response.cookies[COOKIE].OutputString().encode()
