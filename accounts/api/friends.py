"""Friends: one's list, and finding whom to put on it."""

from typing import TYPE_CHECKING, Annotated, Any

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from accounts.api.schemas import Person, ProfileOut, Said, is_known_by_email, person_of, profile_of
from accounts.models import User
from accounts.querysets import SHORTEST_SEARCH
from accounts.whereabouts import whereabouts
from cobra.api import ApiMemberRequest, Id, Invalid, answers, member, writer
from cobra.searches import count_search, searcher

if TYPE_CHECKING:
    from accounts.querysets import UserQuerySet

MOST_FOUND = 20

router = Router()


class Whom(Schema):
    """Somebody, by one of the two."""

    email: str | None = None
    id: Id | None = None


class Friend(Person):
    is_mutual: bool
    is_online: bool | None


class Found(Person):
    is_friend: bool


def _named(whom: Whom, people: "UserQuerySet", me: User) -> Any:
    """The one of these people that is meant; None where there is none, or not for somebody who has their e-mail."""
    people = people.with_ties_to(me)
    if whom.id is not None:
        return people.filter(pk=whom.id).first()
    if not whom.email:
        raise Invalid(email=[_("This field is required.")])
    person = people.filter(email__iexact=whom.email.strip()).first()
    is_shown = person and (person.pk == me.pk or is_known_by_email(person))
    return person if is_shown else None


@router.post("/add-friend/", auth=writer, response=answers(Said))
def add_friend(request: ApiMemberRequest, whom: Whom) -> Any:
    """Put somebody on my list. Twice changes nothing."""
    if whom.id is None:
        count_search(searcher(request))  # it tells whether somebody has this address
    person = _named(whom, User.objects.visible_to(request.user).select_related("profile"), request.user)
    if person is None:
        raise Http404
    request.user.add_friend(person)
    return {"message": f"{_called(whom, person)}님을 친구로 추가했습니다."}


@router.post("/delete-friend/", auth=writer, response=answers(Said))
def delete_friend(request: ApiMemberRequest, whom: Whom) -> Any:
    """Take somebody off my list. They are not told."""
    mine = User.objects.filter(befriended_by__owner=request.user).select_related("profile")
    person = _named(whom, mine, request.user)
    if person is None:
        raise HttpError(404, f"{whom.email or whom.id}님은 친구 목록에 없습니다.")
    request.user.remove_friend(person)
    return {"message": f"{_called(whom, person)}님을 친구 목록에서 삭제했습니다."}


def _called(whom: Whom, person: User) -> str:
    """By the name under which they were asked for: no e-mail that was not known before."""
    return person.nickname if whom.id is not None else person.email


@router.get("/friends/", auth=member, response=answers(list[Friend]))
def friends(request: ApiMemberRequest) -> Any:
    """Whom I have on my list. `is_online` is told by those who have me on theirs."""
    me = request.user
    mine = User.objects.visible_to(me).filter(befriended_by__owner=me).with_ties_to(me)
    online = whereabouts()
    return [
        person_of(person)
        | {
            "is_mutual": person.lists_me,
            "is_online": (person.pk in online and not person.is_unseen) if person.lists_me else None,
        }
        for person in mine.select_related("profile").order_by("nickname_key")
    ]


@router.get("/friend-profile/{int:friend_id}/", auth=member, response=answers(ProfileOut))
def friend_profile(request: ApiMemberRequest, friend_id: Id) -> Any:
    """Anybody's profile; a private one for those whom its owner has on their list."""
    people = User.objects.visible_to(request.user).select_related("profile")
    person = people.filter(pk=friend_id).first()
    if person is None:
        raise Http404
    if not person.profile.is_open_to(request.user):
        raise HttpError(403, _("This profile is private."))
    return profile_of(person)


@router.get("/search-friends/", auth=member, response=answers(list[Found]))
def search_friends(request: ApiMemberRequest, keyword: Annotated[str, Query()]) -> Any:
    """People by part of their e-mail (before the @) or nickname: who may be found, twenty at most."""
    if len(keyword.strip()) < SHORTEST_SEARCH:
        raise Invalid(keyword=[_("Two characters at least, please.")])
    count_search(searcher(request))
    found = User.objects.found_by(keyword, reader=request.user).filter(is_findable_by_email=True)
    people = found.with_ties_to(request.user).select_related("profile")[:MOST_FOUND]
    return [person_of(person) | {"is_friend": person.is_friend} for person in people]
