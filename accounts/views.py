"""People's pages."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from accounts.forms import ProfileForm
from accounts.models import User
from cobra.http import MemberRequest, Request, page


@login_not_required
@require_safe
def person_detail(request: HttpRequest, nickname: str) -> HttpResponse:
    people = User.objects.active().select_related("profile")
    person = get_object_or_404(people.named(nickname))
    return page(request, "accounts/person_detail.html", {"person": person})


@login_not_required
@require_POST
def language_edit(request: Request) -> HttpResponseBase:
    """Django's own switch, which keeps a cookie; a member's choice is kept in the profile, which comes first."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.speak(language)
    return set_language(request)


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: MemberRequest) -> HttpResponse:
    user = request.user
    own = ("nickname", "language", "is_findable_by_email")
    start = {name: getattr(user, name) for name in own}
    form = ProfileForm(request.POST or None, instance=user.profile, initial=start)
    if request.method == "POST" and form.is_valid():
        user.choose(**{name: form.cleaned_data[name] for name in own})
        user.profile.rewrite(status=form.cleaned_data["status"], about=form.cleaned_data["about"])
        messages.success(request, _("Saved."))
        return redirect(user)
    return page(request, "accounts/profile_edit.html", {"form": form}, status=422 if form.errors else 200)
