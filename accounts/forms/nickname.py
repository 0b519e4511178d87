"""Nicknames as somebody types them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.nicknames import validate_nickname


class NicknameField(forms.CharField):
    """A nickname nobody has yet; the person who has it may keep it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Nickname"))
        super().__init__(max_length=20, validators=[validate_nickname], **kwargs)
        self.widget.attrs["autocomplete"] = "nickname"


def taken(nickname: str, *, but_by: User | None = None) -> forms.ValidationError | None:
    """The error for a nickname that is somebody else's, with two that are free."""
    others = User.objects.named(nickname) | User.objects.filter(pk__in=User.objects.once_named(nickname))
    if but_by:
        others = others.exclude(pk=but_by.pk)
    if not nickname or not others.exists():
        return None
    free = [User.objects.free_nickname(f"{nickname[:16]}{tail}") for tail in ("_py", "일까")]
    return forms.ValidationError(
        _("Somebody has this already. %(first)s and %(second)s are free."),
        params={"first": free[0], "second": free[1]},
        code="taken",
    )
