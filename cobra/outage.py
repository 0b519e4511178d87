"""When the database is away, full or busy: 503 with a sentence, and the text stays where it was written."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cobra.http import is_api, is_scripted, sentence

logger = logging.getLogger(__name__)

OUTAGES = (OperationalError, InterfaceError)
RETRY_AFTER = 2  # seconds


def is_outage(error: Exception) -> bool:
    """Does it pass by itself? A table that is not there (SQLite says it with the same class) does not."""
    return isinstance(error, OUTAGES) and "no such" not in str(error)


def is_busy(error: Exception) -> bool:
    """Was it the wait for a lock that became too long?"""
    return "lock" in str(error)


def said_to_programs(error: Exception) -> str:
    """The `detail` of a Problem."""
    if is_busy(error):
        return _("Very busy right now. Send it once more.")
    return _("The database is away. Send it again in a moment.")


def unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer, made without asking the database for anything: a page without a reader, a sentence, or JSON."""
    logger.warning("%s %s is answered with 503: %s", request.method, request.path, error)
    response: HttpResponse
    if is_api(request):
        response = JsonResponse(
            {"detail": said_to_programs(error)}, status=503, json_dumps_params={"ensure_ascii": False}
        )
    elif is_scripted(request):
        text = (
            _("Very busy right now. Send it once more; what you wrote is still here.")
            if is_busy(error)
            else _("Nothing can be written down right now. Send it again in a moment; what you wrote is still here.")
        )
        response = sentence(text, status=503)
    else:
        response = HttpResponse(render_to_string("503.html", {"is_busy": is_busy(error)}), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
