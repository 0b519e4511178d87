"""What a person decides about themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms.profile import ProfileForm
from cobra.http import MemberRequest, page


@require_http_methods(["GET", "HEAD", "POST"])
def profile_edit(request: MemberRequest) -> HttpResponse:
    user = request.user
    own = ("nickname", "language", "is_findable_by_email")
    start = {name: getattr(user, name) for name in own}
    form = ProfileForm(request.POST or None, instance=user.profile, initial=start)
    if request.method == "POST" and form.is_valid():
        user.choose(**{name: form.cleaned_data[name] for name in own if name != "nickname"})
        user.rename(form.cleaned_data["nickname"])
        user.profile.rewrite(status=form.cleaned_data["status"], about=form.cleaned_data["about"])
        messages.success(request, _("Saved."))
        return redirect(user)
    return page(request, "accounts/profile_edit.html", {"form": form}, status=422 if form.errors else 200)
