"""A line as programs get it: in an answer of the API and on a bot's stream."""

from typing import Any

from cobra.json import absolute, dumps
from rooms.models import Line

SAID, EDITED, DELETED = "chat.message", "chat.message.edited", "chat.message.deleted"
# What has to be read with a line for it.
NEEDS = "author__profile"


def line_of(line: Line) -> dict[str, Any]:
    """The same for every reader. Nothing of what was said in a line that is gone."""
    url = line.author.profile.picture_url
    return {
        "id": line.pk,
        "room": line.room_id,
        "seq": line.seq,
        "version": line.version,
        "type": SAID,
        "message": "" if line.is_gone else line.text,
        "html": "" if line.is_gone else line.html,
        "sender": {
            "id": line.author_id,
            "nickname": line.author.nickname,
            "profile_picture_url": absolute(url) if url else None,
        },
        "reply_to": line.reply_to_id,
        "created_at": line.created_at,
        "edited_at": line.edited_at,
        "deleted": line.is_gone,
    }


def fragment_of(line: Line) -> str:
    return dumps(line_of(line))


def name_of(line: Line, cursor: int) -> str:
    """What has happened to it since `cursor`: said, where the reader has not heard of it at all."""
    if line.seq > cursor:
        return SAID
    return DELETED if line.is_gone else EDITED


def told(line: Line, fragment: str, cursor: int) -> tuple[str, str]:
    """The event's name, and its data with that name as the line's `type`."""
    name = name_of(line, cursor)
    return name, fragment if name == SAID else fragment.replace(f'"type": "{SAID}"', f'"type": "{name}"', 1)
