"""What concerns me, and marking it as read."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.inbox import inbox_of
from cobra.http import MemberRequest, came_from, fragment, is_partial, page

INBOX = "accounts/inbox.html"


@require_safe
def inbox(request: MemberRequest) -> HttpResponse:
    context = {"inbox": inbox_of(request.user, before=request.GET.get("before", ""))}
    if is_partial(request):
        return fragment(request, f"{INBOX}#days", context | {"goes_on": True})
    return page(request, INBOX, context)


@require_POST
def inbox_read(request: MemberRequest) -> HttpResponse:
    """One notification (`id`), or all of them."""
    which = request.POST.get("id", "")
    if which and not (which.isdecimal() and len(which) < 19):
        raise BadRequest("id is a number")
    request.user.read_inbox(**({"pk": int(which)} if which else {}))
    return HttpResponseRedirect(came_from(request, reverse("accounts:inbox")), status=303)
