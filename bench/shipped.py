"""django-eventstream's own view, as its README sets it up: what the live engine was built instead of.

`uvicorn bench.shipped:application`: a stream at /stream, and everything that is posted to / is sent to it.
"""

from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

CHANNEL = "room"

settings.configure(
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["django_eventstream"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="not a secret: nothing here is kept",
)
application: Any = get_asgi_application()


def send(request: HttpRequest) -> HttpResponse:
    from django_eventstream import send_event

    send_event(CHANNEL, "message", request.body.decode(), json_encode=False)
    return HttpResponse(status=201)


urlpatterns = [path("stream", include("django_eventstream.urls"), {"channels": [CHANNEL]}), path("", send)]
