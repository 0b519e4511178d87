"""What is said of a refusal, whichever part refused, and what may have gone wrong."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.core.exceptions import SuspiciousOperation as Suspicious
from django.core.exceptions import ValidationError as Unclean
from django.db import IntegrityError, InterfaceError, OperationalError
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja.errors import AuthenticationError, HttpError, ValidationError

from cobra.api.request import MOST_UPLOADED, too_much
from cobra.api.site import api
from cobra.errors import Refusal
from cobra.outage import RETRY_AFTER, is_outage, said_to_programs


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


@login_not_required
def nothing_here(request: HttpRequest) -> HttpResponse:
    return api.refuse(request, {"detail": _nothing()}, 404)


nothing_here.csrf_exempt = True  # type: ignore[attr-defined]  # whatever the method, there is nothing


def _nothing() -> str:
    return _("There is nothing here, or it is not for you.")


@api.exception_handler(Refusal)
def _refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    return api.refuse(request, {"detail": str(error)}, error.status, error.headers)


@api.exception_handler(Invalid)
def _invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
    errors = {("detail" if name == "__all__" else name): texts for name, texts in error.errors.items()}
    return api.refuse(request, errors, 400)


@api.exception_handler(Http404)
@api.exception_handler(ObjectDoesNotExist)
def _not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    return api.refuse(request, {"detail": _nothing()}, 404)


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return api.refuse(request, {"detail": str(error) or _("That is not yours to change.")}, 403)


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return api.refuse(request, {"detail": error.message}, error.status_code)


@api.exception_handler(AuthenticationError)
def _not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    detail = _("Sign in: no access token, or one that holds no more.")
    return api.refuse(request, {"detail": detail}, 401, {"WWW-Authenticate": "Bearer"})


@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(Suspicious)
def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return api.refuse(request, {"detail": _("This cannot be read.")}, 400)


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return api.refuse(request, {"detail": too_much(MOST_UPLOADED)}, 413)


@api.exception_handler(InterfaceError)
@api.exception_handler(OperationalError)
def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    if not is_outage(error):
        raise error
    return api.refuse(request, {"detail": said_to_programs(error)}, 503, {"Retry-After": str(RETRY_AFTER)})


@api.exception_handler(IntegrityError)
def _too_late(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    return api.refuse(request, {"detail": _("Somebody did the same at the same moment. Look again, please.")}, 409)


@api.exception_handler(Unclean)
def _unclean(request: HttpRequest, error: Unclean) -> HttpResponse:
    return api.refuse(request, {"detail": " ".join(error.messages)}, 400)


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
    return api.refuse(
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
