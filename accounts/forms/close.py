"""What closing an account asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import signing_in
from accounts.models import User
from accounts.nicknames import nickname_key


class CloseForm(forms.Form):
    """The nickname, typed, so that nobody leaves by a slip of the hand."""

    nickname = forms.CharField(label=_("Your nickname, to be sure"), max_length=40)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["nickname"].widget.attrs["autocomplete"] = "off"

    def clean_nickname(self) -> str:
        nickname: str = self.cleaned_data["nickname"]
        if nickname_key(nickname.strip()) != self.user.nickname_key:
            raise forms.ValidationError(
                _("That is not your nickname. It is %(nickname)s."), params={"nickname": self.user.nickname}
            )
        return nickname

    def clean(self) -> dict[str, Any] | None:
        """Who has no password to be asked for shows by signing in that it is them."""
        if not signing_in.can_be_asked(self.user) and not self.user.has_just_signed_in():
            raise forms.ValidationError(_("Sign out and in again first, then close the account within five minutes."))
        return super().clean()
