"""What a listener has missed comes first: by its cursor, once, from the ring or from the database."""

import asyncio
from functools import partial
from types import SimpleNamespace

import pytest

from accounts.models import User
from board.models import Post
from rooms import doorbell, live, log, ring
from rooms.tests.ears import Ear, listen, on_thread, until
from rooms.tests.room import cursor_now, deafen, say, talk

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_comes_back_gets_what_was_said_meanwhile_once(post: Post, owner: User) -> None:
    async def conversation() -> None:
        first = await on_thread(partial(say, post, owner))
        cursor = await cursor_now(post)
        ear = await Ear(post.pk, cursor=cursor).open()
        second = await on_thread(partial(say, post, owner))
        await ear.hears(second.pk)
        await ear.close()
        third, fourth = [await on_thread(partial(say, post, owner)) for _ in range(2)]
        back = await Ear(post.pk, cursor=ear.cursor).open()
        await back.hears(third.pk, fourth.pk)
        late = await Ear(post.pk, cursor=cursor).open()
        await late.hears(second.pk, third.pk, fourth.pk)
        assert first.pk not in late.heard
        for one in (back, late):
            await one.close()

    listen(conversation)


def test_a_stream_says_when_all_that_was_missed_has_come(post: Post, owner: User) -> None:
    async def conversation() -> None:
        cursor = await cursor_now(post)
        missed = await talk(post, owner, ring.ROWS + 20)
        ear = await Ear(post.pk, cursor=cursor).open()
        await ear.is_told("caught-up")
        assert ear.heard == missed
        assert ear.events[-1].name == "caught-up"
        assert not ear.events[-1].id
        await ear.close()

    listen(conversation)


def test_who_comes_at_the_moment_a_rendering_ends_is_told_all(post: Post, owner: User) -> None:
    async def conversation() -> None:
        await talk(post, owner, 3)
        ear = await Ear(post.pk).open()
        kept = live.get_hub().rooms[post.pk].ring
        first = asyncio.ensure_future(kept.reaches(0, "en"))
        await asyncio.sleep(0)
        rendering = kept._rendering["en"]
        while not rendering.done():  # noqa: ASYNC110  right after its last step, before anything else is called
            await asyncio.sleep(0)
        kept.after(0)[-1].fragments.clear()  # as of a line that was read when nobody was there yet
        assert await kept.reaches(0, "en")
        assert await first
        await ear.close()

    listen(conversation)


def test_what_is_older_than_the_ring_comes_from_the_database(post: Post, owner: User) -> None:
    async def conversation() -> None:
        cursor = await cursor_now(post)
        said = await talk(post, owner, ring.ROWS + 20)
        ear = await Ear(post.pk, cursor=cursor).open()
        await ear.hears(*said)
        newest = await on_thread(partial(say, post, owner))
        await ear.hears(*said, newest.pk)
        await ear.close()

    listen(conversation)


def test_what_the_database_knew_before_the_hub_comes_once(post: Post, owner: User) -> None:
    async def conversation() -> None:
        start = await cursor_now(post)
        said = await talk(post, owner, ring.ROWS + 5)
        first = await Ear(post.pk).open()
        deafen(post)
        said += await talk(post, owner, 3)
        late = await Ear(post.pk, cursor=start).open()
        await late.hears(*said)
        await first.hears(*said[-3:])  # the hub has read them now
        assert late.heard == said
        for one in (first, late):
            await one.close()

    listen(conversation)


def test_what_came_and_went_while_older_rows_were_read_is_not_left_out(post: Post, owner: User) -> None:
    """More is said in that time than a room keeps at hand."""

    async def conversation() -> None:
        start = await cursor_now(post)
        said = await talk(post, owner, ring.ROWS + 1)
        here = await Ear(post.pk).open()
        kept = live.get_hub().rooms[post.pk].ring
        read = kept._read_tail
        readings: list[log.Reading] = []

        async def read_slowly(count: int) -> log.Reading:
            readings.append(await read(count))
            if len(readings) == 1:
                said.extend(await talk(post, owner, ring.ROWS + 1))
                await here.hears(*said[ring.ROWS + 1 :])
            return readings[-1]

        kept._read_tail = read_slowly
        late = await Ear(post.pk, cursor=start).open()
        await late.is_told("caught-up")
        assert late.heard == said
        assert len(readings) == 2
        for ear in (here, late):
            await ear.close()

    listen(conversation)


