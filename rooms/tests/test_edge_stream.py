"""How a stream's request that came through Pushpin is answered, and held, and until when."""

import asyncio
import threading
from functools import partial

import pytest
from django.conf import settings
from django.core import signing
from django.utils import timezone

from accounts.models import User
from board.models import Post
from rooms import edge_stream, live
from rooms.edge_room import channel
from rooms.gauges import LiveRooms
from rooms.models import Room
from rooms.ring import MOST_MISSED, ROWS
from rooms.standing import Reader
from rooms.tests.ears import Ear, listen, on_thread, until
from rooms.tests.pushpin import Recorder, answered, channels_of, lines_of, through
from rooms.tests.room import cookies_of, cursor_now, say, talk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pushpin")]


def test_a_stream_that_came_through_pushpin_is_answered_whole_and_held_there(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        visitor, member = [await answered(Ear(post.pk, cookies=each)) for each in (None, cookies)]
        for ear in (visitor, member):
            assert (ear.status, ear.headers["grip-hold"]) == (200, "stream")
            assert ear.names == ["open", "held", "", "caught-up"]
            assert ear.headers["grip-link"] == f"<{ear.scope['path']}?lang=ko>; rel=next; timeout=300"
            assert "beat" in ear.headers["grip-keep-alive"]
            assert channels_of(ear)[f"lines.{post.pk}.ko"] == await cursor_now(post)
        everybody = {f"lines.{post.pk}.ko", f"gate.{post.pk}", "name"}
        assert channels_of(visitor).keys() == everybody | {f"aside.{post.pk}.ko.visitor"}
        assert everybody | {f"person.{owner.pk}.{post.pk}.ko", f"gone.{owner.pk}"} < channels_of(member).keys()
        session = {settings.SESSION_COOKIE_NAME: cookies[settings.SESSION_COOKIE_NAME]}
        assert "stream_pass" in (await answered(Ear(post.pk, cookies=session))).headers["set-cookie"]
        assert live.get_hub().listeners == []
        (waiting,) = [metric for metric in LiveRooms().collect() if metric.name == "cobra_edge_waiting"]
        assert waiting.samples[0].value == Recorder.waiting
        assert post.pk in live.get_hub().rooms

    listen(conversation)


@pytest.mark.parametrize("key", ["", "z" * 32])
def test_who_is_not_vouched_for_by_our_pushpin_gets_a_stream_of_this_process(post: Post, owner: User, key: str) -> None:
    async def conversation() -> None:
        ear = await (through(Ear(post.pk), key=key) if key else Ear(post.pk)).open()
        assert "grip-hold" not in ear.headers
        line = await on_thread(partial(say, post, owner))
        await ear.hears(line.pk)
        assert len(live.get_hub().listeners) == 1
        await ear.close()

    listen(conversation)


def test_real_refusals_pass_through(post: Post, owner: User) -> None:
    Room.objects.filter(pk=post.pk).update(members_only=True)

    async def conversation() -> None:
        stranger = await through(Ear(post.pk)).open()
        nowhere = await through(Ear(post.pk + 1)).open()
        assert (stranger.status, nowhere.status) == (404, 404)
        live.get_hub().is_closing = True
        closing = await through(Ear(post.pk)).open()
        assert (closing.status, closing.headers["retry-after"]) == (503, "1")
        live.get_hub().is_closing = False

    listen(conversation)


def test_what_was_missed_comes_first_and_exactly(post: Post, owner: User) -> None:
    async def conversation() -> None:
        cursor = await cursor_now(post)
        lines = [await on_thread(partial(say, post, owner, str(number))) for number in range(3)]
        ear = await answered(Ear(post.pk, cursor=cursor))
        await ear.hears(*(line.pk for line in lines))
        assert channels_of(ear)[f"lines.{post.pk}.ko"] == ear.cursor == await cursor_now(post)
        stale = await answered(Ear(post.pk, cursor="void-1"))
        assert "reset" in stale.names

    listen(conversation)


def test_pushpin_is_told_what_a_held_stream_lacks_and_goes_on(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        ear = await answered(Ear(post.pk, cookies=cookies))
        last = {lines_of(post): await cursor_now(post), channel("name"): channels_of(ear)["name"]}
        line = await on_thread(partial(say, post, owner))
        goes_on = await answered(Ear(post.pk), last=last)
        await goes_on.hears(line.pk)
        assert len(goes_on.events) == 1
        assert channels_of(goes_on).keys() == channels_of(ear).keys()
        assert channels_of(goes_on)[f"lines.{post.pk}.ko"] == await cursor_now(post)
        visitor = await answered(Ear(post.pk))
        last = {lines_of(post): goes_on.cursor, channel("name"): channels_of(visitor)["name"]}
        nothing_new = await answered(Ear(post.pk), last=last)
        assert (nothing_new.text, nothing_new.headers["grip-hold"]) == ("", "stream")
        assert channels_of(nothing_new).keys() == channels_of(visitor).keys()

    listen(conversation)


def test_no_two_streams_are_asked_for_in_the_same_words(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        for each in (None, cookies):
            names = {channels_of(await answered(Ear(post.pk, cookies=each)))["name"] for _ in range(3)}
            assert len(names) == 3

    listen(conversation)


def test_who_lacks_more_than_leaves_in_one_piece_is_told_the_beginning_and_asked_for_again(
    post: Post, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_stream, "MOST_AT_ONCE", 3_000)

    async def conversation() -> None:
        cursor = await cursor_now(post)
        lines = [await on_thread(partial(say, post, owner, f"{number} " * 500)) for number in range(4)]
        heard, timeouts = [], []
        while cursor != await cursor_now(post):
            ear = await answered(Ear(post.pk), last={lines_of(post): cursor})
            assert ear.headers["grip-hold"] == "stream"
            cursor = channels_of(ear)[f"lines.{post.pk}.ko"]
            assert ear.cursor == cursor
            heard += [line.pk for line in lines if f'id="line-{line.pk}"' in ear.text]
            timeouts.append(ear.headers["grip-link"].rpartition("timeout=")[2])
        assert heard == [line.pk for line in lines]
        assert (len(timeouts) > 1, set(timeouts[:-1]), timeouts[-1]) == (True, {"1"}, "300")

    listen(conversation)


def test_pushpin_may_ask_further_back_than_a_page_and_no_further_than_a_bound(
    post: Post, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_stream, "MOST_BEHIND", MOST_MISSED + 1)

    async def conversation() -> None:
        start = await cursor_now(post)
        said = await talk(post, owner, MOST_MISSED + 1)
        heard, cursor = [], start
        while cursor != await cursor_now(post):
            ear = await answered(Ear(post.pk), last={lines_of(post): cursor})
            heard += ear.heard
            cursor = channels_of(ear)[f"lines.{post.pk}.ko"]
        assert heard == said
        page = await answered(Ear(post.pk, cursor=start))  # all that it lacks is at hand now, and is as much as before
        assert "reset" in page.names
        assert page.heard == []
        await on_thread(partial(say, post, owner))
        behind = await answered(Ear(post.pk), last={lines_of(post): start})
        assert behind.names == ["reset"]
        assert channels_of(behind)[f"lines.{post.pk}.ko"] == behind.cursor == await cursor_now(post)

    listen(conversation)


def test_who_may_read_no_longer_when_the_answer_is_ready_is_not_held(post: Post, owner: User) -> None:
    """All that is held was told to end while this stream was being answered, and it was not among those."""

    async def conversation() -> None:
        await answered(Ear(post.pk))
        start = await cursor_now(post)
        await talk(post, owner, ROWS + 1)
        hub, go_on = live.get_hub(), threading.Event()
        await until(lambda: hub.rooms[post.pk].ring.floor > 0)
        reading = hub.loop.run_in_executor(hub._pool, go_on.wait, 8)
        hub.start(hub.clock.check())  # waits for that thread, and the answer after it, for what is older than the ring
        await on_thread(partial(Room.objects.filter(pk=post.pk).update, members_only=True))
        answering = asyncio.create_task(answered(Ear(post.pk), last={lines_of(post): start}))
        await until(lambda: hub.rooms[post.pk].ring._deepening is not None)
        go_on.set()
        ear = await answering
        assert (ear.status, ear.names, "grip-hold" in ear.headers) == (200, ["closing"], False)
        await reading

    listen(conversation)


@pytest.mark.parametrize("what", ["forged", "signed out", "deleted", "members only", "blocked"])
def test_what_may_be_held_no_longer_ends_when_pushpin_asks(
    post: Post, owner: User, stranger: User, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_stream, "TRUSTED", 0)
    name = signing.dumps(list(Reader.of(stranger)), salt="another" if what == "forged" else edge_stream.SALT)
    if what == "signed out":
        stranger.end_streams()
    elif what == "deleted":
        Room.objects.filter(pk=post.pk).update(deleted_at=timezone.now())
    elif what == "members only":
        Room.objects.filter(pk=post.pk).update(members_only=True)
    elif what == "blocked":
        owner.block(stranger)

    async def conversation() -> None:
        last = {lines_of(post): await cursor_now(post)}
        if what != "members only":
            last[channel("name")] = name
        ear = await answered(Ear(post.pk), last=last)
        assert (ear.status, ear.names) == (200, ["closing"])
        assert not [name for name in ear.headers if name.startswith("grip")]

    listen(conversation)


def test_who_has_been_blocked_or_reads_by_a_right_of_their_own_is_held_by_this_process(
    post: Post, owner: User, stranger: User
) -> None:
    owner.block(stranger)
    blocked = cookies_of(stranger, post.get_absolute_url())
    mine = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        ears = [await through(Ear(post.pk, cookies=blocked)).open()]
        await on_thread(partial(Room.objects.filter(pk=post.pk).update, hidden_at=timezone.now()))
        await live.get_hub().clock.check()
        ears.append(await through(Ear(post.pk, cookies=mine)).open())
        for ear in ears:
            assert (ear.status, "grip-hold" in ear.headers) == (200, False)
            await ear.close()

    listen(conversation)
