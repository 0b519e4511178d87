"""Who asks: kinds of auth, one of which every operation names where it is not the API's own (`member`)."""

from typing import TYPE_CHECKING, Any

from allauth.core.internal.httpkit import get_authorization_credential
from allauth.headless.tokens.strategies.jwt.internal import validate_access_token
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Open(AuthBase):
    """Anybody, as who they are: by access token, else by the site's own session (then a change needs CSRF's token)."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> "User | AnonymousUser | None":
        user = _user_of(request)
        if user.is_authenticated:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        request.user = user
        return self.admit(user)

    def admit(self, user: "User | AnonymousUser") -> "User | AnonymousUser | None":
        return user


def _user_of(request: HttpRequest) -> Any:
    if "Authorization" in request.headers:
        token = get_authorization_credential(request, "Bearer")
        found = validate_access_token(token) if token else None
        if not found:
            raise AuthenticationError
        return found[0]
    if request.user.is_authenticated and request.method not in SAFE_METHODS and check_csrf(request):
        raise HttpError(403, _("A change by the site's own login needs its CSRF token in X-CSRFToken."))
    return request.user


class Member(Open):
    """Somebody who is signed in."""

    def admit(self, user: "User | AnonymousUser") -> "User | AnonymousUser | None":
        return user if user.is_authenticated else None


class Writer(Member):
    """Somebody who is signed in and may change things: not who is suspended."""

    def admit(self, user: "User | AnonymousUser") -> "User | AnonymousUser | None":
        if user.is_authenticated and not user.can_write():
            raise HttpError(403, _("You cannot write for now. You can still read."))
        return super().admit(user)


anybody, member, writer = Open(), Member(), Writer()
# Written beside the operations for anybody: in OpenAPI, `{}` says that a login is not needed.
OPEN: dict[str, Any] = {"security": [{}]}
