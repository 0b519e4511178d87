"""A request of the API: what it brings along, read and checked before any operation sees it."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.parser import Parser

from cobra.http import Request

if TYPE_CHECKING:
    from accounts.models import User

MOST_BYTES = 256 * 1024  # of JSON
MOST_UPLOADED = 6 * 1024 * 1024  # bytes of a form with a picture


class ApiRequest(Request):
    """A request of the API. `data`: its JSON, or the fields of its form; `files`: what came with them."""

    data: Any
    files: "MultiValueDict[str, Any]"


class ApiMemberRequest(ApiRequest):
    user: "User"


def read(request: ApiRequest) -> None:
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
            raise HttpError(413, too_much(MOST_BYTES))
        request.data = _parsed(request.body)
    for text in (*_texts(request.data), *_texts(dict(request.GET.lists()))):
        if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            raise HttpError(400, _("There is a character in it that is none."))


def _check_length(request: HttpRequest, most: int) -> None:
    told = request.META.get("CONTENT_LENGTH") or "0"
    if told.isdecimal() and int(told) > most:
        raise HttpError(413, too_much(most))


def too_much(most: int) -> str:
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
        return request.data  # type: ignore[attr-defined]  # by `read`
