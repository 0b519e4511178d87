"""The JSON API: one NinjaAPI for all parts, who asks, what may be sent, and how refusals look.

Its operations stand in `accounts.api`, `rooms.api` and `board.api`, and call the same verbs as the pages.
"""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from allauth.core.internal.httpkit import get_authorization_credential
from allauth.headless.tokens.strategies.jwt.internal import validate_access_token
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.core.exceptions import SuspiciousOperation as Suspicious
from django.core.exceptions import ValidationError as Unclean
from django.db import IntegrityError, InterfaceError, OperationalError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, URLResolver, path
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.csp import CSP
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.urls import get_openapi_urls, get_root_url
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja.security.base import AuthBase
from ninja.utils import check_csrf
from pydantic import BeforeValidator, Field

from cobra.errors import Refusal
from cobra.http import Request
from cobra.json import dumps
from cobra.outage import RETRY_AFTER, is_busy, is_outage

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

MOST_BYTES = 256 * 1024  # of JSON
MOST_UPLOADED = 6 * 1024 * 1024  # bytes of a form with a picture
MOST_LISTED = 100
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class ApiRequest(Request):
    """A request of the API. `data`: its JSON, or the fields of its form; `files`: what came with them."""

    data: Any
    files: "MultiValueDict[str, Any]"


class ApiMemberRequest(ApiRequest):
    user: "User"


# --- What is said of a refusal ---

# `{"detail": "…"}`, or by field `{"title": ["…"]}`.
Problem = dict[str, str | list[str]]
# Any operation may answer with any of these: whatever refuses does so in the same words everywhere.
PROBLEMS = (400, 401, 403, 404, 405, 409, 413, 422, 429, 503)


def answers(schema: Any, status: int = 200) -> dict[Any, Any]:
    """What an operation answers: this, or a Problem."""
    return {status: schema, PROBLEMS: Problem}


class Invalid(Exception):
    """What was sent cannot be taken: by field, each with its sentences."""

    def __init__(self, **errors: list[str]) -> None:
        super().__init__(errors)
        self.errors = errors

    @classmethod
    def of(cls, form: BaseForm, **names: str) -> "Invalid":
        """A form's errors; `names`: what a field of the form is called here."""
        errors = {names.get(name, name): [str(text) for text in texts] for name, texts in form.errors.items()}
        return cls(**errors)


# --- What is sent ---


def _no_truth(value: Any) -> Any:
    """`true` is no number, though Python thinks so."""
    if isinstance(value, bool):
        raise ValueError
    return value


# Of a post, a room, a line, a person. What the database cannot count to is nobody's.
Id = Annotated[int, BeforeValidator(_no_truth), Field(ge=0, le=2**63 - 1)]
Limit = Annotated[int, Field(ge=1, le=MOST_LISTED)]


def _read(request: ApiRequest) -> None:
    """Give the request its `data` and `files`.

    Raises:
        HttpError: too much of it, no JSON, or characters that nothing here can hold.
    """
    request.files = MultiValueDict()
    if request.content_type == "multipart/form-data":
        _check_length(request, MOST_UPLOADED)
        fields, request.files = request.parse_file_upload(request.META, request)
        request._post, request._files = fields, request.files  # type: ignore[attr-defined]  # Django closes them
        request.data = {name: _field(value) for name, value in fields.items()}
        request._body = b"{}"  # has been read; ninja asks whether there was one
    else:
        _check_length(request, MOST_BYTES)
        request._body = request.read(MOST_BYTES + 1)  # a length need not be told
        if len(request.body) > MOST_BYTES:
            raise HttpError(413, _too_much(MOST_BYTES))
        request.data = _parsed(request.body)
    for text in (*_texts(request.data), *_texts(dict(request.GET.lists()))):
        if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            raise HttpError(400, _("There is a character in it that is none."))


def _check_length(request: HttpRequest, most: int) -> None:
    told = request.META.get("CONTENT_LENGTH") or "0"
    if told.isdecimal() and int(told) > most:
        raise HttpError(413, _too_much(most))


def _too_much(most: int) -> str:
    return _("That is too much: %(count)d KiB at most.") % {"count": most // 1024}


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode(), parse_constant=_no_constant) if body.strip() else {}
    except (ValueError, RecursionError) as error:
        raise HttpError(400, _("This is no JSON we can read.")) from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is JavaScript, not JSON.")


