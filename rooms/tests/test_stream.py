"""The stream of a room: nothing is lost, nothing comes twice, nobody hears what is not for them."""

import asyncio
import random
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from board.models import Post
from cobra.rates import Rate
from rooms import attendance, live, log, ring
from rooms.models import Line, Room, RoomVersion
from rooms.passes import COOKIE
from rooms.presence import SHOWN
from rooms.standing import Reader, Standing
from rooms.tests.ears import Ear, listen, on_thread, until
from rooms.tests.room import cookies_of, cursor_now, deafen, say

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_line_reaches_everybody_with_the_version_as_its_id(post: Post, owner: User) -> None:
    async def conversation() -> None:
        ears = [await Ear(post.pk, lang=lang).open() for lang in ("ko", "en", "ko")]
        line = await on_thread(partial(say, post, owner, "**들려요?**"))
        for ear in ears:
            await ear.hears(line.pk)
            assert ear.cursor == await cursor_now(post)
            assert "<strong>들려요?</strong>" in ear.text
        for ear in ears:
            await ear.close()

    listen(conversation)


def test_the_answer_is_a_stream_that_nobody_keeps(post: Post) -> None:
    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        assert ear.status == 200
        assert ear.headers["content-type"].startswith("text/event-stream")
        assert "no-store" in ear.headers["cache-control"]
        assert ear.headers["x-accel-buffering"] == "no"
        await until(lambda: len(ear.events) >= 1)
        assert ear.events[0].name == "open"
        assert ear.events[0].retry
        await ear.close()

    listen(conversation)


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
        missed = [(await on_thread(partial(say, post, owner))).pk for _ in range(ring.ROWS + 20)]
        ear = await Ear(post.pk, cursor=cursor).open()
        await until(lambda: any(event.name == "caught-up" for event in ear.events))
        assert ear.heard == missed
        assert ear.events[-1].name == "caught-up"
        assert not ear.events[-1].id
        await ear.close()

    listen(conversation)


def test_what_is_older_than_the_ring_comes_from_the_database(post: Post, owner: User) -> None:
    async def conversation() -> None:
        cursor = await cursor_now(post)
        said = [(await on_thread(partial(say, post, owner))).pk for _ in range(ring.ROWS + 20)]
        ear = await Ear(post.pk, cursor=cursor).open()
        await ear.hears(*said)
        newest = await on_thread(partial(say, post, owner))
        await ear.hears(*said, newest.pk)
        await ear.close()

    listen(conversation)


def test_what_the_database_knew_before_the_hub_comes_once(post: Post, owner: User) -> None:
    async def conversation() -> None:
        start = await cursor_now(post)
        said = [(await on_thread(partial(say, post, owner))).pk for _ in range(ring.ROWS + 5)]
        first = await Ear(post.pk).open()
        deafen(post)
        said += [(await on_thread(partial(say, post, owner))).pk for _ in range(3)]
        late = await Ear(post.pk, cursor=start).open()
        await late.hears(*said)
        await first.hears(*said[-3:])  # the hub has read them now
        assert late.heard == said
        for one in (first, late):
            await one.close()

    listen(conversation)


def test_who_lacks_too_much_is_told_to_fetch_the_page(post: Post, owner: User) -> None:
    async def conversation() -> None:
        cursor = await cursor_now(post)
        for _ in range(ring.MOST_MISSED + 1):
            await on_thread(partial(say, post, owner))
        ear = await Ear(post.pk, cursor=cursor).open()
        await until(lambda: any(event.name == "reset" for event in ear.events))
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
        await until(lambda: any(event.name == "reset" for event in ear.events))
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
        assert not any(event.name == "reset" for event in ear.events)
        await first.hears(line.pk)
        for one in (first, ear):
            await one.close()

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


def test_another_epoch_resets_open_streams(post: Post, owner: User) -> None:
    """A restored backup or a new import: the numbers start again, so old cursors mean nothing."""

    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        await on_thread(lambda: RoomVersion.objects.filter(pk=post.pk).update(epoch="another"))
        await until(lambda: any(event.name == "reset" for event in ear.events))
        assert ear.cursor == "another-0"
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


def test_a_log_that_has_lost_its_end_begins_anew(post: Post, owner: User) -> None:
    """A database that came up again without its last commits: the next lines take versions that listeners have."""

    def lose_the_end() -> None:
        Line.objects.filter(room=post.pk).order_by("-seq")[0].delete()
        RoomVersion.objects.filter(room=post.pk).update(version=1)

    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        said = [(await on_thread(partial(say, post, owner))).pk for _ in range(2)]
        await ear.hears(*said)
        cursor = ear.cursor
        await on_thread(lose_the_end)
        await until(lambda: any(event.name == "reset" for event in ear.events))
        assert ear.cursor != cursor
        assert ear.cursor == await cursor_now(post)
        line = await on_thread(partial(say, post, owner))
        await ear.hears(*said, line.pk)
        late = await Ear(post.pk, cursor=cursor).open()  # somebody who was away meanwhile
        await until(lambda: any(event.name == "reset" for event in late.events))
        for one in (ear, late):
            await one.close()

    listen(conversation)


