"""Lists of posts."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from board.listing import SORTS, alive_now, frequent_tags, listing_of, my_rooms
from board.models import Category, SiteText, Tag
from cobra.http import Request, fragment, is_partial, page


@login_not_required
@require_safe
def post_list(request: Request) -> HttpResponse:
    return _list(request)


@login_not_required
@require_safe
def category_detail(request: Request, slug: str) -> HttpResponse:
    return _list(request, category=get_object_or_404(Category, slug=slug))


@login_not_required
@require_safe
def tag_detail(request: Request, slug: str) -> HttpResponse:
    return _list(request, tag=get_object_or_404(Tag, slug=slug))


@login_not_required
@require_safe
def room_list(request: Request) -> HttpResponse:
    """The rooms I take part in, and those alive now. A visitor has the second only."""
    listing = my_rooms(request.user, request.GET.get("before", ""))
    if is_partial(request):
        return fragment(request, "board/room_list.html#entries", {"listing": listing, "goes_on": True})
    return page(request, "board/room_list.html", {"listing": listing} | alive_now(request.user))


def _list(request: Request, **chosen: Any) -> HttpResponse:
    listing = listing_of(request.GET, request.user, **chosen)
    if is_partial(request):
        return fragment(request, "board/post_list.html#entries", {"listing": listing, "goes_on": True})
    context = {"listing": listing, "sorts": SORTS, "categories": Category.objects.all()}
    context["tags"] = frequent_tags(request.user)
    context["welcome"] = SiteText.of(SiteText.Key.WELCOME).html_safe
    return page(request, "board/post_list.html", context | alive_now(request.user))
