"""What people type about themselves."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile, User
from accounts.nicknames import validate_nickname

if TYPE_CHECKING:
    from django.forms import ModelForm

    UserForm = ModelForm[User]
    ProfileModelForm = ModelForm[Profile]
else:
    UserForm = ProfileModelForm = forms.ModelForm


FINDABLE = _("Members may find me by my e-mail address")


class NicknameField(forms.CharField):
    """A nickname nobody has yet; the person who has it may keep it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Nickname"))
        super().__init__(max_length=20, validators=[validate_nickname], **kwargs)
        self.widget.attrs["autocomplete"] = "nickname"


def taken(nickname: str, *, but_by: User | None = None) -> forms.ValidationError | None:
    """The error for a nickname that is somebody else's, with two that are free."""
    others = User.objects.named(nickname)
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
