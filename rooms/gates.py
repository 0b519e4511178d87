"""Gentle gates: what a newcomer, or somebody who repeats themselves, may not do yet. All of it from the environment."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from cobra.rates import Rate

if TYPE_CHECKING:
    from accounts.models import User

_LINK = re.compile(r'href="(https?://[^"]+)"')
# Shorter than this, people do say the same thing twice: "ok", "thank you".
SHORTEST_REPETITION = 20  # characters
# So many refusals for speed, and the staff are told.
FLOOD = Rate.parse("10/10m")


def line_rate_of(person: "User") -> Rate | None:
    """How often this person may say or change a line; None without a limit."""
    rate: Rate | None = settings.LINE_RATE
    newcomers: Rate | None = settings.NEWCOMER_LINE_RATE
    return newcomers if rate and newcomers and person.is_newcomer else rate


def is_held(person: "User", html: str, *, before: str = "") -> bool:
    """Does somebody of the staff look at this first? A newcomer's, that leads elsewhere than it did `before`."""
    is_watched = settings.NEWCOMER_LINKS == "hold" and person.is_newcomer
    return is_watched and bool(_links_in(html) - _links_in(before))


def _links_in(html: str) -> set[str]:
    """The addresses outside of this site."""
    here = urlsplit(settings.SITE_URL).netloc
    return {link for link in _LINK.findall(html) if urlsplit(link).netloc != here}


def repeats(person: "User", text: str) -> bool:
    """Has this person said just that, anywhere, within `REPEAT_FOR`?"""
    from rooms.models import Line

    if not settings.REPEAT_FOR or len(text) < SHORTEST_REPETITION:
        return False
    return Line.objects.has_said(person.pk, text, since=timezone.now() - settings.REPEAT_FOR)


def floods(person: "User") -> bool:
    """Count one more refusal for speed; is that the first too many?"""
    return bool(FLOOD and FLOOD.count_one(f"flood:{person.pk}"))
