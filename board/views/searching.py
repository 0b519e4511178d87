"""Finding posts, lines and people by words."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from board.search.query import read
from board.search.results import asked_for, found_by, suggested_by
from cobra.errors import Refusal
from cobra.http import Request, fragment, is_partial, page, sentence
from cobra.searches import count_search, searcher

SEARCH = "board/search_list.html"


@login_not_required
@require_safe
def search_list(request: Request) -> HttpResponse:
    """`?q=&kind=posts|lines|people&room=<post>&from=<number>`."""
    results = asked_for(request.GET, request.user)
    start = request.GET.get("from", "")
    try:
        if results.query.text:
            count_search(searcher(request))
        results = found_by(results, request.user, start=int(start) if start.isdecimal() and len(start) < 5 else 0)
    except Refusal as refusal:
        if is_partial(request):
            return sentence(str(refusal), status=refusal.status, headers=refusal.headers)
        context = {"results": results, "refusal": refusal}
        return page(request, SEARCH, context, status=refusal.status, headers=refusal.headers)
    if is_partial(request):
        return fragment(request, f"{SEARCH}#hits", {"results": results, "goes_on": True})
    return page(request, SEARCH, {"results": results})


@login_not_required
@require_safe
def search_suggest(request: Request) -> HttpResponse:
    """`?q=`: what stands under the box while somebody types; without scripts nobody asks for it."""
    query = read(request.GET.get("q", ""))
    try:
        if query.text:
            count_search(searcher(request))
        results = suggested_by(query, request.user)
    except Refusal as refusal:
        return sentence(str(refusal), status=refusal.status, headers=refusal.headers)
    return fragment(request, "board/search_suggest.html", {"results": results})