def test_who_lacks_too_much_is_told_to_fetch_the_page(post: Post, owner: User) -> None:
    async def conversation() -> None:
        cursor = await cursor_now(post)
        await talk(post, owner, ring.MOST_MISSED + 1)
        ear = await Ear(post.pk, cursor=cursor).open()
        await ear.is_told("reset")
        assert ear.heard == []
        assert ear.cursor == await cursor_now(post)
        newest = await on_thread(partial(say, post, owner))
        await ear.hears(newest.pk)
        await ear.close()

    listen(conversation)


@pytest.mark.parametrize("cursor", ["nonsense", "00000000-1", "{epoch}-999", "{epoch}--1", "{epoch}-٣", "-", "%0Aid:x"])
def test_a_cursor_that_is_not_of_this_log_resets(post: Post, owner: User, cursor: str) -> None:
    async def conversation() -> None:
        await on_thread(partial(say, post, owner))
        epoch = (await cursor_now(post)).partition("-")[0]
        ear = await Ear(post.pk, cursor=cursor.format(epoch=epoch)).open()
        await ear.is_told("reset")
        assert ear.cursor == await cursor_now(post)
        await ear.close()

    listen(conversation)


def test_a_page_newer_than_the_hub_is_no_reset(post: Post, owner: User) -> None:
    """The page may be rendered before the bell of its newest line reaches the hub."""

    async def conversation() -> None:
        first = await Ear(post.pk).open()
        deafen(post)
        line = await on_thread(partial(say, post, owner))
        ear = await Ear(post.pk, cursor=await cursor_now(post)).open()
        await until(lambda: len(ear.events) >= 2)
        assert not ear.named("reset")
        await first.hears(line.pk)
        for one in (first, ear):
            await one.close()

    listen(conversation)


def test_a_page_newer_than_what_was_said_in_this_process_is_no_reset(post: Post, owner: User) -> None:
    """What was said here is kept and need not be read; what was said at another process after it is not."""

    async def conversation() -> None:
        first = await Ear(post.pk).open()
        deafen(post)
        here = await on_thread(partial(say, post, owner))
        kept = doorbell._kept.pop(post.pk)
        elsewhere = await on_thread(partial(say, post, owner))
        doorbell._kept[post.pk] = kept
        ear = await Ear(post.pk, cursor=await cursor_now(post)).open()
        await first.hears(here.pk, elsewhere.pk)
        await ear.is_told("caught-up")
        assert not ear.named("reset")
        for one in (first, ear):
            await one.close()

    listen(conversation)


def test_who_comes_back_from_far_moves_nobody_else(post: Post, owner: User) -> None:
    """Lines are said while the room fetches what is older than its ring; all of them come, in order, once."""

    async def conversation() -> None:
        start = await cursor_now(post)
        said = await talk(post, owner, ring.ROWS * 2)
        here = await Ear(post.pk).open()
        await until(lambda: here.status == 200)
        coming = asyncio.gather(*(Ear(post.pk, cursor=start).open() for _ in range(10)))
        later = await talk(post, owner, 5)
        for ear in await coming:
            await ear.hears(*said, *later)
        await here.hears(*later)
        room = live.get_hub().rooms[post.pk]
        assert room.ring.depth == ring.MOST_MISSED
        monkey = live.get_hub().loop.time() + ring.DEEP + 1
        room.hub.loop = SimpleNamespace(time=lambda: monkey)  # type: ignore[assignment]
        room.forget_what_was_missed()
        room.hub.loop = asyncio.get_running_loop()
        assert len(room.ring) == ring.ROWS
        late = await Ear(post.pk, cursor=start).open()
        await late.hears(*said, *later)
        for ear in (here, late, *coming.result()):
            await ear.close()

    listen(conversation)
