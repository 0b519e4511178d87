"""The moderation log, for everybody to read."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Deed
from board.deeds import log_of
from board.moderation import undo
from cobra.errors import Refusal
from cobra.http import MemberRequest, Request, page


@login_not_required
@require_safe
def deed_list(request: Request) -> HttpResponse:
    return page(request, "board/deed_list.html", {"log": log_of(request.user, before=request.GET.get("before", ""))})


@require_POST
def deed_undo(request: MemberRequest, deed_id: int) -> HttpResponse:
    """The opposite, as one more row: nothing is ever taken out of the log."""
    deed = get_object_or_404(Deed, pk=deed_id)
    may = request.user.can_administer() if deed.is_about_people else request.user.can_moderate()
    if not may or not deed.can_be_undone:
        raise PermissionDenied
    try:
        undo(deed, by=request.user)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back, and written into the log."))
    return redirect("board:deed_list")
