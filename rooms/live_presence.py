"""Telling a room's listeners who is there."""

import asyncio
from typing import TYPE_CHECKING

from rooms import log
from rooms.bot_presence import Moves, people_in
from rooms.listener import Listener
from rooms.presence import Crowd, Person, Presence, Roster

if TYPE_CHECKING:
    from rooms.live_room import LiveRoom

GAP = 3  # seconds at least between two tellings


class LivePresence:
    """Of one live room. Used on the event loop."""

    def __init__(self, room: "LiveRoom") -> None:
        self._room = room
        self.here = Presence(elsewhere=room.hub.elsewhere.of(room.pk))
        self.known_to_bots: frozenset[Person] = frozenset()  # who was here when it was told last
        self._timer: asyncio.TimerHandle | None = None
        self._roster = Roster()  # as it was told last
        self._is_unsure = False  # has somebody been told another one since?
        self._told: tuple[Roster, dict[tuple[str, bool], bytes]] = (Roster(), {})

    def meet(self, crowd: Crowd) -> None:
        """Who is here by the word of the other processes."""
        self.here.elsewhere = crowd
        self.here.refresh()
        self.tell()

    def tell(self) -> None:
        """Soon, if it has changed by then, and at most once in `GAP`."""
        if self._timer is None:
            self._timer = self._room.hub.loop.call_later(GAP, self._tell)

    def _tell(self) -> None:
        self._timer = None
        before, self._roster = self._roster, self.here.refresh()
        if before == self._roster and not self._is_unsure:
            return
        self._is_unsure = False
        moves = self._moves()
        for listener in list(self._room.listeners):
            if listener.is_live:
                is_bot = listener.encoding == log.JSON
                listener.push(moves.told_to(listener.reader) if is_bot else self.message(listener))
        if self._room.edge:
            self._room.edge.tell_presence(moves)

    def _moves(self) -> Moves:
        """Who has come and gone since it was told last."""
        before, self.known_to_bots = self.known_to_bots, people_in(self.here)
        return Moves(self.known_to_bots - before, before - self.known_to_bots, self._roster.size)

    def greeting(self, listener: Listener) -> bytes:
        """For somebody who comes. What only they are told may be over by the next telling, which is for all then."""
        if self.here.roster != self._roster:
            self._is_unsure = True
            self.tell()
        return self.message(listener)

    def message(self, listener: Listener) -> bytes:
        """Who is here, as this listener may know it; without an id, since it is no row of the log."""
        roster = self.here.roster
        told = roster.as_told_to(listener.reader.kept_out_by)
        if told != roster:
            return log.event(log.render_presence(told, listener.encoding, for_member=True))
        return self.message_for(listener.encoding, is_member=listener.reader.person_id is not None)

    def message_for(self, encoding: str, *, is_member: bool) -> bytes:
        """The same for all who have been blocked by nobody."""
        roster = self.here.roster
        if self._told[0] != roster:
            self._told = (roster, {})
        if (message := self._told[1].get((encoding, is_member))) is None:
            html = log.render_presence(roster, encoding, for_member=is_member)
            message = self._told[1][encoding, is_member] = log.event(html)
        return message

    def close(self) -> None:
        if self._timer:
            self._timer.cancel()
