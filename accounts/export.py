"""Everything that is somebody's, as files for them to keep.

Rooms and posts say theirs through `register`, since people know neither.
"""

import json
import zipfile
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import User

# A path in the archive, and what stands there.
ExportFile = tuple[str, str | bytes]
Section = Callable[["User"], Iterable[ExportFile]]

_sections: list[Section] = []


def register(section: Section) -> None:
    """Called once at start by every part that keeps something of people's. `section` is called on a task's thread."""
    if section not in _sections:
        _sections.append(section)


def write_zip(user: "User", out: IO[bytes]) -> None:
    """Everything of theirs, in their language and their time zone."""
    with (
        translation.override(user.language),
        timezone.override(zoneinfo.ZoneInfo(user.time_zone)),
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.writestr("README.md", _readme(user))
        for section in _sections:
            for path, content in section(user):
                archive.writestr(path, content)


def as_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def utc(at: datetime | None) -> str | None:
    """For JSON: `2026-11-25T12:34:56Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def clock(at: datetime) -> str:
    """For Markdown: in the person's own time zone."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def _readme(user: "User") -> str:
    made = _("Everything that Cobra Space keeps of %(nickname)s, put together on %(day)s (%(zone)s).")
    kinds = _("Every part is there twice: as JSON for programs, as Markdown for people. Times in JSON are in UTC.")
    words = {"nickname": user.nickname, "day": clock(timezone.now()), "zone": user.time_zone}
    return f"# {settings.SITE_NAME}\n\n{made % words}\n\n{kinds}\n"


# --- What people keep here themselves ---


def people_files(user: "User") -> Iterator[ExportFile]:
    """The profile with its picture, the people on my lists, my inbox, and how I sign in (no secret of it)."""
    profile = _profile(user)
    yield "profile.json", as_json(profile)
    yield "profile.md", _profile_page(user, profile)
    if user.profile.picture:
        with user.profile.picture.open() as picture:
            yield "picture.webp", picture.read()
    friends = [_tie(tie.friend, tie.created_at) for tie in user.friendships.select_related("friend").order_by("pk")]
    yield from _list_files("friends", _("My friends list"), friends)
    blocks = [_tie(tie.blocked, tie.created_at) for tie in user.blocks.select_related("blocked").order_by("pk")]
    yield from _list_files("blocks", _("People I blocked"), blocks)
    told = [
        {
            "who": each.actor.nickname,
            "what": each.kind,
            "words": each.get_kind_display(),
            "at": utc(each.created_at),
            "read_at": utc(each.read_at),
        }
        for each in user.notifications.select_related("actor").order_by("pk")
    ]
    yield from _list_files("notifications", _("My notifications"), told)
    yield "sign-in.json", as_json(_sign_in(user))


def _profile(user: "User") -> dict[str, Any]:
    profile = user.profile
    return {
        "nickname": user.nickname,
        "former_nicknames": list(user.former_nicknames.order_by("pk").values_list("key", flat=True)),
        "email": user.email,
        "joined_at": utc(user.date_joined),
        "language": user.language,
        "time_zone": user.time_zone,
        "is_findable_by_email": user.is_findable_by_email,
        "is_unseen": user.is_unseen,
        "single_keys": user.single_keys,
        "aloud": user.aloud,
        "is_private": profile.is_private,
        "status": profile.status,
        "about": profile.about,
        "interests": profile.interests,
        "links": profile.links,
        "skills": [
            {"name": skill.name, "level": skill.level, "words": skill.get_level_display()}
            for skill in profile.skills.all()
        ],
        "address": address(user.get_absolute_url()),
    }


def _profile_page(user: "User", profile: dict[str, Any]) -> str:
    parts = [f"# {user.nickname}", profile["status"], f"- {user.email}\n- {clock(user.date_joined)}", profile["about"]]
    if profile["skills"]:
        parts += [f"## {_('Skills')}", "\n".join(f"- {each['name']}: {each['words']}" for each in profile["skills"])]
    for heading, words in ((_("Interests"), profile["interests"]), (_("Links"), profile["links"])):
        if words:
            parts += [f"## {heading}", "\n".join(f"- {word}" for word in words)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _tie(person: "User", since: datetime) -> dict[str, Any]:
    return {"who": person.nickname, "at": utc(since)}


def _list_files(name: str, heading: str, rows: list[dict[str, Any]]) -> Iterator[ExportFile]:
    yield f"{name}.json", as_json(rows)
    lines = (" · ".join(filter(None, (row["who"], row.get("words"), row["at"]))) for row in rows)
    yield f"{name}.md", f"# {heading}\n\n" + "".join(f"- {line}\n" for line in lines)


def _sign_in(user: "User") -> dict[str, Any]:
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator
    from allauth.socialaccount.models import SocialAccount
    from allauth.usersessions.models import UserSession

    return {
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "second_factors": [
            {"kind": each.type, "added_at": utc(each.created_at), "last_used_at": utc(each.last_used_at)}
            for each in Authenticator.objects.filter(user=user)
        ],
        "connected_accounts": [
            {"service": each.provider, "id": each.uid, "data": each.extra_data, "since": utc(each.date_joined)}
            for each in SocialAccount.objects.filter(user=user)
        ],
        "sessions": [
            {"began_at": utc(each.created_at), "ip": each.ip, "browser": each.user_agent}
            for each in UserSession.objects.filter(user=user)
        ],
    }
