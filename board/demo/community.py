"""The demo: ten people, what they wrote and what they say about it, as if it were today."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import User
from board.importing import load as load_excerpt
from board.importing.said import Said, append, render
from board.importing.shelves import shelf
from board.models import Post
from cobra.db import write
from rooms.models import Line

FOLDER = Path(__file__).parent
# The excerpts have no dates of their own: they lie beneath what the people of the demo wrote lately.
EXCERPTS_AGE = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Script:
    """A post of the demo: what stands in `posts/<name>.md` and `rooms/<name>.jsonl`."""

    name: str
    head: dict[str, str]
    body: str
    lines: list[dict[str, Any]]

    @property
    def source(self) -> str:
        return f"demo:{self.name}"

    @property
    def age(self) -> timedelta:
        return timedelta(minutes=int(self.head["minutes_ago"]))

    def times(self, now: datetime) -> Iterator[datetime]:
        """When each line was said."""
        at = now - self.age
        for number, line in enumerate(self.lines):
            # A few seconds apart where the script says the same minute.
            at += timedelta(minutes=line["after"], seconds=7 * (number % 3))
            yield at

    @classmethod
    def read(cls, path: Path) -> "Script":
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        room = FOLDER / "rooms" / f"{path.stem}.jsonl"
        return cls(
            name=path.stem,
            head=dict(line.split(": ", 1) for line in head.splitlines()),
            body=body.strip(),
            lines=json_lines(room) if room.exists() else [],
        )


def json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def scripts() -> list[Script]:
    """All posts of the demo, the oldest first."""
    return sorted((Script.read(path) for path in (FOLDER / "posts").glob("*.md")), key=lambda script: -script.age)


def load(now: datetime) -> None:
    """Put in what is not there yet. Times are counted back from `now`."""
    for name in ("posts.jsonl", "chat.jsonl"):
        load_excerpt(FOLDER / "excerpt" / name, day=now - EXCERPTS_AGE)
    there = set(Post.objects.filter(source__startswith="demo:").values_list("source", flat=True))
    if missing := [script for script in scripts() if script.source not in there]:
        people = _people(now)
        for script in missing:
            _play(script, people, now)


def sign_in_people() -> list[User]:
    """Those whom a visitor of the demo can be, never staff."""
    emails = [fields["email"] for fields in json_lines(FOLDER / "people.jsonl") if fields.get("signs_in")]
    return list(User.objects.filter(email__in=emails, is_staff=False, is_superuser=False).order_by("pk"))


def _people(now: datetime) -> dict[str, User]:
    """By the names they have in the scripts, found by address; whoever is new tells of themselves and adds friends."""
    people: dict[str, User] = {}
    newcomers: list[dict[str, Any]] = []
    for fields in json_lines(FOLDER / "people.jsonl"):
        person = User.objects.filter(email=fields["email"]).first()
        if person is None:
            person = _newcomer(fields, now)
            newcomers.append(fields)
        people[fields["nickname"]] = person
    for fields in newcomers:
        for friend in fields.get("friends", ()):
            people[fields["nickname"]].add_friend(people[friend])
    return people


def _newcomer(fields: dict[str, Any], now: datetime) -> User:
    """Nobody's password works until `load_demo` gives them one."""
    with write():
        person: User = User.objects.create_user(
            fields["email"],
            nickname=User.objects.free_nickname(fields["nickname"]),
            language=fields["language"],
            date_joined=now - timedelta(days=fields["joined"]),
        )
        # Confirmed, since nobody reads mail at example.com.
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        person.profile.rewrite(
            status=fields["status"],
            about=fields["about"],
            interests=fields["interests"],
            links=fields.get("links", []),
        )
        person.profile.know((name, level) for name, level in fields["skills"])
    return person


def _play(script: Script, people: dict[str, User], now: datetime) -> None:
    said = [
        Said(
            author_id=people[line["author"]].pk,
            key=uuid.uuid5(uuid.NAMESPACE_URL, f"cobra-space:{script.source}#{number}"),
            text=line["body"],
            html=render(line["body"]),
            at=at,
        )
        for number, (line, at) in enumerate(zip(script.lines, script.times(now), strict=True), 1)
    ]
    # Together, so that no post is left without its room's lines when the command is stopped.
    with write():
        post = Post.publish(
            by=people[script.head["author"]],
            title=script.head["title"],
            body=script.body,
            category=shelf(script.head["category"]),
            tags=script.head["tags"].split(", "),
            members_only=script.head.get("members_only") == "yes",
            created_at=now - script.age,
            source=script.source,
        )
        if said:
            _reply(append(post.room_id, said), script)


def _reply(lines: list[Line], script: Script) -> None:
    replies = []
    for line, scripted in zip(lines, script.lines, strict=True):
        if number := scripted.get("reply_to"):
            line.reply_to = lines[number - 1]
            replies.append(line)
    Line.objects.bulk_update(replies, ["reply_to"])
