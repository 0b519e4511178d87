"""Records from elsewhere, and what an import has made of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db.models import Model

from accounts.models import Profile, User
from board.models import Category, Post, PostTag, Tag
from rooms.models import Line, Room, RoomVersion

Write = Callable[..., Path]

POST = {"title": "제목", "body": "본문이에요.", "category": "learn", "tags": ["React", "hooks"], "source": "어딘가/1"}

DOC = {
    "title": "'Effect가 필요하지 않은 경우'",
    "body": "[훅](/reference/react/hooks)과 [아래](#usage)\n\n```js\nlet a = '[x](/y)'\n```",
    "category": "reference",
    "tags": [],
    "source": "src/content/reference/react/useState.md",
}


def load(*paths: Path) -> None:
    call_command("load_community", *map(str, paths), verbosity=0)


def said(author: str, body: str, at: str | None = "2004-12-25T09:14:00Z", room: str = "2004-12-25") -> dict[str, Any]:
    return {"room": room, "at": at, "kind": "line", "author": author, "body": body}


def came(author: str, kind: str = "join", room: str = "2004-12-25") -> dict[str, Any]:
    return {"room": room, "at": None, "kind": kind, "author": author}


def everything() -> dict[str, Any]:
    """All rows that an import could touch."""
    models: tuple[type[Model], ...] = (User, Profile, Category, Tag, PostTag, Post, Room, RoomVersion, Line)
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


def log_of(room: str) -> list[Line]:
    return list(Line.objects.filter(room__post__source=f"chat:{room}").order_by("seq").select_related("author"))
