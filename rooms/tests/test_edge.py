"""What is told on streams that Pushpin holds: to whom, in which order, and how long a room stays live for it."""

import re
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from board.models import Post
from cobra import bus
from cobra.tests.api import Bot
from rooms import doorbell, live, live_presence, typing
from rooms.edge import JUST_BEFORE, LATELY, _changed_just_before
from rooms.edge_room import BREATH, MOST_TOGETHER, EdgeRoom, channel
from rooms.models import Line, Room, RoomVersion
from rooms.ring import ROWS
from rooms.tests.ears import BotEar, Ear, listen, on_thread, until
from rooms.tests.pushpin import TOLD, actions, answered, channels_of, content, told
from rooms.tests.room import cookies_of, cursor_now, deafen, say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("pushpin")]


def is_alone() -> bool:
    return bus.carrier() is None


def test_every_version_is_told_in_both_languages_in_one_chain_whoever_listens(post: Post, owner: User) -> None:
    async def conversation() -> None:
        live.get_hub()
        epoch, _, version = (await cursor_now(post)).partition("-")
        first = await on_thread(partial(say, post, owner, "첫 줄"))  # nobody listens, as far as this process knows
        await until(lambda: len(told("lines", post.pk, "ko")) == 1)
        second = await on_thread(partial(say, post, owner, "둘째 줄"))
        await until(lambda: len(told("lines", post.pk, "ko")) == 2)
        for lang in ("ko", "en"):
            items = told("lines", post.pk, lang)
            numbers = [f"{epoch}-{int(version) + step}" for step in range(3)]
            assert [item["prev-id"] for item in items] == numbers[:-1]
            assert [item["id"] for item in items] == numbers[1:]
            assert f'id="line-{first.pk}"' in content(items)[0]
            assert f"id: {numbers[2]}\n" in content(items)[1]
            assert f'id="line-{second.pk}"' in content(items)[1]

    listen(conversation)


@pytest.mark.skipif(not is_alone(), reason="where others may tell too, versions are told one by one")
def test_the_only_process_tells_together_what_came_at_once(post: Post, owner: User) -> None:
    async def conversation() -> None:
        await answered(Ear(post.pk))
        epoch, _, version = (await cursor_now(post)).partition("-")
        deafen(post)  # so that the clock reads all at once

        @transaction.atomic
        def said() -> list[Line]:
            return [say(post, owner, f"{number}번째 줄") for number in range(MOST_TOGETHER + 2)]

        lines = await on_thread(said)
        await live.get_hub().clock.check()
        await until(lambda: len(told("lines", post.pk, "ko")) == 2)
        items = told("lines", post.pk, "ko")
        ends = [f"{epoch}-{int(version) + step}" for step in (0, MOST_TOGETHER, MOST_TOGETHER + 2)]
        assert [(item["prev-id"], item["id"]) for item in items] == list(pairwise(ends))
        for text, end, some in zip(
            content(items), ends[1:], (lines[:MOST_TOGETHER], lines[MOST_TOGETHER:]), strict=True
        ):
            assert f"id: {end}\n" in text
            assert re.findall(r'id="line-(\d+)"', text) == [str(line.pk) for line in some]

    listen(conversation)


@pytest.mark.skipif(not is_alone(), reason="where others may tell too, versions are told one by one")
def test_the_only_process_takes_a_breath_after_each_telling(post: Post, owner: User) -> None:
    async def conversation() -> None:
        await answered(Ear(post.pk))
        for count, text in ((1, "첫 줄"), (2, "둘째 줄")):
            await on_thread(partial(say, post, owner, text))
            await until(lambda: len(told("lines", post.pk, "ko")) == count)  # noqa: B023  called in this turn
        first, second = told("lines", post.pk, "ko")
        assert second["at"] - first["at"] > BREATH * 0.95

    listen(conversation)


