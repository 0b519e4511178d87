"""Telling a room's listeners who is writing."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django_eventstream.views import get_listener_manager

from rooms import log
from rooms.edge_room import CLASSES
from rooms.presence import SHOWN, Person
from rooms.standing import Reader
from rooms.tap import WordTap
from rooms.typing import Keystroke, Typists, channel_of, told_to

if TYPE_CHECKING:
    from rooms.live_room import LiveRoom
    from rooms.models import Line

GAP = 3  # seconds at least between two tellings, however many write


class LiveTyping:
    """Of one live room. The first keystroke is told at once; a page forgets by itself whoever it is not told of again.

    So nothing has to be sent when somebody stops, or says the line: a thousand listeners cost a thousand sends of the
    same hundred bytes in `GAP`, while anybody writes, and nothing else.
    """

    def __init__(self, room: "LiveRoom") -> None:
        self._room = room
        self._typists = Typists(room.hub.loop.time)
        self._told_at = -float(GAP)
        self._timer: asyncio.TimerHandle | None = None
        self._tap = WordTap(channel_of(room.pk), self._hear)
        get_listener_manager().add_listener(self._tap)

    def _hear(self, word: str) -> None:
        keystroke = Keystroke.parse(word)
        if self._typists.hear(keystroke) and self._timer is None:
            loop = self._room.hub.loop
            self._timer = loop.call_at(max(loop.time(), self._told_at + GAP), self._tell)

    def forget_authors_of(self, lines: Iterable["Line"]) -> None:
        """They have said it. The page sees that too, and need not be told."""
        self._typists.forget({line.author_id for line in lines})

    def _tell(self) -> None:
        self._timer, self._told_at = None, self._room.hub.loop.time()
        people = self._typists.now()[:SHOWN]
        told: dict[object, bytes] = {}
        for listener in list(self._room.listeners):
            if not listener.is_live or listener.encoding == log.JSON:
                continue
            known = told_to(people, listener.reader.kept_out_by)
            key = (listener.reader.person_id is None, known)
            if (message := told.get(key)) is None:
                message = told[key] = _message(known, listener.reader)
            listener.push(message)
        if self._room.edge:
            self._room.edge.tell_typing({name: _message(people, reader) for name, reader in CLASSES.items()})

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
        get_listener_manager().remove_listener(self._tap)


def _message(people: tuple[Person, ...], reader: Reader) -> bytes:
    """Without an id, since it is no row of the log. The same in every language: the page has the words."""
    context = {"people": people, "shows_people": reader.person_id is not None}
    return log.event(render_to_string("rooms/_typing.html", context).strip())
