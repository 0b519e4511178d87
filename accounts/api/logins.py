"""Logins by token: `accounts.tokens`, in the API's words."""

from typing import Any, Literal

from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from ninja.errors import AuthenticationError
from pydantic import Field, model_validator

from accounts import tokens
from accounts.api.schemas import ProfileOut, Said, profile_of
from cobra.api import ApiRequest, Invalid, answers, member

router = Router()


class Registration(Schema):
    email: str
    password: str
    nickname: str = ""
    password1: str | None = Field(None, description="The same as `password`.")
    password2: str | None = Field(None, description="The same once more.")

    @model_validator(mode="before")
    @classmethod
    def _either_name(cls, data: Any) -> Any:
        given = getattr(data, "_obj", data)
        if isinstance(given, dict) and "password" not in given and "password1" in given:
            return {**given, "password": given["password1"]}
        return data


class Credentials(Schema):
    email: str
    password: str


class Refresh(Schema):
    refresh: str


class Registered(Schema):
    email: str
    message: str
    profile: ProfileOut
    verification: Literal["pending"] | None = None


class TokensOut(Schema):
    access: str
    refresh: str


class SignedIn(Schema):
    message: str
    profile: ProfileOut
    refresh: str
    access: str


class Pending(Schema):
    """A step is left, to be done on the site."""

    pending: Literal["verify_email", "mfa"]


@router.post("/registration/", auth=None, response=answers(Registered, 201), exclude_unset=True)
def registration(request: ApiRequest, typed: Registration) -> Any:
    """A new account. Where e-mails are verified, the code for that comes by mail and is typed on the site."""
    if typed.password2 not in (None, typed.password):
        raise Invalid(password2=[_("These are two different passwords.")])
    user, is_pending = tokens.sign_up(
        request, email=typed.email, password=typed.password, nickname=typed.nickname.strip()
    )
    answer = {"email": user.email, "message": "회원가입이 완료되었습니다.", "profile": profile_of(user)}
    return Status(201, answer | ({"verification": "pending"} if is_pending else {}))


@router.post("/login/", auth=None, response=answers(SignedIn) | {202: Pending})
def login(request: ApiRequest, typed: Credentials) -> Any:
    """An access token for five minutes and a refresh token for a day."""
    signed_in = tokens.sign_in(request, email=typed.email, password=typed.password)
    if isinstance(signed_in, str):
        return Status(202, {"pending": signed_in})
    return {"message": "환영합니다.", "profile": profile_of(signed_in.user), **signed_in.tokens._asdict()}


@router.post("/token/refresh/", auth=None, response=answers(TokensOut))
def token_refresh(request: ApiRequest, typed: Refresh) -> Any:
    """New tokens; the refresh token that was sent holds no more."""
    renewed = tokens.renew(typed.refresh)
    if renewed is None:
        raise AuthenticationError
    return renewed._asdict()


@router.post("/logout/", auth=member, response=answers(Said))
def logout(request: ApiRequest) -> Any:
    """End this login: its tokens, and the streams that were opened with it."""
    tokens.sign_out(request)
    return {"message": "로그아웃이 완료되었습니다."}
