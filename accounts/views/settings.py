"""What a person decides about themselves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.ease import ease_of, keep_ease
from accounts.errors import RenamedTooSoon
from accounts.forms.account import AccountForm, EaseForm, PrivacyForm
from accounts.forms.profile import ProfileForm
from accounts.forms.skills import KNOWN, SkillRows
from accounts.models import Skill
from cobra.http import MemberRequest, Request, came_from, fragment, is_partial, page

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


@login_not_required
@read_or_write
def accessibility_edit(request: Request) -> HttpResponse:
    """How keys work and rooms are read aloud; a visitor's choice stays in the browser."""
    form = EaseForm(request.POST if request.method == "POST" else None, ease=ease_of(request))
    if not form.is_valid():
        return page(request, "accounts/accessibility_edit.html", {"form": form}, status=422 if form.errors else 200)
    if is_partial(request):
        response = fragment(request, "accounts/_aloud.html", {"ease": form.chosen})
    else:
        messages.success(request, _("Saved."))
        response = redirect(came_from(request, request.path))
    keep_ease(request, response, form.chosen)
    return response


@login_not_required
@require_safe
def keyboard_detail(request: Request) -> HttpResponse:
    """Every key there is: a page, or the sheet that `?` lays over one."""
    if is_partial(request):
        return fragment(request, "accounts/keyboard_detail.html#sheet")
    return page(request, "accounts/keyboard_detail.html")
