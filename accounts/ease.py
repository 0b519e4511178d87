"""How somebody likes to use the site's keys and hear its rooms: a member's account says it, or a visitor's cookies."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

from accounts.models import Aloud, User

YEAR = 365 * 24 * 60 * 60  # seconds


class Ease(NamedTuple):
    single_keys: bool = True
    aloud: str = Aloud.SUMMARY


def ease_of(request: HttpRequest) -> Ease:
    if isinstance(request.user, User):
        return Ease(request.user.single_keys, request.user.aloud)
    aloud = request.COOKIES.get("aloud", "")
    return Ease(request.COOKIES.get("single_keys") != "0", aloud if aloud in Aloud.values else Aloud.SUMMARY)


def keep_ease(request: HttpRequest, response: HttpResponse, ease: Ease) -> None:
    """From now on it is like this: for the member on every device, for a visitor in this browser."""
    if isinstance(request.user, User):
        request.user.choose(**ease._asdict())
        return
    for name, value in (("single_keys", str(int(ease.single_keys))), ("aloud", ease.aloud)):
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure())


def ease(request: HttpRequest) -> dict[str, Callable[[], Ease]]:
    """For every page, which asks only where it needs to know."""
    return {"ease": partial(ease_of, request)}
