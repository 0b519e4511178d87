"""Where a site is played: as one process, as two on one PostgreSQL, or with Pushpin holding the listeners."""

import itertools
import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg.sql import SQL

from bench.meter import Meter
from bench.people import Community, settle
from e2e.site import Site
from services import programs
from services.postgres import Postgres
from services.pushpin import Pushpin

TEMPLATE = "prepared"
SECRET = secrets.token_urlsafe(48)


class Place(NamedTuple):
    """A running site: its processes, of which the first is talked to and may be killed, and who holds its listeners
    instead of them."""

    sites: list[Site]
    database_port: int = 0
    pushpin: Pushpin | None = None

    @property
    def port(self) -> int:
        return self.sites[0].port

    @property
    def doors(self) -> list[int]:
        """Where listeners come in, in turn."""
        return [self.pushpin.port] if self.pushpin else [site.port for site in self.sites]

    @property
    def meter(self) -> Meter:
        return Meter([site.process.pid for site in self.sites if site.process], self.database_port)

    @property
    def asked(self) -> Meter:
        """The process that is talked to, alone."""
        return Meter(self.meter.pids[:1])

    @property
    def edge(self) -> Meter | None:
        """What holds the listeners, if that is not the site."""
        return Meter(self.pushpin.services()) if self.pushpin else None

    def kill(self) -> None:
        self.sites[0].kill()

    def start(self) -> None:
        self.sites[0].start()

    def stop(self) -> None:
        """All of its processes at once."""
        with ThreadPoolExecutor(len(self.sites)) as threads:
            list(threads.map(Site.stop, self.sites))


class Alone:
    """One process on SQLite. Every place gets a copy of one that was prepared, with the people and rooms in it."""

    title = "One process on SQLite"
    processes = 1

    def __init__(self, folder: Path, people: int, rooms: int) -> None:
        self.folder = folder
        self.prepared = folder / "prepared"
        self.prepared.mkdir(parents=True)
        site = Site(self.prepared, **self.env())
        site.prepare()
        self.community: Community = settle(site, people, rooms)
        self._copies = itertools.count()

    @staticmethod
    def lacks() -> str:
        """What is not installed here."""
        return ""

    def env(self) -> dict[str, str]:
        return {}

    @contextmanager
    def place(self, **env: str) -> Iterator[Place]:
        with self.copy() as copy, _running(Place([Site(copy, **self.env(), **env)])) as place:
            yield place

    @contextmanager
    def edge(self) -> Iterator[Pushpin | None]:
        """What holds the listeners here, another one of it, not started; None where the site does."""
        yield None

    @contextmanager
    def copy(self) -> Iterator[Path]:
        copy = self.folder / str(next(self._copies))
        shutil.copytree(self.prepared, copy)
        try:
            yield copy
        finally:
            shutil.rmtree(copy)

    def close(self) -> None:
        """Nothing of it runs on."""


class AtTwo(Alone):
    """Two processes on one PostgreSQL, half of the listeners at each."""

    title = "Two processes on PostgreSQL"
    processes = 2

    def __init__(self, folder: Path, people: int, rooms: int) -> None:
        binaries = programs.find_postgres()
        assert binaries
        self.cluster = Postgres(binaries)
        self.cluster.create()
        self.cluster.start()
        self._sql(f"CREATE DATABASE {TEMPLATE}")
        super().__init__(folder, people, rooms)

    @staticmethod
    def lacks() -> str:
        return "" if programs.find_postgres() else "PostgreSQL"

    def env(self, database: str = TEMPLATE) -> dict[str, str]:
        return {"DATABASE_URL": self.cluster.url(database), "SECRET_KEY": SECRET}

    @contextmanager
    def place(self, **env: str) -> Iterator[Place]:
        with self.copy() as copy:
            database = f"copy{copy.name}"
            self._sql(f"CREATE DATABASE {database} TEMPLATE {TEMPLATE}")
            sites = [Site(copy, **self.env(database), **env) for _ in range(2)]
            with _running(Place(sites, self.cluster.port)) as place:
                yield place
            self._sql(f"DROP DATABASE {database} WITH (FORCE)")

    def _sql(self, statement: str) -> None:
        with psycopg.connect(self.cluster.url(), autocommit=True) as connection:
            connection.execute(SQL(statement))

    def close(self) -> None:
        self.cluster.remove()


class BehindPushpin(Alone):
    """One process on SQLite, whose listeners Pushpin holds."""

    title = "One process on SQLite, behind Pushpin"

    @staticmethod
    def lacks() -> str:
        return "" if programs.find_pushpin() else "Pushpin"

    @contextmanager
    def place(self, **env: str) -> Iterator[Place]:
        with self.edge() as pushpin, self.copy() as copy:
            site = Site(copy, **self.env(), GRIP_URL=pushpin.url, **env)
            pushpin.lead_to(site.port)
            with _running(Place([site], pushpin=pushpin)) as place:
                pushpin.start()
                yield place

    @contextmanager
    def edge(self) -> Iterator[Pushpin]:
        binary = programs.find_pushpin()
        assert binary
        pushpin = Pushpin(binary)
        try:
            yield pushpin
        finally:
            pushpin.remove()


GROUNDS: dict[str, type[Alone]] = {"one": Alone, "two": AtTwo, "pushpin": BehindPushpin}


@contextmanager
def _running(place: Place) -> Iterator[Place]:
    try:
        for site in place.sites:
            site.start()
        yield place
    finally:
        place.stop()
