"""A site of several processes over one database, the people in front of it, and those who listen."""

import secrets
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bench.crowd import Listeners
from bench.listeners import Tally
from bench.meter import Meter
from bench.people import Community, Person
from bench.posters import Member, talk
from bench.stage import Side
from e2e.site import ROOT, Site
from services.nginx import Nginx

PEOPLE, ROOMS = 12, 2
PATIENCE = 30  # seconds without a delivery: Pushpin, started anew, may take no connection for ten
SECRET = secrets.token_urlsafe(48)


class House:
    """Processes of one site; each is the real server. `env` is the site's, the same for all."""

    def __init__(self, folder: Path, community: Community, crowd: Listeners, **env: str) -> None:
        self.folder, self.community, self.crowd = folder, community, crowd
        self.env = {"SECRET_KEY": SECRET, **env}
        self.sites: list[Site] = []
        self.sides: list[Side] = []
        self.members: list[Member] = []

    def open(self, **env: str) -> Site:
        """One process more."""
        site = Site(self.folder, **{**self.env, **env})
        self.sites.append(site)
        site.start()
        return site

    def member(self, door: Site | Nginx, person: Person | None = None) -> Member:
        """Somebody, or this person, on the page of the first room there."""
        member = Member(door.port, person or self.community.people[2], self.community.rooms[0])
        self.members.append(member)
        return member

    def side(
        self,
        site: Site,
        *,
        name: str = "at",
        listeners: int = 0,
        voices: int = 2,
        persistent: bool = False,
        door: int = 0,
    ) -> Side:
        """The first room at that process: members who can talk there, and so many who listen, at its own port or at
        that of a proxy."""
        assert site.process is not None
        room, people = self.community.rooms[0], self.community.people
        talking = [Member(site.port, person, room, persistent=persistent) for person in people[:voices]]
        meter, cookies = Meter([site.process.pid]), [people[-1].cookies(), ""]
        doors = [door] if door else []
        side = Side(name, site.port, self.crowd, meter, talking, cookies, doors=doors)
        self.sides.append(side)
        if listeners:
            side.open(listeners)
            self.crowd.ask("come_back", side.name)
        return side

    def close(self) -> None:
        for site in self.sites:
            site.stop()
        for side in self.sides:
            side.close()
        for member in self.members:
            member.close()

    def said(self) -> str:
        """What the processes have logged."""
        return "\n".join(dict.fromkeys(site.log.read_text() for site in self.sites))


def post(member: Member, path: str, **fields: str) -> int:
    """Send this form, as the page does; the status of the answer."""
    response = member.ask("POST", path, member.headers, urllib.parse.urlencode(fields).encode())
    response.read()
    return response.status


def heard(sides: list[Side], numbers: list[int]) -> list[Tally]:
    """What the listeners of each side heard of these lines; nothing lost, doubled or out of order."""
    tallies = [side.tally(numbers, PATIENCE) for side in sides]
    for tally in tallies:
        assert tally.wrong == (0, 0, 0, 0), (tallies, [side.state() for side in sides])
    return tallies


@contextmanager
def talking(side: Side, numbers: list[int], *, rate: float, voices: int = 1, more: str = "") -> Iterator[list[float]]:
    """While this is entered, these lines are said at that side; afterwards the list has what each took (ms)."""
    took: list[float] = []
    with ThreadPoolExecutor(1) as beside:
        words = beside.submit(talk, side.voices[:voices], numbers, rate=rate, more=more)
        yield took
        took += words.result()


def settle(site: Site) -> Community:
    """Put people and rooms into a prepared site."""
    from bench import people

    return people.settle(site, PEOPLE, ROOMS)


def python(site: Site, *command: str) -> str:
    """Run this in the environment of the site."""
    words = [sys.executable, *command]
    return subprocess.run(words, cwd=ROOT, env=site.env, check=True, capture_output=True, text=True).stdout
