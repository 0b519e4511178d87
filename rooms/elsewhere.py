"""Who is where by the word of the site's other processes: each tells what it sees every ten seconds, in the database.

A process that was killed takes nothing back, so what it saw fades: its members after as long as anybody stays who has
no stream, its visitors, who are counted anew wherever they come back, after two words that did not come. A process that
is alone says nothing: it hears on the bus when another one comes.
"""

import asyncio
import itertools
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.core.cache import caches
from django_eventstream.views import get_listener_manager

from cobra import bus
from cobra.models import Sighting
from rooms.presence import GRACE, NOBODY, Crowd, Person
from rooms.tap import Tap

if TYPE_CHECKING:
    from rooms.live import Hub

logger = logging.getLogger(__name__)

EVERY = 10  # seconds between two words
ALONE = 6  # times rarer listens a process that seems to be alone
PAUSE = 1  # second from telling to hearing; the clocks of the machines differ by less
SILENT = 25  # seconds after which a process may be gone, and its visitors with it
COMING = bus.Bell("processes", "0")


class Elsewhere:
    """Used on the event loop; any thread may read `rooms` and `online`, which are replaced and never changed."""

    def __init__(self, hub: "Hub") -> None:
        self.hub = hub
        self.rooms: dict[int, Crowd] = {}
        self.online: frozenset[int] = frozenset()
        self._ticks = itertools.count(1)
        self.others = 0  # processes that have been heard of lately
        self._tap = Tap(COMING.channel, lambda _: hub.start(self.meet()))
        get_listener_manager().add_listener(self._tap)

    def of(self, room_id: int) -> Crowd:
        return self.rooms.get(room_id, NOBODY)

    async def tick(self) -> None:
        """All processes do this at the same moment: so what one tells now, the others hear in `PAUSE`."""
        if self.others:
            await self.tell()
            await asyncio.sleep(PAUSE)
        elif next(self._ticks) % ALONE:  # another one may have been frozen for so long that it was taken for gone
            return
        await self.hear()

    async def introduce(self) -> None:
        """Called when the bus is there: who is there already hears of this process, and this one of them."""
        await self.meet()
        await self.hub.ask(bus.tell_others, COMING)

    async def meet(self) -> None:
        """Another process has come."""
        await self.tell()
        await self.hear()

    async def tell(self, *, is_going: bool = False) -> None:
        await self.hub.write(Sighting.objects.tell, bus.SENDER, self._seen(is_going=is_going))

    async def hear(self) -> None:
        words = await self.hub.ask(Sighting.objects.hear, bus.SENDER)
        self._take([(seen, age) for seen, age in words if abs(age) < GRACE])

    def _seen(self, *, is_going: bool) -> dict[str, Any]:
        """What this process sees. One that is going names no visitors: they are on their way to another one."""
        rooms = {}
        for room in self.hub.rooms.values():
            if not room.presence.is_empty:
                here = room.presence
                rooms[room.pk] = [list(here.people_here()), 0 if is_going else here.visitors, list(here.guests)]
        return {"rooms": rooms, "online": self.hub.inboxes.online()}

    def _take(self, words: list[tuple[dict[str, Any], float]]) -> None:
        if len(words) > self.others:
            self._warn_of_single_memory()
            self.hub.start(self.hub.ask(bus.tell_others, COMING))  # they may believe they are alone
        self.others = len(words)
        people: defaultdict[int, set[Person]] = defaultdict(set)
        visitors: defaultdict[int, int] = defaultdict(int)
        guests: defaultdict[int, set[str]] = defaultdict(set)
        for seen, age in words:
            for room_id, (members, unnamed, *names) in seen["rooms"].items():
                people[int(room_id)].update(Person(*member) for member in members)
                visitors[int(room_id)] += unnamed if age < SILENT else 0
                guests[int(room_id)].update(*names)  # an older release tells none
        self.online = frozenset(person_id for seen, _age in words for person_id in seen["online"])
        before, self.rooms = (
            self.rooms,
            {pk: Crowd(frozenset(people[pk]), visitors[pk], frozenset(guests[pk])) for pk in people},
        )
        for pk in before.keys() | self.rooms.keys():
            if (room := self.hub.rooms.get(pk)) and before.get(pk) != self.rooms.get(pk):
                room.who.meet(self.of(pk))

    def _warn_of_single_memory(self) -> None:
        if not self.others and not hasattr(caches["default"], "ping"):
            logger.warning("several processes, and each counts sign-ins and searches by itself: name a REDIS_URL")

    async def say_goodbye(self) -> None:
        """The last word, so that members who come back elsewhere have not been away meanwhile."""
        if self.others:
            async with asyncio.timeout(1):
                await self.tell(is_going=True)

    def close(self) -> None:
        get_listener_manager().remove_listener(self._tap)
