"""Friends, people kept away, and the search for people."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.cards import Found, friends_of, search
from accounts.models import User
from cobra.errors import Refusal
from cobra.http import MemberRequest, came_from, fragment, is_partial, page, sentence

SEARCH = "accounts/friend_search.html"
FRIENDSHIP = "accounts/_friendship.html"


@require_safe
def friend_list(request: MemberRequest) -> HttpResponse:
    return page(request, "accounts/friend_list.html", {"friends": friends_of(request.user), "found": Found()})


@require_safe
def friend_search(request: MemberRequest) -> HttpResponse:
    keyword = request.GET.get("keyword", "")
    try:
        context: dict[str, Any] = {"found": search(keyword, reader=request.user)}
    except Refusal as refusal:
        if is_partial(request):
            return sentence(str(refusal), status=refusal.status, headers=refusal.headers)
        context = {"found": Found(keyword), "refusal": refusal}
        return page(request, SEARCH, context, status=refusal.status, headers=refusal.headers)
    return fragment(request, f"{SEARCH}#found", context) if is_partial(request) else page(request, SEARCH, context)


@require_safe
def person_list(request: MemberRequest) -> HttpResponse:
    """`/people/?q=`: the same search, by the name that other pages use."""
    query = QueryDict(mutable=True)
    query["keyword"] = request.GET.get("q", "")
    return redirect(f"{reverse('accounts:friend_search')}?{query.urlencode()}")


@require_POST
def person_friendship(request: MemberRequest, nickname: str) -> HttpResponse:
    user, person = request.user, _person(request, nickname)
    try:
        if not _is_wanted(request):
            user.remove_friend(person)
            return _tied(request, person, _("%(name)s is off your list.") % {"name": person})
        user.add_friend(person)
    except Refusal as refusal:
        return _refused(request, person, refusal)
    except User.DoesNotExist as error:
        raise Http404 from error
    said = _("You and %(name)s are friends now.") if person.is_mutual_with(user) else _("%(name)s is on your list now.")
    return _tied(request, person, said % {"name": person})


@require_POST
def person_block(request: MemberRequest, nickname: str) -> HttpResponse:
    user, person = request.user, _person(request, nickname)
    if not _is_wanted(request):
        user.unblock(person)
        return _tied(request, person, _("You have unblocked %(name)s.") % {"name": person})
    try:
        user.block(person)
    except Refusal as refusal:
        return _refused(request, person, refusal)
    return _tied(request, person, _("You have blocked %(name)s.") % {"name": person})


def _person(request: MemberRequest, nickname: str) -> User:
    people = User.objects.visible_to(request.user).with_ties_to(request.user)
    person: User = get_object_or_404(people.named(nickname))
    return person


def _is_wanted(request: MemberRequest) -> bool:
    """The state that is asked for, so that asking twice changes nothing."""
    wanted = request.POST.get("wanted")
    if wanted not in {"0", "1"}:
        raise BadRequest("wanted is 0 or 1")
    return wanted == "1"


def _tied(request: MemberRequest, person: User, said: str) -> HttpResponse:
    """How it stands between the two now: the buttons anew and word of it, or the way back with word of it."""
    back = came_from(request, person.get_absolute_url())
    if not is_partial(request):
        messages.success(request, said)
        return HttpResponseRedirect(back, status=303)
    context = {"person": _person(request, person.nickname), "said": said, "came_from": back}
    return fragment(request, FRIENDSHIP, context)


def _refused(request: MemberRequest, person: User, refusal: Refusal) -> HttpResponse:
    if is_partial(request):
        return sentence(str(refusal), status=refusal.status, headers=refusal.headers)
    context = {"person": person, "refusal": refusal, "came_from": came_from(request, person.get_absolute_url())}
    return page(request, "accounts/person_friendship.html", context, status=refusal.status, headers=refusal.headers)
