"""What a person decides about themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import RenamedTooSoon
from accounts.forms.account import AccountForm, PrivacyForm
from accounts.forms.profile import ProfileForm
from accounts.forms.skills import KNOWN, SkillRows
from accounts.models import Skill
from cobra.http import MemberRequest, page

KNOWN_SKILLS = 80  # names to complete from
read_or_write = require_http_methods(["GET", "HEAD", "POST"])


def saved(request: MemberRequest) -> HttpResponse:
    """Off to the profile, where it shows; in the reader's language, which may be another one now."""
    with translation.override(request.user.language):
        messages.success(request, _("Saved."))
    return redirect(request.user)


@read_or_write
def profile_edit(request: MemberRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, request.FILES or None, instance=request.user.profile)
    if request.method == "POST" and form.is_valid():
        request.user.profile.present(**form.cleaned_data)
        return saved(request)
    return page(request, "accounts/profile_edit.html", {"form": form}, status=422 if form.errors else 200)


@read_or_write
def skills_edit(request: MemberRequest) -> HttpResponse:
    start = list(request.user.profile.skills.values("name", "level"))
    rows = SkillRows(request.POST or None, initial=start, prefix="skills")
    if request.method == "POST" and rows.is_valid():
        request.user.profile.know(rows.known)
        if "more" not in request.POST:
            return saved(request)
        # To the first of three new empty rows.
        return redirect(f"{request.path}#id_{rows.prefix}-{request.user.profile.skills.count()}-name")
    context = {"form": rows, "known": Skill.objects.known_names(KNOWN_SKILLS), "known_id": KNOWN}
    return page(request, "accounts/skills_edit.html", context, status=422 if request.method == "POST" else 200)


@read_or_write
def account_edit(request: MemberRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            request.user.settle(**form.cleaned_data)
            return saved(request)
        except RenamedTooSoon as refusal:
            form.add_error("nickname", str(refusal))
    return page(request, "accounts/account_edit.html", {"form": form}, status=422 if form.errors else 200)


@read_or_write
def privacy_edit(request: MemberRequest) -> HttpResponse:
    form = PrivacyForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid():
        request.user.keep_to_themselves(**form.cleaned_data)
        return saved(request)
    return page(request, "accounts/privacy_edit.html", {"form": form})
