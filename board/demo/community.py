"""The demo: ten people, what they wrote, what they say about it and what they keep of that, as if it were today."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import Notification, User
from board.importing import load as load_excerpt
from board.importing.said import Said, append, render
from board.importing.shelves import shelf
from board.models import Digest, Post
from cobra.db import write
from rooms.models import Line, ReadMark, Verdict

FOLDER = Path(__file__).parent
# The excerpts have no dates of their own: they lie beneath what the people of the demo wrote lately.
EXCERPTS_AGE = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file with a head, `name: value` in every row of it, and Markdown under it."""

    head: dict[str, str]
    body: str

    @classmethod
    def read(cls, path: Path) -> "Sheet":
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        return cls(dict(line.split(": ", 1) for line in head.splitlines()), body.strip())

    def minutes(self, name: str) -> timedelta:
        return timedelta(minutes=int(self.head[name]))


@dataclass(frozen=True, slots=True)
class Script:
    """A post of the demo: what stands in `posts/<name>.md`, `rooms/<name>.jsonl` and, of some, `digests/<name>.md`."""

    name: str
    post: Sheet
    lines: list[dict[str, Any]]
    digest: Sheet | None

    @property
    def source(self) -> str:
        return f"demo:{self.name}"

    @property
    def age(self) -> timedelta:
        return self.post.minutes("minutes_ago")

    def times(self, now: datetime) -> Iterator[datetime]:
        """When each line was said."""
        at = now - self.age
        for number, line in enumerate(self.lines):
            # A few seconds apart where the script says the same minute.
            at += timedelta(minutes=line["after"], seconds=7 * (number % 3))
            yield at

    @classmethod
    def read(cls, path: Path) -> "Script":
        room, digest = FOLDER / "rooms" / f"{path.stem}.jsonl", FOLDER / "digests" / path.name
        return cls(
            path.stem,
            Sheet.read(path),
            json_lines(room) if room.exists() else [],
            Sheet.read(digest) if digest.exists() else None,
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
        post = _publish(script, people, now)
        # What is kept of the talk is kept in the middle of it.
        heard = int(script.digest.head["after_line"]) if script.digest else len(said)
        lines = append(post.room_id, said[:heard]) if said else []
        if script.digest:
            _keep(post, script.digest, people, said[heard - 1].at)
            lines += append(post.room_id, said[heard:])
            # Nobody there has more to catch up on than the others.
            ReadMark.objects.filter(room=post.room_id).update(seq=lines[-1].seq)
        _reply(lines, script)
        if "verdict" in script.post.head:
            _close(post, script.post, said[-1].at)


def _publish(script: Script, people: dict[str, User], now: datetime) -> Post:
    head = script.post.head
    return Post.publish(
        by=people[head["author"]],
        title=head["title"],
        body=script.post.body,
        category=shelf(head["category"]),
        tags=head["tags"].split(", "),
        members_only=head.get("members_only") == "yes",
        created_at=now - script.age,
        source=script.source,
    )


def _keep(post: Post, sheet: Sheet, people: dict[str, User], last_said: datetime) -> None:
    """Somebody proposes a section, and whoever wrote the post puts it there."""
    by, at = people[sheet.head["by"]], last_said + sheet.minutes("after")
    digest = Digest.propose(post=post, by=by, title=sheet.head["title"], text=sheet.body)
    digest.publish(by=post.author, version=digest.version)
    Digest.objects.filter(pk=digest.pk).update(proposed_at=at, decided_at=at, published_at=at)
    digest.revisions.update(created_at=at)
    _date_back(post, Line.Kind.KEPT, at)


def _close(post: Post, sheet: Sheet, last_said: datetime) -> None:
    verdict = Verdict(sheet.head["verdict"])
    post.room.close(by=post.author, verdict=verdict, text=sheet.head["verdict_text"])
    _date_back(post, Line.Kind(verdict), last_said + sheet.minutes("verdict_after"))


def _date_back(post: Post, kind: Line.Kind, at: datetime) -> None:
    """What was just done here was done then: the room's notice of it, and what people were told."""
    Line.objects.filter(room=post.room_id, kind=kind).update(created_at=at)
    Notification.objects.filter(line__room=post.room_id, created_at__gt=at).update(created_at=at)


def _reply(lines: list[Line], script: Script) -> None:
    replies = []
    for line, scripted in zip(lines, script.lines, strict=True):
        if number := scripted.get("reply_to"):
            line.reply_to = lines[number - 1]
            replies.append(line)
    Line.objects.bulk_update(replies, ["reply_to"])