def test_a_line_is_the_same_bytes_pushed_and_on_the_page(post: Post, owner: User, stranger: User) -> None:
    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        await on_thread(partial(say, post, owner, "```python\nprint(1)\n```"))
        await until(lambda: bool(ear.heard))
        await ear.close()
        texts.append(next(event.data for event in ear.events if event.lines))

    texts: list[str] = []
    listen(conversation)
    pushed = texts[0].split('hx-swap="line">')[1].removesuffix("</hx-partial>")
    client = Client()
    assert pushed in client.get(post.get_absolute_url()).text
    stranger.time_zone = "America/New_York"
    stranger.save()
    client.force_login(stranger)
    assert pushed in client.get(post.get_absolute_url()).text


def test_unseen_rooms_are_404_and_a_dead_login_is_401(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())
    Room.objects.filter(pk=post.pk).update(members_only=True)

    async def conversation() -> None:
        assert (await Ear(post.pk).open()).status == 404
        assert (await Ear(999_999).open()).status == 404
        session = settings.SESSION_COOKIE_NAME
        assert (await Ear(post.pk, cookies={session: "gone"}).open()).status == 401
        assert (await Ear(post.pk, cookies={COOKIE: cookies[COOKIE]}).open()).status == 404
        assert (await Ear(post.pk, cookies={session: "other", COOKIE: cookies[COOKIE]}).open()).status == 401
        for good in ({session: cookies[session]}, cookies):
            ear = await Ear(post.pk, cookies=good).open()
            assert ear.status == 200
            assert ear.headers["set-cookie"].startswith(COOKIE)
            assert "HttpOnly" in ear.headers["set-cookie"]
            await ear.close()

    listen(conversation)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"method": "POST"}, 405),
        ({"headers": [(b"host", b"evil.example")]}, 400),
        ({"headers": []}, 400),
    ],
)
def test_other_methods_and_hosts_are_refused(post: Post, changes: dict[str, Any], status: int) -> None:
    async def conversation() -> None:
        assert (await Ear(post.pk, **changes).open()).status == status

    listen(conversation)


