"""Taking everything along, and leaving for good."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms.close import CloseForm
from accounts.models import Export
from cobra.errors import Refusal
from cobra.http import MemberRequest, fragment, is_partial, page

DATA = "accounts/data_detail.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data_detail(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        Export.begin(request.user)
        return redirect("accounts:data_detail")
    export = Export.objects.filter(user=request.user).first()
    if is_partial(request):
        return fragment(request, f"{DATA}#export", {"export": export})
    return page(request, DATA, {"export": export})


@never_cache
@require_safe
def data_download(request: MemberRequest) -> FileResponse:
    """Mine, whoever I am: no address names anybody else's."""
    export = Export.objects.filter(user=request.user).first()
    if not (export and export.is_ready):
        raise Http404
    return FileResponse(export.open(), as_attachment=True, filename=export.title)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth brings no types
def account_close(request: MemberRequest) -> HttpResponse:
    form = CloseForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            request.user.close()
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            return redirect("accounts:account_goodbye")
    return page(request, "accounts/account_close.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_safe
def account_goodbye(request: HttpRequest) -> HttpResponse:
    return page(request, "accounts/account_goodbye.html")
