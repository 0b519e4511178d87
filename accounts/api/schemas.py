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


def person_of(person: Any) -> dict[str, Any]:
    """Somebody else, read `with_ties_to` who asks: their e-mail by the one rule (`User.shows_email_to`)."""
    shows_email = person.is_findable_by_email or (person.is_friend and person.lists_me)
    return {
        "id": person.pk,
        "email": person.email if shows_email else None,
        "nickname": person.nickname,
        "profile_picture": _picture_of(person),
    }
