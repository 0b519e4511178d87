"""What is told of one live room on streams that Pushpin holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings

from cobra import bus, grip
from rooms import log
from rooms.bot_presence import Moves
from rooms.models import Line
from rooms.standing import Reader

if TYPE_CHECKING:
    from rooms.edge import Edge
    from rooms.live_room import LiveRoom

# Seconds for which a room stays live after something was said in it here, or somebody came: the longest that a stream
# is held without being heard of, and a little.
KEPT = 330
# Versions told one by one; who lacks more asks for them.
MOST_TOLD = 200
# Seconds between two tellings where a room's lines are told together: three thousand listeners are as many writes for
# Pushpin as it manages meanwhile on one core.
BREATH = 0.1
MOST_TOGETHER, LONGEST_TOGETHER = 20, 64 * 1024  # versions, characters

VISITOR, MEMBER = Reader(), Reader(person_id=0)
CLASSES = {"visitor": VISITOR, "member": MEMBER}


def class_of(reader: Reader) -> str:
    return "visitor" if reader.person_id is None else "member"


def channel(kind: str, *parts: object) -> str:
    """A Pushpin may serve several sites."""
    return ".".join([settings.SITE_KEY, kind, *map(str, parts)])


class EdgeRoom:
    """One room's. Every process in which the room is live tells every version, one by one: Pushpin writes each once.

    So nobody has to know who else tells, and a process that is killed takes nothing with it. Whoever holds a stream
    reaches Pushpin before or after a version by its number, and asks for what lies between.

    A process that is the only one tells what came at once together, which costs Pushpin as little as one line. Two
    would cut differently, and at each cut of the other's all listeners would ask.
    """

    def __init__(self, room: "LiveRoom", edge: "Edge") -> None:
        self.room, self.edge = room, edge
        self.opened_at = 0  # version
        self._told = range(0)  # the versions told from here, without a gap
        self._until = 0.0

    def keep(self, seconds: float = KEPT) -> None:
        self._until = max(self._until, self.room.hub.loop.time() + seconds)

    @property
    def is_kept(self) -> bool:
        return self._until > self.room.hub.loop.time()

    def hold(self, reader: Reader, encoding: str, *, is_new: bool) -> None:
        self.edge.hold(self.room, reader, encoding, is_new=is_new)

    # --- What a stream is held on ---

    def lines_channel(self, encoding: str) -> str:
        return channel("lines", self.room.pk, encoding)

    def channels(self, reader: Reader, encoding: str, cursor: str, name: str) -> Mapping[str, str | None]:
        """A stream's channels: lines have numbers, the rest has none and is told anew to whoever comes. `name`: the
        stream's own, which Pushpin says again when it asks."""
        channels: dict[str, str | None] = {
            self.lines_channel(encoding): cursor,
            self._aside_channel(encoding, class_of(reader)): None,
            self._gate_channel(): None,
            name_channel(): name,
        }
        if reader.person_id:
            channels[person_channel(reader.person_id, self.room.pk, encoding)] = None
            channels[gone_channel(reader.person_id)] = None
        return channels

    def _aside_channel(self, encoding: str, reader_class: str) -> str:
        return channel("aside", self.room.pk, encoding, reader_class)

    def _gate_channel(self) -> str:
        return channel("gate", self.room.pk)

    # --- What is told ---

    def begin(self, version: int) -> None:
        """The room was opened because something changed at the version after this one: tell what was read then."""
        # What is not known here (how the process before cut it, rows that were not read) is neither told nor passed
        # over: whoever lacks more asks.
        version = max(version, self.opened_at - 1 if self.is_told_together else self.room.ring.floor)
        lines = [line for line in self.room.ring.after(version) if line.version <= self.opened_at]
        self._tell(version, self.opened_at, lines)

    def told(self, before: int, lines: Sequence[Line]) -> None:
        """The room has moved on from this version, and these are the rows that did it."""
        self._tell(before, self.room.version, lines)

    def _tell(self, before: int, version: int, lines: Iterable[Line]) -> None:
        rows = {line.version: line for line in lines}
        wanted = range(max(before, version - MOST_TOLD) + 1, version + 1)
        versions = [each for each in wanted if each not in self._told]
        if versions:
            ends = [*self._told[:1], *self._told[-1:], versions[0], versions[-1]]
            self._told = range(min(ends), max(ends) + 1)
        steps = self._steps(versions, rows)
        items = [item for step in steps for item in self._items(step, [rows[each] for each in step if each in rows])]
        if items:  # programs fetch theirs: what a change is to them depends on what they have heard
            items += [grip.hint(self._aside_channel(log.JSON, name), number=self._id(version)) for name in CLASSES]
        self.edge.publish(items)

    @property
    def breath(self) -> float:
        """Seconds to wait after a telling, for what is said meanwhile."""
        return BREATH if self.is_told_together else 0

    @cached_property
    def is_told_together(self) -> bool:
        return bus.carrier() is None

    def _steps(self, versions: Sequence[int], rows: Mapping[int, Line]) -> Iterator[Sequence[int]]:
        """These versions as they are told: one by one, or some that follow each other together."""
        step: list[int] = []
        size = 0
        for version in versions:
            longer = len(log.fragment(rows[version], log.ENCODINGS[0])) if version in rows else 0
            fits = len(step) < MOST_TOGETHER and size + longer <= LONGEST_TOGETHER and self.is_told_together
            if step and not (fits and version == step[-1] + 1):
                yield step
                step, size = [], 0
            step.append(version)
            size += longer
        if step:
            yield step

    def _items(self, step: Sequence[int], lines: Sequence[Line]) -> Iterator[grip.Told]:
        """A step in each language; of a row that has changed since nothing, and its place in the chain."""
        position = self.room.standing.position._replace(version=step[-1])
        ids = {"number": self._id(step[-1]), "after": self._id(step[0] - 1)}
        for encoding in log.ENCODINGS:
            fragments = [log.fragment(line, encoding) for line in lines]
            text = log.lines_event(fragments, position).decode() if fragments else ""
            yield grip.told(self.lines_channel(encoding), text, **ids)

    def _id(self, version: int) -> str:
        return log.cursor_of(self.room.standing.position._replace(version=version))

    def tell_presence(self, moves: Moves) -> None:
        items = [
            grip.told(
                self._aside_channel(encoding, name),
                self.room.who.message_for(encoding, is_member=name == "member").decode(),
            )
            for encoding in log.ENCODINGS
            for name in CLASSES
        ]
        items += [
            grip.told(self._aside_channel(log.JSON, name), moves.told_to(reader).decode())
            for name, reader in CLASSES.items()
        ]
        self.edge.publish(items)

    def tell_typing(self, messages: Mapping[str, bytes]) -> None:
        """By class of reader."""
        self.edge.publish(
            grip.told(self._aside_channel(encoding, name), message.decode())
            for encoding in log.ENCODINGS
            for name, message in messages.items()
        )

    def begin_anew(self) -> None:
        """The log is another one: its versions are told from the beginning."""
        self._told = range(0)
        self.end_all()

    def end_all(self) -> None:
        """Everybody comes again, and hears why they may not, or what is new."""
        self.edge.publish([grip.closing(self._gate_channel())])


def name_channel() -> str:
    """Nothing is ever said on it."""
    return channel("name")


def person_channel(person_id: int, room_id: int, encoding: str) -> str:
    return channel("person", person_id, room_id, encoding)


def gone_channel(person_id: int) -> str:
    return channel("gone", person_id)
