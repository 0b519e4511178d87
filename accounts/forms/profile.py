"""What people tell about themselves."""

from typing import TYPE_CHECKING

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.nickname import NicknameField, taken
from accounts.forms.signup import FINDABLE
from accounts.models import Profile

if TYPE_CHECKING:
    from django.forms import ModelForm

    ProfileModelForm = ModelForm[Profile]
else:
    ProfileModelForm = forms.ModelForm


class ProfileForm(ProfileModelForm):
    nickname = NicknameField()
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    is_findable_by_email = forms.BooleanField(label=FINDABLE, required=False)

    class Meta:
        model = Profile
        fields = ("status", "about")

    field_order = ("nickname", "status", "about", "language", "is_findable_by_email")

    def clean_nickname(self) -> str:
        nickname: str = self.cleaned_data["nickname"]
        if error := taken(nickname, but_by=self.instance.user):
            raise error
        return nickname
