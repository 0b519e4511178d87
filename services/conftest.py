"""Private PostgreSQL and Redis, one of each for a worker, and sites on a copy of one prepared database."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from bench.crowd import Listeners, listeners
from bench.people import Community
from e2e.site import Site
from services import programs
from services.engine import Engine
from services.house import SECRET, House, settle
from services.nginx import Nginx
from services.postgres import Postgres
from services.pushpin import Pushpin
from services.redis import RedisServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    binaries = programs.find_postgres()
    assert binaries, "PostgreSQL is not installed: make test-services says how"
    cluster = Postgres(binaries)
    try:
        cluster.create()
        cluster.start()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    binary = programs.find_redis()
    assert binary, "Redis is not installed: make test-services says how"
    server = RedisServer(binary)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def new_pushpin() -> Iterator[Callable[[], Pushpin]]:
    """`new_pushpin()`: one that is not started yet; `GRIP_URL` is its `url`."""
    binary = programs.find_pushpin()
    assert binary, "Pushpin is not installed: make test-services says how"
    yield from _made(lambda: Pushpin(binary))


@pytest.fixture
def new_nginx() -> Iterator[Callable[..., Nginx]]:
    """`new_nginx(*ports, rooms=port)`: one that is running."""
    binary = programs.find_nginx()
    assert binary, "nginx is not installed: make test-services says how"

    def make(*origins: int, rooms: int = 0) -> Nginx:
        server = Nginx(binary, *origins, rooms=rooms)
        server.start()
        return server

    yield from _made(make)


def _made[**P, E: Engine](make: Callable[P, E]) -> Iterator[Callable[P, E]]:
    """Whatever is made with it is removed at the end."""
    servers: list[E] = []

    def made(*args: P.args, **kwargs: P.kwargs) -> E:
        servers.append(server := make(*args, **kwargs))
        return server

    yield made
    for server in servers:
        server.remove()


@pytest.fixture(scope="session")
def crowd() -> Iterator[Listeners]:
    with listeners() as crowd:
        yield crowd


class Prepared(NamedTuple):
    """A site with its tables, static files and people, to be copied."""

    folder: Path
    community: Community


@pytest.fixture(scope="session")
def on_sqlite() -> Prepared:
    folder = Path(os.environ["VAR_DIR"])
    site = Site.prepared(folder, shared=Path(os.environ["COBRA_TEST_DIR"]) / "prepared")
    site.env["SECRET_KEY"] = SECRET
    return Prepared(folder, settle(site))


@pytest.fixture(scope="session")
def on_postgres(postgres: Postgres, on_sqlite: Prepared) -> Prepared:
    execute(postgres, "CREATE DATABASE prepared")
    site = Site(on_sqlite.folder, DATABASE_URL=postgres.url("prepared"), SECRET_KEY=SECRET)
    site.manage("migrate", "-v0")
    return Prepared(on_sqlite.folder, settle(site))


def execute(postgres: Postgres, statement: str) -> None:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def new_house(
    request: pytest.FixtureRequest, tmp_path: Path, crowd: Listeners, on_sqlite: Prepared
) -> Iterator[Callable[..., House]]:
    """`new_house("postgres", "redis")`: a site on these, else on SQLite alone, with nobody in it yet."""
    houses: list[House] = []

    def make(*engines: str, **env: str) -> House:
        community = on_sqlite.community
        folder = tmp_path / str(len(houses))
        shutil.copytree(on_sqlite.folder, folder)
        if "postgres" in engines:
            community = request.getfixturevalue("on_postgres").community
            cluster: Postgres = request.getfixturevalue("postgres")
            name = f"{tmp_path.name}_{len(houses)}".replace("-", "_")
            execute(cluster, f'CREATE DATABASE "{name}" TEMPLATE prepared')
            env["DATABASE_URL"] = cluster.url(name)
        if "redis" in engines:
            env["REDIS_URL"] = request.getfixturevalue("redis").url
        house = House(folder, community, crowd, **env)
        houses.append(house)
        return house

    yield make
    for house in houses:
        house.close()
