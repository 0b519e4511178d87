"""allauth's forms that ask who somebody is, as telephones and people like them."""

from typing import Any

from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _


class CodeMixin:
    """A code is digits, of an app or of a sheet of recovery codes; the page is about nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autofocus": not self.is_bound}  # type: ignore[attr-defined]  # those of the form this is mixed into


class AskedPasswordForm(PasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs["autofocus"] = not self.is_bound


class AskedCodeForm(CodeMixin, AuthenticateForm):
    pass


class AskedAgainCodeForm(CodeMixin, ReauthenticateForm):
    pass


class FirstCodeForm(CodeMixin, ActivateTOTPForm):
    pass


class PasskeyForm(AddWebAuthnForm):
    name = forms.CharField(label=_("Name"), required=False, max_length=80)
    passwordless = forms.BooleanField(
        label=_("Come in with it alone, without the password"),
        required=False,
        initial=True,
        help_text=_("It then asks for your finger, your face or its own PIN."),
    )


class PasskeyNameForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=80)
