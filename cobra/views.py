"""Pages of the site itself: is it well, and what went wrong."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from cobra.http import is_api, is_scripted, sentence
from cobra.readiness import what_is_missing

ALLAUTH_WAIT = 60  # seconds
CONTACT_HOLDS = timedelta(days=180)  # the RFC asks for less than a year


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when all that pages need is there (`cobra.readiness`); 503 with the first thing that is not."""
    missing = what_is_missing()
    return HttpResponse(f"{missing or 'ready'}\n", status=503 if missing else 200, content_type="text/plain")


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """What this process counts, for Prometheus, which knows `METRICS_TOKEN`. Unset, there is no such page."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        headers = {"WWW-Authenticate": "Bearer"}
        return HttpResponse("The token is another.\n", status=401, content_type="text/plain", headers=headers)
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("img/mark.svg"))


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to write to who has found a hole. https://www.rfc-editor.org/rfc/rfc9116"""
    site = settings.SITE_URL
    rows = (
        f"Contact: mailto:{settings.CONTACT_MAIL}",
        f"Expires: {(timezone.now() + CONTACT_HOLDS).replace(microsecond=0).isoformat()}",
        "Preferred-Languages: ko, en",
        f"Canonical: {site}/.well-known/security.txt",
    )
    return HttpResponse("\n".join(rows) + "\n", content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without its token: cookies are off, or somebody signed in meanwhile in another tab."""
    if is_scripted(request):
        text = gettext("This page is from before you signed in. Send it once more; what you wrote is still here.")
        return sentence(text, status=403)
    return render(request, "403_csrf.html", status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """Over one of allauth's limits, which does not tell which: most of them last a minute."""
    response = render(request, "429.html", {"wait": ALLAUTH_WAIT}, status=429)
    response["Retry-After"] = str(ALLAUTH_WAIT)
    return response


def too_long(request: HttpRequest) -> HttpResponse:
    """The body of this request was thrown away (`cobra.asgi`)."""
    text = gettext("That is more than 6 MB.")
    if is_api(request):
        return JsonResponse({"detail": text}, status=413, json_dumps_params={"ensure_ascii": False})
    if is_scripted(request):
        return sentence(text, status=413)
    return render(request, "413.html", status=413)