def _field(value: Any) -> Any:
    """A form has texts only: lists stand in it as JSON."""
    if isinstance(value, str) and value.startswith("["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _texts(data: Any) -> Iterator[str]:
    """All strings in it, however deep."""
    waiting = [data]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            waiting += each


class ReadAlready(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return request.data  # type: ignore[attr-defined]  # by _read


class Korean(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        return dumps(data)


# --- Who asks ---


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


# --- The API itself ---


class Api(NinjaAPI):
    """ninja's, with every address also without its last slash, and every answer guarded by `_guarded`."""

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        return [*self._docs(), *self._operations(), get_root_url(self)]

    def _docs(self) -> Iterator[URLPattern]:
        for pattern in get_openapi_urls(self):
            view, route = login_not_required(_plain(pattern.callback)), str(pattern.pattern)
            yield path(route, view, name=pattern.name)
            yield path(f"{route}/", view)

    def _operations(self) -> Iterator[URLPattern]:
        for router in self._get_bound_routers():
            for pattern in router.urls_paths(router.prefix):
                view = self._guarded(pattern.callback)
                route = str(pattern.pattern)
                yield path(route, view, name=pattern.name)
                yield path(route.removesuffix("/") if route.endswith("/") else f"{route}/", view)

    def _guarded(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "HEAD":
                request.method = "GET"  # the server sends no body
            try:
                _read(request)
                response = view(request, **kwargs)
            except Exception as error:
                response = self.on_exception(request, error)
            if response.status_code == 405:
                response = self._not_allowed(request, response["Allow"])
            response["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ("Authorization", "Accept-Language", "Cookie"))
            return response

        guarded.csrf_exempt = True  # type: ignore[attr-defined]  # a session's change is checked by `_user_of`
        return login_not_required(guarded)  # operations know for whom they are

    def _not_allowed(self, request: HttpRequest, allowed: str) -> HttpResponse:
        detail = _("This address takes %(methods)s.") % {"methods": allowed}
        return refuse(request, {"detail": detail}, 405, {"Allow": allowed})


def _plain(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A partial as a function, so that decorators find what they look for."""

    def plain(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(request, **kwargs)

    return plain


# Swagger's style sheet has its icons as data: addresses, which pages of ours do not allow.
_docs_policy = csp_override({"default-src": [CSP.SELF], "img-src": [CSP.SELF, "data:"], "frame-ancestors": [CSP.NONE]})

api = Api(
    title="Cobra Space",
    version="1",
    description=(
        "People, posts and their live rooms. Sign in at `/user/login/` and send `Authorization: Bearer <access>`. "
        'Times are Seoul\'s. Refusals are `{"detail": "…"}`, or by field `{"title": ["…"]}`.'
    ),
    urls_namespace="api",
    openapi_url="api/openapi.json",
    docs_url="api/docs",
    docs_decorator=_docs_policy,
    auth=member,
    parser=ReadAlready(),
    renderer=Korean(),
)


def refuse(
    request: HttpRequest, problem: Mapping[str, Any], status: int, headers: Mapping[str, str] | None = None
) -> HttpResponse:
    response = api.create_response(request, problem, status=status)
    for name, value in (headers or {}).items():
        response[name] = value
    return response


@login_not_required
def nothing_here(request: HttpRequest) -> HttpResponse:
    return refuse(request, {"detail": _nothing()}, 404)


nothing_here.csrf_exempt = True  # type: ignore[attr-defined]  # whatever the method, there is nothing


def _nothing() -> str:
    return _("There is nothing here, or it is not for you.")


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    return refuse(request, {"detail": str(error)}, error.status, error.headers)


@api.exception_handler(Invalid)
def _invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
    errors = {("detail" if name == "__all__" else name): texts for name, texts in error.errors.items()}
    return refuse(request, errors, 400)


@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def _not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return refuse(request, {"detail": _nothing()}, 404)


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return refuse(request, {"detail": str(error) or _("That is not yours to change.")}, 403)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refuse(request, {"detail": error.message}, error.status_code)


@api.exception_handler(AuthenticationError)
def _not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    detail = _("Sign in: no access token, or one that holds no more.")
    return refuse(request, {"detail": detail}, 401, {"WWW-Authenticate": "Bearer"})


@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(Suspicious)
def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return refuse(request, {"detail": _("This cannot be read.")}, 400)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return refuse(request, {"detail": _too_much(MOST_UPLOADED)}, 413)


@api.exception_handler(InterfaceError)
@api.exception_handler(OperationalError)
def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    if not is_outage(error):
        raise error
    busy, away = _("Very busy right now. Send it once more."), _("The database is away. Send it again in a moment.")
    return refuse(request, {"detail": busy if is_busy(error) else away}, 503, {"Retry-After": str(RETRY_AFTER)})


@api.exception_handler(IntegrityError)
def _too_late(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    return refuse(request, {"detail": _("Somebody did the same at the same moment. Look again, please.")}, 409)


@api.exception_handler(Unclean)
def _unclean(request: HttpRequest, error: Unclean) -> HttpResponse:
    return refuse(request, {"detail": " ".join(error.messages)}, 400)


@api.exception_handler(ValidationError)
def _not_as_described(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """By field; what concerns no single one, as `detail`."""
    problem: dict[str, Any] = {}
    for each in error.errors:
        # Where it is: ("query", "limit"), or ("body", the argument's name, "skills", 0, "level").
        place = [part for part in each["loc"] if isinstance(part, str)]
        place = place[2:] if place[0] == "body" else place[1:]
        if place:
            problem.setdefault(place[0], []).append(_sentence(each))
        else:
            problem["detail"] = _("This is to be a JSON object.")
    # Of alternatives (a word, or an object with a name) each has complained.
    return refuse(
        request, {name: list(dict.fromkeys(said)) if name != "detail" else said for name, said in problem.items()}, 400
    )


SENTENCES = {
    "missing": gettext_lazy("This field is required."),
    "string_type": gettext_lazy("This is to be a text."),
    "bool_type": gettext_lazy("This is true or false."),
    "bool_parsing": gettext_lazy("This is true or false."),
    "list_type": gettext_lazy("This is to be a list."),
    "int_type": gettext_lazy("Enter a whole number."),
    "int_parsing": gettext_lazy("Enter a whole number."),
    "int_parsing_size": gettext_lazy("Enter a whole number."),
    "int_from_float": gettext_lazy("Enter a whole number."),
    "uuid_type": gettext_lazy("Enter a valid UUID."),
    "uuid_parsing": gettext_lazy("Enter a valid UUID."),
}


def _sentence(error: Mapping[str, Any]) -> str:
    limits = error.get("ctx", {})
    if most := limits.get("max_length"):
        return _("%(count)d at most, please.") % {"count": most}
    if error["type"] in ("greater_than_equal", "less_than_equal"):
        return _("This number is too small or too large.")
    return str(SENTENCES.get(error["type"], _("Enter a valid value.")))