def test_closing_a_room_to_visitors_ends_their_streams_only(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        visitor, member = await Ear(post.pk).open(), await Ear(post.pk, cookies=cookies).open()
        await on_thread(lambda: Room.objects.get(pk=post.pk).admit(by=owner, members_only=True))
        await visitor.is_ended()
        line = await on_thread(partial(say, post, owner, "우리끼리"))
        await until(lambda: line.pk in member.heard)
        assert "우리끼리" not in visitor.text
        assert (await Ear(post.pk).open()).status == 404
        await member.close()

    listen(conversation)


def test_a_deleted_room_ends_every_stream(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        ears = [await Ear(post.pk).open(), await Ear(post.pk, cookies=cookies).open()]
        await on_thread(lambda: Post.objects.get(pk=post.pk).delete_softly(by=owner))
        for ear in ears:
            await ear.is_ended()

    listen(conversation)


@pytest.mark.parametrize("change", ["sign out", "suspend", "deactivate"])
def test_losing_the_login_ends_the_stream(
    post: Post, owner: User, change: str, suspend: Callable[[User], None]
) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    def lose() -> None:
        if change == "sign out":
            client = Client()
            client.cookies[settings.SESSION_COOKIE_NAME] = cookies[settings.SESSION_COOKIE_NAME]
            client.post("/accounts/logout/")
        elif change == "suspend":
            suspend(owner)
        else:
            User.objects.filter(pk=owner.pk).update(is_active=False)

    async def conversation() -> None:
        ear = await Ear(post.pk, cookies=cookies).open()
        await until(lambda: len(ear.events) >= 2)
        await on_thread(lose)
        await ear.is_ended()
        again = await Ear(post.pk, cookies=cookies).open()  # with the same pass, which is from before
        await until(lambda: len(again.events) >= 2 or again.status != 200)
        readers = [listener.reader for listener in live.get_hub().listeners]
        assert all(reader.is_suspended for reader in readers if reader.person_id)
        await again.close()

    listen(conversation)


def test_who_is_here_is_told_by_name_to_members_and_by_number_to_visitors(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        visitor, member = await Ear(post.pk).open(), await Ear(post.pk, cookies=cookies).open()
        await until(lambda: owner.nickname in member.text)
        await until(lambda: any(">2<" in event.data for event in visitor.events))
        assert owner.nickname not in visitor.text
        assert attendance.roster_of(post.pk).size == 2
        for one in (visitor, member):
            await one.close()

    listen(conversation)


def test_of_many_in_a_room_the_first_are_named_and_all_are_counted(
    post: Post, new_member: Callable[..., User], settings: LazySettings
) -> None:
    """Everybody is sent the names whenever one changes: with all of them, a crowd would cost its own square."""
    settings.STREAM_RATE = None
    people = [new_member(f"사람{number:03}") for number in range(SHOWN + 5)]
    cookies = [cookies_of(person, post.get_absolute_url()) for person in people]

    async def conversation() -> None:
        ears = [await Ear(post.pk, cookies=cookie).open() for cookie in cookies]
        await until(lambda: f">{len(people)}<" in ears[0].events[-1].data)
        told = ears[0].events[-1].data
        assert "사람000" in told
        assert "사람024" not in told
        assert "그리고 5명 더" in told
        assert attendance.roster_of(post.pk).size == len(people)
        for ear in ears:
            await ear.close()

    listen(conversation)


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


def test_a_reply_is_told_with_what_it_answers(post: Post, owner: User, stranger: User) -> None:
    question = say(post, owner, "몇 시예요?")

    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        reply = await on_thread(lambda: post.room.say(author=stranger, text="세 시요", reply_to=question))
        await ear.hears(reply.pk)
        assert "몇 시예요?" in ear.text
        await ear.close()

    listen(conversation)


def test_who_comes_back_from_far_moves_nobody_else(post: Post, owner: User) -> None:
    """Lines are said while the room fetches what is older than its ring; all of them come, in order, once."""

    async def conversation() -> None:
        start = await cursor_now(post)
        said = [(await on_thread(partial(say, post, owner))).pk for _ in range(ring.ROWS * 2)]
        here = await Ear(post.pk).open()
        await until(lambda: here.status == 200)
        coming = asyncio.gather(*(Ear(post.pk, cursor=start).open() for _ in range(10)))
        later = [(await on_thread(partial(say, post, owner))).pk for _ in range(5)]
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


def test_streams_of_one_person_are_capped(post: Post, settings: LazySettings) -> None:
    async def conversation() -> None:
        settings.STREAM_RATE = Rate.parse("3/1m")
        ears = [await Ear(post.pk, client=("10.0.0.9", 1)).open() for _ in range(4)]
        assert [ear.status for ear in ears] == [200, 200, 200, 429]
        assert int(ears[3].headers["retry-after"]) > 0
        for ear in ears[:3]:
            await ear.close()

    listen(conversation)


def test_visibility_by_memory_and_by_database_is_one_rule(
    owner: User, stranger: User, staff: User, new_member: Callable[..., User], new_post: Callable[..., Post]
) -> None:
    suspended = new_member(suspended_until=timezone.now() + timedelta(days=1))
    kept_out = new_member()
    owner.block(kept_out)
    from django.contrib.auth.models import AnonymousUser

    for flags in range(8):
        post = new_post(by=owner)
        Room.objects.filter(pk=post.pk).update(
            members_only=bool(flags & 1),
            hidden_at=timezone.now() if flags & 2 else None,
            deleted_at=timezone.now() if flags & 4 else None,
        )
        standing: Standing = log.standings([post.pk])[post.pk]
        for user in (owner, stranger, staff, suspended, kept_out, AnonymousUser()):
            by_database = Room.objects.visible_to(user).filter(pk=post.pk).exists()
            assert standing.is_visible_to(Reader.of(user)) == by_database, (flags, user)
            assert Post.objects.visible_to(user).filter(pk=post.pk).exists() == by_database


@pytest.mark.parametrize("seed", range(4))
def test_every_listener_ends_with_exactly_the_rooms_lines(post: Post, owner: User, stranger: User, seed: int) -> None:
    """Random talk, with listeners that go and come back at any moment: each has every line since it came, once."""
    dice = random.Random(seed)

    async def conversation() -> None:
        start = await cursor_now(post)
        ears = [await Ear(post.pk, cursor=start, lang=dice.choice(log.ENCODINGS)).open() for _ in range(4)]
        heard: list[list[int]] = [[] for _ in ears]
        said: list[int] = []
        for _ in range(60):
            if dice.random() < 0.6:
                author = dice.choice([owner, stranger])
                said.append((await on_thread(partial(say, post, author))).pk)
            else:
                one = dice.randrange(len(ears))
                await ears[one].close()
                heard[one] += ears[one].heard
                ears[one] = await Ear(post.pk, cursor=ears[one].cursor or start).open()
        for number, ear in enumerate(ears):
            await ear.hears(*said[len(heard[number]) :])
            assert heard[number] + ear.heard == said
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
        clock = asyncio.create_task(live.get_hub().check())
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
