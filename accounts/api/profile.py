"""One's own profile."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import AfterValidator, BeforeValidator, Field

from accounts import pictures
from accounts.api.schemas import ProfileOut, profile_of
from accounts.forms.nickname import NicknameField, taken
from accounts.models import User
from accounts.models.profile import LONGEST_KEY, MOST_INTERESTS, MOST_LINKS, MOST_SKILLS
from accounts.nicknames import nickname_key
from cobra.api import ApiMemberRequest, Invalid, answers, member, writer
from cobra.db import write

router = Router()


def _by_name(skill: Any) -> Any:
    return {"name": skill} if isinstance(skill, str) else skill


def _is_not_long_folded(name: str) -> str:
    if len(nickname_key(name)) > LONGEST_KEY:
        raise ValueError(_("This is too long for a skill: 40 characters at most."))
    return name


class SkillIn(Schema):
    name: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_is_not_long_folded)]
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
