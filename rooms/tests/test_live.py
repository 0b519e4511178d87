"""The hub: what bells and the clock find, what it need not read, and how it stops."""

import asyncio
import gc
import re
import threading
import weakref
from contextvars import ContextVar
from functools import partial
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.test import Client

from accounts.models import User
from board.models import Post
from cobra.db import write
from rooms import live, log
from rooms.live_room import LiveRoom
from rooms.models import Line, RoomVersion
from rooms.tests.ears import Ear, listen, on_thread, until
from rooms.tests.room import cookies_of, cursor_now, deafen, say, talk

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_line_said_here_is_told_without_reading_it_back(
    post: Post, owner: User, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what is told is what a read of the log gives, byte for byte."""
    monkeypatch.delenv("DJANGO_ALLOW_ASYNC_UNSAFE")

    async def conversation() -> None:
        cursor = await cursor_now(post)
        ear = await Ear(post.pk, cursor=cursor).open()
        await until(lambda: bool(ear.events) and ear.events[-1].name == "caught-up")
        live.get_hub().ask = None  # type: ignore[assignment,method-assign]  # any read would fail, and be logged
        said = [(await on_thread(partial(say, post, owner, f"줄 {number}"))).pk for number in range(3)]
        await ear.hears(*said)
        assert "could not be read" not in caplog.text
        del live.get_hub().ask
        told = "".join(re.findall("<li.*?</li>", ear.text, re.DOTALL))
        await ear.close()
        await live.close_hub()
        back = await Ear(post.pk, cursor=cursor).open()
        await back.hears(*said)
        assert "".join(re.findall("<li.*?</li>", back.text, re.DOTALL)) == told
        await back.close()

    listen(conversation)


def test_a_room_keeps_its_newest_lines_and_not_the_requests_that_said_them(post: Post, owner: User) -> None:
    client = Client()
    client.force_login(owner)

    def said() -> weakref.ref[WSGIRequest]:
        response = client.post(f"/posts/{post.pk}/room/lines/", {"body": "안녕"})
        assert response.status_code == 303
        return weakref.ref(response.wsgi_request)

    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        request = await on_thread(said)
        await until(lambda: gc.collect() >= 0 and request() is None)
        assert len(live.get_hub().rooms[post.pk].ring.after(0)) == 1
        await ear.close()

    listen(conversation)


def test_a_room_goes_on_in_no_context_of_the_request_that_opened_it(post: Post) -> None:
    request = ContextVar[str]("request")

    async def conversation() -> None:
        request.set("what it holds would be kept for as long as the room")
        room = await live.get_hub().open(post.pk)
        assert request not in room.opening.get_context()

    listen(conversation)


def test_the_clock_finds_what_no_bell_told(post: Post, owner: User) -> None:
    """A line from the admin, a command or another process."""

    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        deafen(post)
        line = await on_thread(partial(say, post, owner))
        await ear.hears(line.pk)  # within two ticks of the clock
        await ear.close()

    listen(conversation)


def test_the_clock_forgets_no_room_that_somebody_waits_for(
    post: Post, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is slow, and the clock strikes while the room opens for its first listeners."""
    read, reads, goes_on = log.read_tail, threading.Event(), threading.Event()

    def slow(room_id: int, count: int) -> Any:
        reads.set()
        goes_on.wait(5)
        return read(room_id, count)

    monkeypatch.setattr(log, "read_tail", slow)

    async def conversation() -> None:
        opening = [asyncio.create_task(Ear(post.pk).open()) for _ in range(2)]
        gone = asyncio.create_task(live.get_hub().open(post.pk))
        await until(reads.is_set)
        clock = asyncio.create_task(live.get_hub().clock.check())
        await asyncio.sleep(0)
        gone.cancel()
        goes_on.set()
        ears = [await each for each in opening]
        await clock
        line = await on_thread(partial(say, post, owner))
        for ear in ears:
            assert ear.status == 200
            await ear.hears(line.pk)
            await ear.close()

    listen(conversation)


def test_a_bell_for_more_than_the_log_has_is_asked_about_once(post: Post, owner: User) -> None:
    """From another epoch, or from nobody of ours."""

    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        room = live.get_hub().rooms[post.pk]
        room.wake(1_000)
        await until(lambda: room.reading is None)
        assert room.rung == room.version
        line = await on_thread(partial(say, post, owner))
        await ear.hears(line.pk)
        await ear.close()

    listen(conversation)


def test_another_epoch_resets_open_streams(post: Post, owner: User, caplog: pytest.LogCaptureFixture) -> None:
    """A restored backup or a new import: the numbers start again, so old cursors mean nothing."""

    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        await ear.hears(*await talk(post, owner, 2))
        await on_thread(lambda: RoomVersion.objects.filter(pk=post.pk).update(epoch="another", version=1))
        await ear.is_told("reset")
        assert ear.cursor == "another-1"
        await ear.close()

    listen(conversation)
    assert "has lost" not in caplog.text


def test_a_log_that_has_lost_its_end_begins_anew(post: Post, owner: User) -> None:
    """A database that came up again without its last commits: the next lines take versions that listeners have."""

    def lose_the_end() -> None:
        for line in Line.objects.filter(room=post.pk).order_by("-seq")[:2]:
            line.delete()
        RoomVersion.objects.filter(room=post.pk).update(version=1)

    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        said = await talk(post, owner, 3)
        await ear.hears(*said)
        cursor = ear.cursor
        await on_thread(lose_the_end)
        await ear.is_told("reset")
        assert ear.cursor != cursor
        assert ear.cursor == await cursor_now(post)
        line = await on_thread(partial(say, post, owner))
        await ear.hears(*said, line.pk)
        assert len(ear.named("reset")) == 1
        late = await Ear(post.pk, cursor=cursor).open()  # somebody who was away meanwhile
        await late.is_told("reset")
        for one in (ear, late):
            await one.close()

    listen(conversation)


def test_a_stopping_server_ends_all_streams_with_a_time_to_come_back(post: Post) -> None:
    async def conversation() -> None:
        ears = [await Ear(post.pk).open() for _ in range(20)]
        hub = live.get_hub()
        await hub.close()
        for ear in ears:
            await ear.is_ended()
        times = {ear.events[-1].retry for ear in ears}
        assert len(times) > 1
        assert (await Ear(post.pk).open()).status == 503

    listen(conversation)


def test_a_stream_that_ends_only_after_the_hub_has_leaves_without_an_error(
    post: Post, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookies, goes_on = cookies_of(owner, post.get_absolute_url()), asyncio.Event()

    async def slow(*_: Any) -> None:
        await goes_on.wait()

    async def conversation() -> None:
        monkeypatch.setattr(LiveRoom, "reach", slow)
        late = await Ear(post.pk, cookies=cookies).open()
        await live.close_hub()
        goes_on.set()
        await late.close()
        assert late.status == 200

    listen(conversation)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers")
def test_a_word_to_the_other_processes_that_waits_for_the_writer_keeps_no_reader_waiting(post: Post) -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def write_long() -> None:
        with write():
            begun.set()
            goes_on.wait(10)

    async def conversation() -> None:
        hub = live.get_hub()
        writing = asyncio.ensure_future(on_thread(write_long))
        await until(begun.is_set)
        telling = asyncio.ensure_future(hub.elsewhere.tell())
        ear = await Ear(post.pk).open()
        assert not telling.done()
        goes_on.set()
        await asyncio.gather(writing, telling)
        await ear.close()

    listen(conversation)
