"""What sign-up asks."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.forms.nickname import NicknameField, taken
from accounts.models import User

FINDABLE = _("Members may find me by my e-mail address")


class SignupForm(forms.Form):
    """What sign-up asks besides allauth's own fields (e-mail, password)."""

    nickname = NicknameField(
        required=False, help_text=_("How everybody sees you. Leave it empty and we will think of one.")
    )
    is_findable_by_email = forms.BooleanField(
        label=FINDABLE, required=False, initial=True, help_text=_("You can change this whenever you like.")
    )
    field_order = ("email", "nickname", "password1", "is_findable_by_email")

    def clean_nickname(self) -> str:
        nickname: str = self.cleaned_data["nickname"]
        if error := taken(nickname):
            raise error
        return nickname

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth's hook after the person is saved; ours are saved with them (`AccountAdapter.save_user`)."""
