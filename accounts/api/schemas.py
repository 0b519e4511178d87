"""What is answered about people."""

from typing import Any

from ninja import Schema

from accounts.models import User
from cobra.json import absolute


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


class Said(Schema):
    message: str


class Person(Schema):
    id: int
    email: str | None
    nickname: str
    profile_picture: str | None


def _picture_of(user: User) -> str | None:
    url = user.profile.picture_url
    return absolute(url) if url else None


def profile_of(user: User) -> dict[str, Any]:
    profile = user.profile
    return {
        "id": user.pk,
        "nickname": user.nickname,
        "status": profile.status,
        "about": profile.about,
        "profile_picture": _picture_of(user),
        "skills": [{"name": skill.name, "level": skill.level} for skill in profile.skills.all()],
        "interests": profile.interests,
        "links": profile.links,
        "is_private": profile.is_private,
    }


def is_known_by_email(person: Any) -> bool:
    """By the one rule (`User.shows_email_to`), for who reads them `with_ties_to` themselves."""
    return bool(person.is_findable_by_email or (person.is_friend and person.lists_me))


def person_of(person: Any) -> dict[str, Any]:
    """Somebody else, read `with_ties_to` who asks and with their profile: a private one shows no e-mail, as on pages
    (`accounts.cards.cards_of`)."""
    is_open = person.lists_me or not person.profile.is_private
    return {
        "id": person.pk,
        "email": person.email if is_open and is_known_by_email(person) else None,
        "nickname": person.nickname,
        "profile_picture": _picture_of(person),
    }
