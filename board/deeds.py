"""A page of the moderation log, as a reader may read it."""

from dataclasses import dataclass

from django.http import Http404

from accounts.models import Deed, User
from board.models import Post
from rooms.querysets import Reader

PAGE = 50  # deeds


@dataclass(frozen=True)
class Entry:
    """A deed, and where it was done where the reader may go there. `names_person`: the reader is of the staff."""

    deed: Deed
    title: str
    names_person: bool
    can_be_undone: bool

    @property
    def is_line(self) -> bool:
        return self.deed.line_id is not None


@dataclass(frozen=True)
class Log:
    """Some entries, newest first, and where the log goes on (a deed's id, or None at its end)."""

    entries: list[Entry]
    next_before: int | None


def log_of(reader: Reader, *, before: str = "") -> Log:
    """
    Raises:
        Http404: `before` is no id.
    """
    rows = Deed.objects.for_log()
    if before:
        if not before.isdecimal() or len(before) > 18:
            raise Http404
        rows = rows.before(int(before))
    shown = list(rows[: PAGE + 1])
    next_before = shown[PAGE - 1].pk if len(shown) > PAGE else None
    return Log(_entries(shown[:PAGE], reader), next_before)


def _entries(deeds: list[Deed], reader: Reader) -> list[Entry]:
    rooms = {deed.room_id for deed in deeds if deed.room_id}
    titles = dict(Post.objects.visible_to(reader).filter(pk__in=rooms).values_list("pk", "title"))
    moderates, administers = (
        isinstance(reader, User) and reader.can_moderate(),
        isinstance(reader, User) and reader.can_administer(),
    )
    return [
        Entry(
            deed,
            titles.get(deed.room_id or 0, ""),
            moderates or administers,
            deed.can_be_undone and (administers if deed.is_about_people else moderates),
        )
        for deed in deeds
    ]
