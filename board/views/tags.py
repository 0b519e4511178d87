"""All tags, and those that go on as somebody types."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from board.models import Tag
from board.tags import last_word, tag_key
from cobra.http import Request, fragment, is_partial, page

PAGE = 200  # tags
SUGGESTED = 8
PLACE = re.compile(r"(\d{1,9})-(\d{1,18})")


@login_not_required
@require_safe
def tag_list(request: Request) -> HttpResponse:
    """The most used first; `?q=` finds some, `?before=` goes on."""
    query = request.GET.get("q", "")
    tags = Tag.objects.visible_to(request.user).matching(tag_key(query))
    if before := request.GET.get("before"):
        if query or not (place := PLACE.fullmatch(before)):
            raise Http404
        tags = tags.after(int(place[1]), int(place[2]))
    shown = list(tags[: PAGE + 1])
    last = shown[PAGE - 1] if len(shown) > PAGE else None
    context = {"tags": shown[:PAGE], "query": query, "last": last}
    if is_partial(request):
        return fragment(request, "board/tag_list.html#tags", context)
    return page(request, "board/tag_list.html", context)


@login_not_required
@require_safe
def tag_suggestion(request: Request) -> HttpResponse:
    """What the last word of `?q=` may become, without those that stand before it."""
    complete, word = last_word(request.GET.get("q", ""))
    tags = Tag.objects.visible_to(request.user).matching(word).exclude(key__in=complete)
    return fragment(request, "board/_tag_suggestions.html", {"tags": tags[:SUGGESTED] if word else []})
