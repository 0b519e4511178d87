"""What somebody said, room by room, for `accounts.export`."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accounts.export import ExportFile, address, as_json, clock, utc
from rooms.models import Line, Membership

if TYPE_CHECKING:
    from accounts.models import User


def line_files(user: "User") -> Iterator[ExportFile]:
    """All my lines and nobody else's: of a line that mine answers, only its number."""
    lines = Line.objects.filter(author=user, kind=Line.Kind.SAID).select_related("room").order_by("room_id", "seq")
    for room_id, in_room in groupby(lines.iterator(), attrgetter("room_id")):
        mine = list(in_room)
        yield f"rooms/{room_id}.json", as_json([_line(line) for line in mine])
        heading = _("What I said in room %(number)s") % {"number": room_id}
        said = "".join(f"\n## {clock(line.created_at)}\n\n{line.text}\n" for line in mine)
        yield f"rooms/{room_id}.md", f"# {heading}\n\n{address(mine[0].room.get_absolute_url())}\n{said}"


def membership_files(user: "User") -> Iterator[ExportFile]:
    """The rooms I take part in, of those I may still read, and what they tell me."""
    mine = Membership.objects.visible_to(user).filter(person=user).select_related("room").order_by("pk")
    rows = [
        {
            "room": each.room_id,
            "level": each.level,
            "words": str(each.get_level_display()),
            "joined_at": utc(each.joined_at),
            "address": address(each.room.get_absolute_url()),
        }
        for each in mine
    ]
    yield "memberships.json", as_json(rows)
    lines = (f"- {row['address']} · {row['words']} · {row['joined_at']}\n" for row in rows)
    heading = _("Rooms I take part in")
    yield "memberships.md", f"# {heading}\n\n" + "".join(lines)


def _line(line: Line) -> dict[str, Any]:
    return {
        "id": line.pk,
        "text": line.text,
        "said_at": utc(line.created_at),
        "edited_at": utc(line.edited_at),
        "deleted_at": utc(line.deleted_at),
        "hidden_at": utc(line.hidden_at),
        "reply_to": line.reply_to_id,
        "address": address(line.get_permalink()),
    }
