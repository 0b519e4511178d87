"""The clock of a process that is alone with its database: it compares after a write, and leaves an idle one alone."""

from functools import partial
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import User
from board.models import Post
from cobra import bus
from cobra.db import WriteAheadLog
from rooms import clock, live
from rooms.tests.ears import Ear, listen, on_thread
from rooms.tests.room import cookies_of, deafen, say

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has a file that tells of writes"),
    pytest.mark.skipif(bus.carrier() is not None, reason="it is not alone where it hears others"),
]


class Asked(Exception):
    """The database, though nobody may."""


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock strikes when a test says so."""
    for name in ("CLOCK", "BEAT"):
        monkeypatch.setattr(clock, name, 600)


async def is_idle() -> bool:
    """Does the clock strike without a question to the database? One that it asks fails."""

    async def refuse(*_: object) -> None:
        raise Asked

    hub = live.get_hub()
    hub.ask = refuse  # type: ignore[assignment,method-assign]
    try:
        await hub.clock.tick()
    except Asked:
        return False
    finally:
        del hub.ask
    return True


def test_the_clock_asks_nothing_after_it_has_compared_until_something_is_written(post: Post, owner: User) -> None:
    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        assert not await is_idle()
        await live.get_hub().clock.tick()
        assert await is_idle()
        deafen(post)
        line = await on_thread(partial(say, post, owner))
        assert not await is_idle()
        await live.get_hub().clock.tick()  # what failed a moment ago is not taken for compared
        await ear.hears(line.pk)
        assert not await is_idle()  # nor is a room that was behind taken for equal
        await live.get_hub().clock.tick()
        assert await is_idle()
        await ear.close()

    listen(conversation)


@pytest.mark.parametrize("is_member", [True, False])
def test_the_clock_compares_after_somebody_came(post: Post, owner: User, *, is_member: bool) -> None:
    """Their room may have been read, and they may have been let in, before what it saw last."""
    cookies = cookies_of(owner, post.get_absolute_url()) if is_member else {}

    async def conversation() -> None:
        hub = live.get_hub()
        await hub.clock.tick()
        assert await is_idle()
        ear = await Ear(post.pk, cookies=cookies).open()
        assert not await is_idle()
        await hub.clock.tick()
        assert await is_idle()
        assert len(hub.members.logins()) == is_member
        other = await Ear(post.pk, cookies=cookies).open()
        assert not await is_idle()
        for each in (ear, other):
            await each.close()
        assert hub.members.logins() == []

    listen(conversation)


def test_a_heartbeat_compares_whatever_the_file_says(post: Post, owner: User) -> None:
    """Two commits in one tick of the file system's clock may look like one."""

    async def conversation() -> None:
        hub = live.get_hub()
        ear = await Ear(post.pk).open()
        await hub.clock.tick()
        deafen(post)
        line = await on_thread(partial(say, post, owner))
        hub.clock._equal_at = WriteAheadLog().last_write()
        assert await is_idle()
        hub.clock.beat()
        await ear.hears(line.pk)
        await ear.close()

    listen(conversation)


def test_every_commit_leaves_a_mark(post: Post, owner: User, tmp_path: Path) -> None:
    """Even where the log has been copied into the database and begins from its start again."""
    log = WriteAheadLog()
    marks = [log.last_write()]
    for _ in range(3):
        say(post, owner)
        marks.append(mark := log.last_write())
        assert mark
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(RESTART)")
            assert cursor.fetchone()[0] == 0
        file = tmp_path / "written"
        while not file.exists() or file.stat().st_mtime_ns <= mark[0]:  # until the file system's clock has moved on
            file.write_bytes(b"")
    assert len(set(marks)) == len(marks)
