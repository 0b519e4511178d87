"""What happens to every request."""

import time
import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware, get_user
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext

from cobra import request_ids, unsent
from cobra.http import TOO_LONG, is_api, is_scripted, sentence
from cobra.metrics import count_request
from cobra.outage import OUTAGES, is_outage, unavailable
from cobra.views import too_long

MOST = 2**63 - 1

Answer = Callable[[HttpRequest], HttpResponseBase]


def request_middleware(get_response: Answer) -> Answer:
    """Names the request (`cobra.request_ids`), says the name to who asked, and counts what it took."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        name = request_ids.begin(request.headers.get(request_ids.HEADER))
        response = get_response(request)
        response[request_ids.HEADER] = name
        count_request(request.method, response.status_code, time.perf_counter() - began)
        return response

    return middleware


def reader_middleware(get_response: Answer) -> Answer:
    """The reader's language and time zone: the profile's, else by LocaleMiddleware the cookie's or the browser's.

    Whose body was too long is answered here, before anything asks for it.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not is_api(request):
            _forget_nuls(request)
        try:
            _speak_to_reader(request)
        except OUTAGES as error:  # it is the first question to the database
            if not is_outage(error):
                raise
            return unavailable(request, error)
        try:
            if "\0" in request.path:
                raise Http404
            is_too_long = TOO_LONG in getattr(request, "scope", ())
            return too_long(request) if is_too_long else get_response(request)
        finally:
            timezone.deactivate()

    return middleware


def _forget_nuls(request: HttpRequest) -> None:
    """Nothing holds a NUL, and PostgreSQL cannot even be asked for one."""
    query = request.META.get("QUERY_STRING", "")
    while "%00" in query:  # %0%000 has another one then
        query = request.META["QUERY_STRING"] = query.replace("%00", "")


def _speak_to_reader(request: HttpRequest) -> None:
    # Themselves: Django's lazy object has the request, which would stay for as long as anybody keeps its user, and a
    # room keeps the authors of its newest lines.
    request.user = get_user(request)
    if request.user.is_authenticated:
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = request.user.language
        timezone.activate(zoneinfo.ZoneInfo(request.user.time_zone))


class MembersOnlyMiddleware(LoginRequiredMiddleware):
    """Every view needs a login unless it says `@login_not_required`.

    A script that asks gets 401 and a sentence: a login page swapped into a chat log would cost somebody their text.
    It also answers every form with errors as ours are answered (422), and turns a database that is away, full, or
    locked past `LOCK_TIMEOUT` into 503 with Retry-After.
    """

    def handle_no_permission(  # type: ignore[override]  # the stubs know of the redirect only
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if is_scripted(request):
            return sentence(gettext("You are signed out. Sign in again; what you wrote is still here."), status=401)
        unsent.keep(request, view_func)
        return super().handle_no_permission(request, view_func)

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Numbers in addresses that no database can count to are nobody's: elsewhere they would raise."""
        if not is_api(request) and any(isinstance(each, int) and each > MOST for each in view_kwargs.values()):
            raise Http404
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """A form that comes back with its errors is 422, allauth's too, which answers them with 200."""
        form = (response.context_data or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and getattr(form, "errors", None):
            response.status_code = 422
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable(request, exception) if is_outage(exception) else None
