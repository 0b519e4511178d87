"""What administrators change about the site: its categories and its own texts."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from board.forms import CategoryForm, SiteTextForm
from board.models import Category, SiteText
from board.views.writing import read_or_write
from cobra.errors import Refusal
from cobra.http import MemberRequest, Request, page


@login_not_required
@require_safe
def rules(request: Request) -> HttpResponse:
    return page(request, "board/rules.html", {"text": SiteText.of(SiteText.Key.RULES)})


@require_safe
def site_detail(request: MemberRequest) -> HttpResponse:
    """To everybody but administrators there is no such page, nor those below."""
    _administrators_only(request)
    texts = [SiteText(key=key) for key in SiteText.Key]
    return page(request, "board/site_detail.html", {"categories": Category.objects.all(), "texts": texts})


@read_or_write
def category_new(request: MemberRequest) -> HttpResponse:
    _administrators_only(request)
    return _put(request, Category())


@read_or_write
def category_edit(request: MemberRequest, slug: str) -> HttpResponse:
    """`move=up` or `down` puts it elsewhere, `remove=1` takes an empty one away."""
    _administrators_only(request)
    category = get_object_or_404(Category, slug=slug)
    if move := request.POST.get("move"):
        category.move(by=request.user, up=move == "up")
        return redirect("board:site_detail")
    if request.POST.get("remove"):
        return _removed(request, category)
    return _put(request, category)


def _put(request: MemberRequest, category: Category) -> HttpResponse:
    form = CategoryForm(request.POST or None, instance=category)
    if request.method == "POST" and form.is_valid():
        category.put(by=request.user, **form.cleaned_data)
        return redirect("board:site_detail")
    return page(request, "board/category_edit.html", {"form": form}, status=422 if form.errors else 200)


def _removed(request: MemberRequest, category: Category) -> HttpResponse:
    try:
        category.remove(by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("board:category_edit", category.slug)
    return redirect("board:site_detail")


@read_or_write
def site_text_edit(request: MemberRequest, key: str) -> HttpResponse:
    _administrators_only(request)
    if key not in SiteText.Key:
        raise Http404
    text = SiteText.of(key)
    form = SiteTextForm(request.POST or None, text=text)
    if request.method == "POST" and form.is_valid():
        text.rewrite(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("board:site_detail")
    return page(request, "board/site_text_edit.html", {"form": form, "text": text}, status=422 if form.errors else 200)


def _administrators_only(request: MemberRequest) -> None:
    """
    Raises:
        Http404: to this person the page does not exist.
    """
    if not request.user.can_administer():
        raise Http404