@pytest.mark.skipif(is_alone(), reason="the only process leaves no place empty")
def test_a_row_that_has_moved_on_leaves_its_place_empty(post: Post, owner: User) -> None:
    async def conversation() -> None:
        await answered(Ear(post.pk))

        def said_and_changed() -> None:
            with transaction.atomic():
                line = Line.objects.get(pk=say(post, owner, "벌써").pk)
                line.edit(by=owner, text="바뀌었어요")
            doorbell.listen(post.pk)  # which forgets both

        deafen(post)  # so that the clock reads both at once
        await on_thread(said_and_changed)
        await live.get_hub().clock.check()
        await until(lambda: len(told("lines", post.pk, "ko")) == 2)
        gone, changed = content(told("lines", post.pk, "ko"))
        assert gone == ""
        assert "바뀌었어요" in changed

    listen(conversation)


def test_programs_are_told_to_fetch_theirs(post: Post, owner: User) -> None:
    token = Bot(owner).access

    async def conversation() -> None:
        bot = await answered(BotEar(post.pk, token=token))
        assert (bot.headers["grip-hold"], bot.names[0]) == ("stream", "open")
        held = channels_of(bot)
        line = await on_thread(partial(say, post, owner, "봇에게"))
        await until(lambda: bool(told("aside", post.pk, "json", "member")))
        assert actions(told("aside", post.pk, "json", "member"))[-1] == "hint"
        last = {channel(name): held[name] for name in (f"lines.{post.pk}.json", "name")}
        goes_on = await answered(BotEar(post.pk, token=token), last=last)
        assert goes_on.names == ["chat.message"]
        assert f'"id":{line.pk}' in goes_on.text.replace(" ", "")

    listen(conversation)


def test_a_change_of_who_may_read_and_the_end_of_a_sign_in_end_what_is_held(
    post: Post, owner: User, stranger: User
) -> None:
    cookies = cookies_of(stranger, post.get_absolute_url())

    async def conversation() -> None:
        await answered(Ear(post.pk, cookies=cookies))
        await on_thread(stranger.end_streams)
        await until(lambda: actions(told("gone", stranger.pk)) == ["close"])
        # … and what this process has answered itself, whatever becomes of the bell.
        await live.get_hub().clock.check()
        assert actions(told("person", stranger.pk, post.pk, "ko"))[-1] == "close"
        await live.get_hub().clock.check()
        assert live.get_hub().edge.readers == {}  # type: ignore[union-attr]  # there is one
        await on_thread(partial(Room.objects.filter(pk=post.pk).update, members_only=True))
        await live.get_hub().clock.check()
        await until(lambda: actions(told("gate", post.pk)) == ["close"])

    listen(conversation)


def test_who_is_here_and_who_writes_is_told_to_members_and_visitors_apart(
    post: Post, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_presence, "GAP", 0.01)
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        await answered(Ear(post.pk, cookies=cookies))
        await until(lambda: len(told("aside", post.pk, "ko", "member")) == 1)
        assert owner.nickname in content(told("aside", post.pk, "ko", "member"))[0]
        assert owner.nickname not in content(told("aside", post.pk, "ko", "visitor"))[0]
        assert owner.nickname in content(told("aside", post.pk, "json", "member"))[0]
        await on_thread(partial(typing.tell, post.pk, owner, is_typing=True))
        await until(lambda: "#typing" in content(told("aside", post.pk, "en", "member"))[-1])
        assert "<b></b>" in content(told("aside", post.pk, "en", "visitor"))[-1]
        assert not [item for item in TOLD if "aside" in item["channel"] and "id" in item]

    listen(conversation)


def test_what_waits_for_a_person_is_told_to_them_alone(post: Post, owner: User, stranger: User) -> None:
    cookies = cookies_of(stranger, post.get_absolute_url())

    async def conversation() -> None:
        await answered(Ear(post.pk, cookies=cookies))
        mine = partial(told, "person", stranger.pk, post.pk, "ko")
        await until(lambda: any("inbox-count" in each for each in content(mine())))
        TOLD.clear()
        await on_thread(partial(say, post, owner, f"@{stranger.nickname} 봐요"))
        await until(lambda: any("1" in each for each in content(mine())))
        assert not [item for item in TOLD if "inbox" in str(item) and item not in mine()]

    listen(conversation)


