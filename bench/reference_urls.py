"""The least a signed-in POST can be that leaves something behind: every middleware, one row, no answer to speak of."""

from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from cobra.http import MemberRequest
from rooms.models import Room


@require_POST
def row_new(request: MemberRequest) -> HttpResponse:
    Room.objects.create(owner=request.user)
    return HttpResponse(status=201)


urlpatterns = [path("bench/rows/", row_new), path("", include("cobra.urls"))]
