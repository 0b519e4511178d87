"""The pictures people uploaded, where this site keeps them itself."""

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# A name is the hash of what is in it: what it leads to never changes, though it may go.
FOR_GOOD = "public, max-age=31536000, immutable"


@login_not_required
@require_safe
def picture_detail(request: HttpRequest, name: str) -> HttpResponse:
    try:
        with default_storage.open(f"pictures/{name}") as picture:
            data = picture.read()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(data, content_type="image/webp", headers={"Cache-Control": FOR_GOOD})