def test_what_a_killed_process_had_not_told_is_told_by_the_next(post: Post, owner: User) -> None:
    old = say(post, owner, "오래된 줄")
    Line.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(minutes=5))
    new = [say(post, owner, text) for text in ("방금", "한 말")]

    async def conversation() -> None:
        live.get_hub()
        due = new[-1:] if is_alone() else new  # of the only process; who lacks more than the last asks for it
        await until(lambda: len(told("lines", post.pk, "ko")) == len(due))
        for line, text in zip(due, content(told("lines", post.pk, "ko")), strict=True):
            assert f'id="line-{line.pk}"' in text

    listen(conversation)


@pytest.mark.parametrize("what", ["edited", "deleted", "reacted"])
def test_what_a_killed_process_changed_and_had_not_told_is_told_by_the_next(post: Post, owner: User, what: str) -> None:
    old = say(post, owner, "오래된 줄")
    long_ago = timezone.now() - timedelta(minutes=5)
    Line.objects.filter(pk=old.pk).update(created_at=long_ago)
    if what == "edited":
        old.edit(by=owner, text="고친 줄")
    elif what == "deleted":
        old.delete_softly(by=owner)
    else:
        old.react(by=owner, word="+1", wanted=True)

    async def conversation() -> None:
        live.get_hub()
        await until(lambda: len(told("lines", post.pk, "ko")) == 1)
        (item,) = told("lines", post.pk, "ko")
        assert item["id"] == await cursor_now(post)
        (text,) = content([item])
        assert f'id="line-{old.pk}"' in text
        assert ("오래된 줄" in text) == (what == "reacted")

    listen(conversation)


def test_what_a_new_process_has_not_read_it_does_not_pass_over(
    post: Post, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EdgeRoom, "is_told_together", False)  # as where others may tell too
    lines = [say(post, owner, f"{number}번째 줄") for number in range(ROWS + 10)]  # told by nobody

    async def conversation() -> None:
        live.get_hub()
        await until(lambda: len(told("lines", post.pk, "ko")) >= ROWS)
        items = told("lines", post.pk, "ko")
        assert len(items) == ROWS  # who lacks what was before reaches the first by no number, and asks
        for item, line in zip(content(items), lines[-ROWS:], strict=True):
            assert f'id="line-{line.pk}"' in item

    listen(conversation)


def test_rooms_that_have_not_changed_lately_are_not_opened_by_a_new_process(post: Post, owner: User) -> None:
    say(post, owner, "오래된 줄")
    RoomVersion.objects.update(changed_at=timezone.now() - timedelta(seconds=JUST_BEFORE + 1))

    async def conversation() -> None:
        hub = live.get_hub()
        assert await hub.ask(_changed_just_before) == {}
        assert hub.rooms == {}

    listen(conversation)


def test_who_has_said_for_a_while_that_a_page_is_before_them_has_it_before_them(post: Post, owner: User) -> None:
    token = Bot(owner).access
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        await answered(BotEar(post.pk, token=token))
        edge = live.get_hub().edge
        assert edge
        assert edge.readers_of(post.pk) == set()  # a program reads nothing for them
        await answered(Ear(post.pk, cookies=cookies))
        assert edge.readers_of(post.pk) == {owner.pk}
        for held in edge.readers.values():
            held.until -= LATELY
        assert edge.readers_of(post.pk) == set()

    listen(conversation)


def test_a_room_is_live_as_long_as_somebody_may_be_held_in_it(post: Post) -> None:
    async def conversation() -> None:
        hub = live.get_hub()
        await answered(Ear(post.pk))
        await hub.clock.check()
        edge = hub.rooms[post.pk].edge
        assert edge
        assert hub.loop.time() + 300 < edge._until < hub.loop.time() + 360
        edge._until = hub.loop.time()
        await hub.clock.check()
        assert post.pk not in hub.rooms

    listen(conversation)
