"""Requests as our views see them, and the three ways in which a view answers."""

from typing import TYPE_CHECKING, Any, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User

# What an answer depends on besides its address: whether htmx asks, and for which part.
VARY = ("HX-Request", "HX-Request-Type", "HX-Target")


# In the scope of a request whose body was too long to be taken in.
TOO_LONG = "cobra.too_long"


class Request(HttpRequest):
    """Any reader's request: a visitor's or a member's."""

    user: "User | AnonymousUser"
    htmx: "HtmxDetails"


class MemberRequest(Request):
    """A request behind `MembersOnlyMiddleware`: somebody is signed in."""

    user: "User"


class Addressed(Protocol):
    """A thing that has a page or a place in one."""

    def get_absolute_url(self) -> str: ...


def is_partial(request: HttpRequest) -> bool:
    """Does the reader's page want a part of itself?

    By htmx 4's `HX-Request-Type`: a boosted link or a restored page also says `HX-Request`, and needs the whole page.
    """
    return request.headers.get("HX-Request-Type") == "partial"


def is_scripted(request: HttpRequest) -> bool:
    """Does htmx ask, for whatever it asks?"""
    return request.headers.get("HX-Request") == "true"


def viewer(request: Request) -> object:
    """What tells this reader from others: a member's id, or a visitor's address and browser. To be hashed, not kept."""
    if request.user.is_authenticated:
        return request.user.pk
    return f"{request.META.get('REMOTE_ADDR', '')} {request.headers.get('User-Agent', '')}"


def is_api(request: HttpRequest) -> bool:
    """Is this an address of the JSON API, which answers in JSON whatever happens?"""
    return request.path.startswith(("/api/", "/user/"))


def came_from(request: HttpRequest, otherwise: str) -> str:
    """Where a posted form wants its sender to go on (`next`), if that is on this site; else `otherwise`."""
    wanted = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_here else otherwise


def sentence(text: str, *, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    """Why something was refused, for a script to show beside what it could not send: never a page to swap in."""
    return HttpResponse(text, status=status, headers=headers, content_type="text/plain; charset=utf-8")


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """A whole page."""
    response = render(request, template, context, status=status)
    for name, value in (headers or {}).items():
        response[name] = value
    patch_vary_headers(response, VARY)
    return response


def fragment(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> HttpResponse:
    """A named part of a page (`rooms/room_detail.html#window`), never kept by a cache."""
    response = page(request, template, context, status=status, headers=headers)
    response["Cache-Control"] = "no-store"
    return response


def created(request: HttpRequest, thing: Addressed, html: str = "") -> HttpResponse:
    """Something was made: its fragment for htmx (201), else a redirect to where it stands now (303)."""
    if html and is_partial(request):
        return HttpResponse(html, status=201, headers={"Cache-Control": "no-store"})
    return HttpResponseRedirect(thing.get_absolute_url(), status=303)
