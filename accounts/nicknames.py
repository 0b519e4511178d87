"""Nicknames: the one name a person has here."""

import re
import secrets
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SHORTEST, LONGEST = 2, 20
LONGEST_KEY = 40  # characters: some signs are many once folded
_ALLOWED = re.compile(r"[\w.-]+")
_STRANGE = re.compile(r"[^\w.-]+")
# What a random nickname is made of: a thing of space in the language its owner reads, and a number. Never anything of
# the e-mail address.
_THINGS = {
    "ko": ("혜성", "은하", "위성", "궤도", "별똥별", "성운", "달무리", "망원경", "소행성", "오로라"),
    "en": ("comet", "galaxy", "moon", "orbit", "meteor", "nebula", "halo", "telescope", "asteroid", "aurora"),
}


def nickname_key(nickname: str) -> str:
    """What makes two nicknames the same: NFKC and case folding."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", nickname).casefold())


def validate_nickname(nickname: str) -> None:
    """2 to 20 letters of any script, digits, `_ - .`, at least one of them a letter or digit.

    Raises:
        ValidationError: it is not.
    """
    if not SHORTEST <= len(nickname) <= LONGEST or len(nickname_key(nickname)) > LONGEST_KEY:
        raise ValidationError(_("A nickname has 2 to 20 characters."), code="length")
    if not _ALLOWED.fullmatch(nickname) or not any(sign.isalnum() for sign in nickname):
        raise ValidationError(_("Letters, digits and _ - . only, please."), code="signs")


def random_nickname() -> str:
    things = _THINGS.get(get_language() or "ko", _THINGS["ko"])
    return f"{secrets.choice(things)}-{secrets.randbelow(10_000):04}"


def fitting_nickname(name: str) -> str:
    """The nearest allowed nickname to a name from elsewhere: `|QuaD-` becomes `QuaD-`."""
    fitting = _STRANGE.sub("", unicodedata.normalize("NFKC", name))[:LONGEST]
    if len(fitting) < SHORTEST or not any(sign.isalnum() for sign in fitting):
        fitting = f"{fitting}{random_nickname()}"[:LONGEST]
    return fitting
