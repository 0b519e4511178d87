"""Logins for programs: allauth's own headless views, asked in-process, and what they answer in the API's words.

So its limits, its mails, second factors and our adapter hold here as they do on the pages. A login by token is a
session like any other: whatever ends it (sign-out, a new password, a closed account) ends its tokens.
"""

import json
import math
from collections.abc import Callable
from typing import Any, NamedTuple

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.headless import app_settings as headless
from allauth.headless.account.views import LoginView, SessionView, SignupView
from allauth.headless.constants import Client
from allauth.headless.internal.sessionkit import session_store
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.models import User
from cobra.api import ApiRequest, Invalid
from cobra.errors import Refusal

_login = LoginView.as_api_view(client=Client.APP)
_signup = SignupView.as_api_view(client=Client.APP)
_session = SessionView.as_api_view(client=Client.APP)
# A fixed text: programs compare with it.
TAKEN = "A user is already registered with this e-mail address."


class WrongLogin(Refusal):
    """Whichever of the two was wrong."""

    status = 400

    def __str__(self) -> str:
        return str(get_adapter().error_messages["email_password_mismatch"])


class TooManyTries(Refusal):
    """allauth's limits, which do not say how long they last: as long as the longest of their kind."""

    status = 429

    def __init__(self, action: str) -> None:
        super().__init__(action)
        rates = ratelimit.get_rates(app="allauth.account", action=action)
        self.retry_after = max((rate.duration for rate in rates), default=60)

    def __str__(self) -> str:
        return _("Too many tries. Wait a little, please.")

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(math.ceil(self.retry_after))}


class Tokens(NamedTuple):
    access: str
    refresh: str


class SignedIn(NamedTuple):
    user: User
    tokens: Tokens


class Answer(NamedTuple):
    """What allauth said."""

    status: int
    body: dict[str, Any]

    @property
    def pending(self) -> str | None:
        """The step that is left before somebody is signed in."""
        flows = self.body.get("data", {}).get("flows", ())
        return next((flow["id"] for flow in flows if flow.get("is_pending")), None)

    def forget_session(self) -> None:
        """Nobody will be given what would lead to it."""
        if key := self.body.get("meta", {}).get("session_token"):
            session_store(key).delete()


def _ask(
    request: ApiRequest, view: Callable[..., HttpResponseBase], data: dict[str, Any], *, as_member: bool = False
) -> Answer:
    """Ask one of allauth's views as somebody without a login, unless told otherwise."""
    request._body = json.dumps(data).encode()
    request.META.pop("HTTP_X_SESSION_TOKEN", None)
    if not as_member:
        request.META.pop("HTTP_AUTHORIZATION", None)
    request.__dict__.pop("headers", None)  # made anew of what is left
    response: Any = view(request)
    is_json = response["Content-Type"].startswith("application/json")
    return Answer(response.status_code, json.loads(response.content) if is_json else {})


def sign_up(request: ApiRequest, *, email: str, password: str, nickname: str) -> tuple[User, bool]:
    """A new person, and whether their e-mail is still to be verified.

    Raises:
        Invalid: the e-mail or the nickname is taken, or something is not what it should be.
        TooManyTries: more than allauth's limits.
    """
    known = User.objects.filter(email__iexact=email).exists()
    data = {"email": email, "password": password, "nickname": nickname, "is_findable_by_email": True}
    answer = _ask(request, _signup, data)
    answer.forget_session()
    if answer.status == 429:
        raise TooManyTries("signup")
    if answer.status == 400:
        raise _invalid(answer)
    user = User.objects.filter(email__iexact=email).first()
    if known or user is None:  # where mails are verified, allauth tells the address's owner only
        raise Invalid(email=[TAKEN])
    return user, answer.pending == "verify_email"


def _invalid(answer: Answer) -> Invalid:
    errors: dict[str, list[str]] = {}
    for error in answer.body.get("errors", ()):
        text = TAKEN if error["code"] == "email_taken" else error["message"]
        errors.setdefault(error.get("param", "detail"), []).append(text)
    return Invalid(**errors)


def sign_in(request: ApiRequest, *, email: str, password: str) -> SignedIn | str:
    """Who that is and their tokens; or the name of the step that is left.

    Raises:
        WrongLogin: there is no such e-mail, or not with this password.
        TooManyTries: more than allauth's limits.
    """
    answer = _ask(request, _login, {"email": email, "password": password})
    codes = {error["code"] for error in answer.body.get("errors", ())}
    if answer.status == 429:
        raise TooManyTries("login")
    if "too_many_login_attempts" in codes:
        raise TooManyTries("login_failed")
    if answer.status == 200:
        meta = answer.body["meta"]
        user = User.objects.select_related("profile").get(pk=answer.body["data"]["user"]["id"])
        return SignedIn(user, Tokens(meta["access_token"], meta["refresh_token"]))
    answer.forget_session()
    if not answer.pending:
        raise WrongLogin
    return "mfa" if answer.pending.startswith("mfa") else "verify_email"


def renew(refresh: str) -> Tokens | None:
    """New tokens for a refresh token, which then holds no more. None when it did not hold."""
    found = headless.TOKEN_STRATEGY.refresh_token(refresh)
    return Tokens(*found) if found else None


def sign_out(request: ApiRequest) -> None:
    """End the login by which somebody asks, its tokens and its streams."""
    if "Authorization" not in request.headers:
        get_adapter().logout(request)
        return
    request.method = "DELETE"
    _ask(request, _session, {}, as_member=True)
