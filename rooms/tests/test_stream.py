"""The stream of a room: everybody hears every line, once, as it stands on the page."""

import asyncio
import random
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import User
from board.models import Post
from cobra.rates import Rate
from rooms import log
from rooms.standing import Reader
from rooms.tests.ears import Ear, listen, on_thread, until
from rooms.tests.room import cursor_now, say
from rooms.turnstile import Refused, Turnstile, turnstile

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


def test_a_reply_is_told_with_what_it_answers(post: Post, owner: User, stranger: User) -> None:
    question = say(post, owner, "몇 시예요?")

    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        reply = await on_thread(lambda: post.room.say(author=stranger, text="세 시요", reply_to=question))
        await ear.hears(reply.pk)
        assert "몇 시예요?" in ear.text
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


def test_streams_of_one_person_are_capped(post: Post, settings: LazySettings) -> None:
    async def conversation() -> None:
        settings.STREAM_RATE = Rate.parse("3/1m")
        ears = [await Ear(post.pk, client=("10.0.0.9", 1)).open() for _ in range(4)]
        assert [ear.status for ear in ears] == [200, 200, 200, 429]
        assert int(ears[3].headers["retry-after"]) > 0
        for ear in ears[:3]:
            await ear.close()

    listen(conversation)


def test_where_the_cache_is_shared_members_are_counted_under_a_name_that_every_cache_takes(
    settings: LazySettings,
) -> None:
    settings.STREAM_RATE, settings.REDIS_URL = Rate.parse("1/1m"), "redis://127.0.0.1:1"

    async def conversation() -> None:
        await turnstile.count(Reader(person_id=7), "10.0.0.9")  # a name with a space in it is a warning
        with pytest.raises(Refused):
            await turnstile.count(Reader(person_id=7), "10.0.0.10")

    asyncio.run(conversation())


def test_who_came_long_ago_is_forgotten_but_not_looked_for_at_each_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rooms.turnstile.MANY", 8)
    for window, most, sweeps in ((timedelta(hours=1), 100, 5), (timedelta(0), 10, 100)):
        turnstile, rate = Turnstile(), Rate(1, window)
        names = [turnstile._opened]
        for number in range(100):
            turnstile._count_here(f"person-{number}", rate)
            if names[-1] is not turnstile._opened:
                names.append(turnstile._opened)
        assert len(names) <= sweeps
        assert len(names[-1]) <= most


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
