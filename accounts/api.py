"""The JSON API of people: `/user/…`."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from ninja.errors import AuthenticationError, HttpError
from pydantic import BeforeValidator, Field, model_validator

from accounts import pictures, tokens
from accounts.forms.nickname import NicknameField, taken
from accounts.models import User
from accounts.models.profile import MOST_INTERESTS, MOST_LINKS, MOST_SKILLS
from accounts.querysets import SHORTEST_SEARCH
from accounts.whereabouts import whereabouts
from cobra.api import ApiMemberRequest, ApiRequest, Id, Invalid, answers, member, writer
from cobra.db import write
from cobra.json import absolute
from cobra.searches import count_search, searcher

if TYPE_CHECKING:
    from accounts.querysets import UserQuerySet

MOST_FOUND = 20

router = Router(tags=["people"])

# --- What is answered ---


class SkillOut(Schema):
    name: str
    level: int


class ProfileOut(Schema):
    id: int
    nickname: str
    status: str
    about: str
    profile_picture: str | None
    skills: list[SkillOut]
    interests: list[str]
    links: list[str]
    is_private: bool


class Registered(Schema):
    email: str
    message: str
    profile: ProfileOut
    verification: Literal["pending"] | None = None


class TokensOut(Schema):
    access: str
    refresh: str


class SignedIn(Schema):
    message: str
    profile: ProfileOut
    refresh: str
    access: str


class Pending(Schema):
    """A step is left, to be done on the site."""

    pending: Literal["verify_email", "mfa"]


class Said(Schema):
    message: str


class Person(Schema):
    id: int
    email: str | None
    nickname: str
    profile_picture: str | None


class Friend(Person):
    is_mutual: bool
    is_online: bool | None


class Found(Person):
    is_friend: bool


def picture_of(user: User) -> str | None:
    url = user.profile.picture_url
    return absolute(url) if url else None


def profile_of(user: User) -> dict[str, Any]:
    profile = user.profile
    return {
        "id": user.pk,
        "nickname": user.nickname,
        "status": profile.status,
        "about": profile.about,
        "profile_picture": picture_of(user),
        "skills": [{"name": skill.name, "level": skill.level} for skill in profile.skills.all()],
        "interests": profile.interests,
        "links": profile.links,
        "is_private": profile.is_private,
    }


def person_of(person: Any) -> dict[str, Any]:
    """Somebody else, read `with_ties_to` who asks: their e-mail by the one rule (`User.shows_email_to`)."""
    shows_email = person.is_findable_by_email or (person.is_friend and person.lists_me)
    return {
        "id": person.pk,
        "email": person.email if shows_email else None,
        "nickname": person.nickname,
        "profile_picture": picture_of(person),
    }


# --- Logins ---


class Registration(Schema):
    email: str
    password: str
    nickname: str = ""
    password1: str | None = Field(None, description="The same as `password`.")
    password2: str | None = Field(None, description="The same once more.")

    @model_validator(mode="before")
    @classmethod
    def _either_name(cls, data: Any) -> Any:
        given = getattr(data, "_obj", data)
        if isinstance(given, dict) and "password" not in given and "password1" in given:
            return {**given, "password": given["password1"]}
        return data


class Credentials(Schema):
    email: str
    password: str


class Refresh(Schema):
    refresh: str


@router.post("/registration/", auth=None, response=answers(Registered, 201), exclude_unset=True)
def registration(request: ApiRequest, typed: Registration) -> Any:
    """A new account. Where e-mails are verified, the code for that comes by mail and is typed on the site."""
    if typed.password2 not in (None, typed.password):
        raise Invalid(password2=[_("These are two different passwords.")])
    user, is_pending = tokens.sign_up(
        request, email=typed.email, password=typed.password, nickname=typed.nickname.strip()
    )
    answer = {"email": user.email, "message": "회원가입이 완료되었습니다.", "profile": profile_of(user)}
    return Status(201, answer | ({"verification": "pending"} if is_pending else {}))


@router.post("/login/", auth=None, response=answers(SignedIn) | {202: Pending})
def login(request: ApiRequest, typed: Credentials) -> Any:
    """An access token for five minutes and a refresh token for a day."""
    signed_in = tokens.sign_in(request, email=typed.email, password=typed.password)
    if isinstance(signed_in, str):
        return Status(202, {"pending": signed_in})
    return {"message": "환영합니다.", "profile": profile_of(signed_in.user), **signed_in.tokens._asdict()}


@router.post("/token/refresh/", auth=None, response=answers(TokensOut))
def token_refresh(request: ApiRequest, typed: Refresh) -> Any:
    """New tokens; the refresh token that was sent holds no more."""
    renewed = tokens.renew(typed.refresh)
    if renewed is None:
        raise AuthenticationError
    return renewed._asdict()


@router.post("/logout/", auth=member, response=answers(Said))
def logout(request: ApiRequest) -> Any:
    """End this login: its tokens, and the streams that were opened with it."""
    tokens.sign_out(request)
    return {"message": "로그아웃이 완료되었습니다."}


# --- Friends ---


class Whom(Schema):
    """Somebody, by one of the two."""

    email: str | None = None
    id: Id | None = None


def _named(whom: Whom, people: "UserQuerySet", me: User) -> Any:
    """The one of these people that is meant; None where there is none, or not for somebody who has their e-mail."""
    people = people.with_ties_to(me)
    if whom.id is not None:
        return people.filter(pk=whom.id).first()
    if not whom.email:
        raise Invalid(email=[_("This field is required.")])
    person = people.filter(email__iexact=whom.email.strip()).first()
    is_shown = person and (person.pk == me.pk or person_of(person)["email"])
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


# --- My profile ---


def _by_name(skill: Any) -> Any:
    return {"name": skill} if isinstance(skill, str) else skill


class SkillIn(Schema):
    name: Annotated[str, Field(min_length=1, max_length=40)]
    level: Annotated[int, Field(ge=1, le=4)] = 2


Word = Annotated[str, Field(min_length=1, max_length=40)]


class ProfileIn(Schema):
    """What is named is changed, and nothing else. `profile_picture`: null takes it away; a new one comes as a form."""

    nickname: str | None = None
    status: Annotated[str, Field(max_length=80)] = ""
    about: Annotated[str, Field(max_length=4_000)] = ""
    skills: Annotated[list[Annotated[SkillIn, BeforeValidator(_by_name)]], Field(max_length=MOST_SKILLS)] = []
    interests: Annotated[list[Word], Field(max_length=MOST_INTERESTS)] = []
    links: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=MOST_LINKS)] = []
    is_private: bool = False
    profile_picture: str | None = None


@router.get("/profile/", auth=member, response=answers(ProfileOut))
def profile_detail(request: ApiMemberRequest) -> Any:
    """My own profile."""
    return profile_of(request.user)


AS_A_FORM = {
    "type": "object",
    "properties": {
        "profile_picture": {
            "type": "string",
            "format": "binary",
            "description": "an image of 5 MB at most",
        },
        "nickname": {"type": "string"},
        "status": {"type": "string"},
        "about": {"type": "string"},
        "skills": {"type": "string", "description": "a list, as JSON"},
        "interests": {"type": "string", "description": "a list, as JSON"},
        "links": {"type": "string", "description": "a list, as JSON"},
        "is_private": {"type": "boolean"},
    },
}


@router.api_operation(
    ["PUT", "PATCH"],
    "/profile/",
    auth=writer,
    response=answers(ProfileOut),
    openapi_extra={"requestBody": {"content": {"multipart/form-data": {"schema": AS_A_FORM}}}},
)
def profile_edit(request: ApiMemberRequest, typed: ProfileIn) -> Any:
    """Change my profile: all of what is sent, or nothing. As a form (multipart/form-data) with a picture."""
    given = typed.dict(exclude_unset=True)
    user = request.user
    nickname = _nickname(given.pop("nickname", None), user)
    _check_links(given.get("links", []))
    upload = request.files.get("profile_picture")
    picture = _made_of(upload) if upload else None
    takes_away = "profile_picture" in given and given.pop("profile_picture") is None
    knows_anew = given.pop("skills", None) is not None
    with write():
        user.rename(nickname)
        user.profile.rewrite(**given)
        if knows_anew:
            user.profile.know((skill.name, skill.level) for skill in typed.skills)
        if picture or takes_away:
            user.profile.show_picture(picture)
    return profile_of(User.objects.select_related("profile").get(pk=user.pk))


def _nickname(wanted: str | None, user: User) -> str:
    if wanted is None:
        return user.nickname
    try:
        nickname: str = NicknameField().clean(wanted)
        if error := taken(nickname, but_by=user):
            raise error
    except ValidationError as error:
        raise Invalid(nickname=list(error.messages)) from error
    return nickname


def _check_links(links: list[str]) -> None:
    is_address = URLValidator(schemes=["http", "https"])
    try:
        for link in links:
            is_address(link)
    except ValidationError as error:
        raise Invalid(links=list(error.messages)) from error


def _made_of(upload: Any) -> Any:
    try:
        return pictures.made_of(upload)
    except ValidationError as error:
        raise Invalid(profile_picture=list(error.messages)) from error
