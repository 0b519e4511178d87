"""People's pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from accounts.models import User
from cobra.http import Request, page


@login_not_required
@require_safe
def person_detail(request: Request, nickname: str) -> HttpResponse:
    people = User.objects.visible_to(request.user).with_ties_to(request.user).select_related("profile")
    person = people.named(nickname).first()
    if not person:
        return redirect(get_object_or_404(people.once_named(nickname)))
    is_open = person.profile.is_open_to(request.user)
    return page(request, "accounts/person_detail.html", {"person": person, "is_open": is_open})


@login_not_required
@require_POST
def language_edit(request: Request) -> HttpResponseBase:
    """Django's own switch, which keeps a cookie; a member's choice is kept in the profile, which comes first."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.speak(language)
    return set_language(request)
