"""Several things in one box."""

import re
import unicodedata
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from accounts import pictures
from accounts.models.profile import MOST_INTERESTS, MOST_LINKS
from accounts.nicknames import nickname_key

if TYPE_CHECKING:
    from django.core.files.base import ContentFile

SHORTEST_WORD, LONGEST_WORD, LONGEST_LINK = 2, 30, 200  # characters
# Commas of a Latin and of a Korean or Chinese keyboard. Not spaces: an interest may be several words.
_COMMAS = re.compile(r"[,、，;\n]+")


class InterestsField(forms.CharField):
    """Words with commas between, as a list; each once, however it is spelled."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFC", super().clean(value) or "")
        words: dict[str, str] = {}
        for piece in _COMMAS.split(text):
            if word := " ".join(piece.split()).lstrip("#"):
                words.setdefault(nickname_key(word), word)
        for word in words.values():
            if not SHORTEST_WORD <= len(word) <= LONGEST_WORD:
                raise ValidationError(_("“%(word)s”: 2 to 30 characters each."), params={"word": word}, code="length")
        if len(words) > MOST_INTERESTS:
            raise ValidationError(_("Twelve interests at most, please."), code="too_many")
        return list(words.values())


class LinksField(forms.CharField):
    """Web addresses, one a line, as a list; `https://` may be left out."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines()]
        links = list(dict.fromkeys(self._address(line) for line in lines if line))
        if len(links) > MOST_LINKS:
            raise ValidationError(_("Five links at most, please."), code="too_many")
        return links

    def _address(self, line: str) -> str:
        address = line if "://" in line else f"https://{line}"
        params = {"line": line[:60]}
        if len(address) > LONGEST_LINK:
            raise ValidationError(_("“%(line)s…” is too long: 200 characters at most."), params=params, code="too_long")
        try:
            URLValidator(schemes=["http", "https"])(address)
        except ValidationError as error:
            raise ValidationError(_("“%(line)s” is no web address."), params=params, code="invalid") from error
        if "@" in urlsplit(address).netloc:  # `https://bank.example@elsewhere.example` reads as what it is not
            raise ValidationError(_("“%(line)s” is no web address."), params=params, code="invalid")
        return address


class PictureField(forms.FileField):
    """An upload, made into the picture that is kept (`accounts.pictures`)."""

    widget = forms.FileInput

    def clean(self, data: Any, initial: Any = None) -> "ContentFile[bytes] | None":
        upload = super().clean(data)  # without the picture of before, which would come back as a new one
        return pictures.made_of(upload) if upload else None
