"""Streams that Pushpin holds: how they are answered, what is told there, and when they end."""

import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial

import jwt
import pytest
from django.conf import LazySettings
from django.core import signing
from django.utils import timezone

from accounts.models import User
from board.models import Post
from cobra import grip
from cobra.tests.api import Bot
from rooms import doorbell, edge_stream, live, live_presence
from rooms.edge_room import channel
from rooms.gauges import LiveRooms
from rooms.models import Line, Room
from rooms.standing import Reader
from rooms.tests.ears import BotEar, Ear, listen, on_thread, until
from rooms.tests.room import cookies_of, cursor_now, deafen, say

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "k" * 32
TOLD: list[grip.Told] = []


class Recorder:
    """Instead of a Pushpin."""

    def __init__(self, there: grip.Proxy) -> None:
        TOLD.clear()

    def publish(self, items: Iterable[grip.Told]) -> None:
        TOLD.extend(items)

    waiting = 7

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def pushpin(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EDGE_URL = f"http://127.0.0.1:5561?key={KEY}&verify-iss=pushpin"
    monkeypatch.setattr(grip, "Publisher", Recorder)


def through(ear: Ear, *, last: Mapping[str, str] = {}, key: str = KEY) -> Ear:
    """The same request as Pushpin passes it on; with `last` its own, for how to go on."""
    signature = jwt.encode({"iss": "pushpin", "exp": int(time.time()) + 60}, key).encode()
    ear.scope["headers"] = [*ear.scope["headers"], (b"grip-sig", signature)]
    for name, value in last.items():
        ear.scope["headers"].append((b"grip-last", f"{name}; last-id={value}".encode()))
    if last:
        ear.scope["query_string"] = b"lang=ko"
    return ear


def told(kind: str, *parts: object) -> list[grip.Told]:
    return [item for item in TOLD if item["channel"] == channel(kind, *parts)]


def content(items: list[grip.Told]) -> list[str]:
    return [item["http-stream"].get("content", "") for item in items]


def actions(items: list[grip.Told]) -> list[str]:
    return [item["http-stream"].get("action", "") for item in items]


def names(ear: Ear) -> list[str]:
    return [event.name for event in ear.events]


def channels_of(ear: Ear) -> dict[str, str]:
    """As the answer names them: what was heard last on each."""
    rows = [part.partition("; prev-id=") for part in ear.headers["grip-channel"].split(", ")]
    return {name.removeprefix(channel("")): last for name, _, last in rows}


def lines_of(post: Post, lang: str = "ko") -> str:
    return channel("lines", post.pk, lang)


def test_a_stream_that_came_through_pushpin_is_answered_whole_and_held_there(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        visitor, member = [await through(Ear(post.pk, cookies=each)).open() for each in (None, cookies)]
        for ear in (visitor, member):
            await ear.is_ended()
            assert (ear.status, ear.headers["grip-hold"]) == (200, "stream")
            assert names(ear) == ["open", "held", "", "caught-up"]
            assert ear.headers["grip-link"] == f"<{ear.scope['path']}?lang=ko>; rel=next; timeout=300"
            assert "beat" in ear.headers["grip-keep-alive"]
            assert channels_of(ear)[f"lines.{post.pk}.ko"] == await cursor_now(post)
        assert channels_of(visitor).keys() == {f"lines.{post.pk}.ko", f"aside.{post.pk}.ko.visitor", f"gate.{post.pk}"}
        assert {f"person.{owner.pk}.{post.pk}.ko", f"gone.{owner.pk}", "name"} < channels_of(member).keys()
        assert "stream_pass" in member.headers["set-cookie"]
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
        ear = await through(Ear(post.pk, cursor=cursor)).open()
        await ear.is_ended()
        await ear.hears(*(line.pk for line in lines))
        assert channels_of(ear)[f"lines.{post.pk}.ko"] == ear.cursor == await cursor_now(post)
        stale = await through(Ear(post.pk, cursor="void-1")).open()
        await stale.is_ended()
        assert "reset" in names(stale)

    listen(conversation)


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


def test_a_row_that_has_moved_on_leaves_its_place_empty(post: Post, owner: User) -> None:
    async def conversation() -> None:
        ear = await through(Ear(post.pk)).open()
        await ear.is_ended()

        def said_and_changed() -> None:
            line = Line.objects.get(pk=say(post, owner, "벌써").pk)
            line.edit(by=owner, text="바뀌었어요")
            doorbell.listen(post.pk)  # which forgets both

        deafen(post)  # so that the clock reads both at once
        await on_thread(said_and_changed)
        await live.get_hub().check()
        await until(lambda: len(told("lines", post.pk, "ko")) == 2)
        gone, changed = content(told("lines", post.pk, "ko"))
        assert gone == ""
        assert "바뀌었어요" in changed

    listen(conversation)


def test_programs_are_told_to_fetch_theirs(post: Post, owner: User) -> None:
    token = Bot(owner).access

    async def conversation() -> None:
        bot = BotEar(post.pk, token=token)
        await through(bot).open()
        await bot.is_ended()
        assert (bot.headers["grip-hold"], names(bot)[0]) == ("stream", "open")
        held = channels_of(bot)
        line = await on_thread(partial(say, post, owner, "봇에게"))
        await until(lambda: bool(told("aside", post.pk, "json", "member")))
        assert actions(told("aside", post.pk, "json", "member"))[-1] == "hint"
        last = {channel(name): held[name] for name in (f"lines.{post.pk}.json", "name")}
        goes_on = BotEar(post.pk, token=token)
        await through(goes_on, last=last).open()
        await goes_on.is_ended()
        assert names(goes_on) == ["chat.message"]
        assert f'"id":{line.pk}' in goes_on.text.replace(" ", "")

    listen(conversation)


def test_pushpin_is_told_what_a_held_stream_lacks_and_goes_on(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        ear = await through(Ear(post.pk, cookies=cookies)).open()
        await ear.is_ended()
        last = {lines_of(post): await cursor_now(post), channel("name"): channels_of(ear)["name"]}
        line = await on_thread(partial(say, post, owner))
        goes_on = await through(Ear(post.pk), last=last).open()
        await goes_on.is_ended()
        await goes_on.hears(line.pk)
        assert len(goes_on.events) == 1
        assert channels_of(goes_on).keys() == channels_of(ear).keys()
        assert channels_of(goes_on)[f"lines.{post.pk}.ko"] == await cursor_now(post)
        nothing_new = {lines_of(post): goes_on.cursor}
        visitor = await through(Ear(post.pk), last=nothing_new).open()
        await visitor.is_ended()
        assert (visitor.text, visitor.headers["grip-hold"]) == ("", "stream")
        assert "name" not in channels_of(visitor)

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
        ear = await through(Ear(post.pk), last=last).open()
        await ear.is_ended()
        assert (ear.status, names(ear)) == (200, ["closing"])
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
        await live.get_hub().check()
        ears.append(await through(Ear(post.pk, cookies=mine)).open())
        for ear in ears:
            assert (ear.status, "grip-hold" in ear.headers) == (200, False)
            await ear.close()

    listen(conversation)


def test_a_change_of_who_may_read_and_the_end_of_a_sign_in_end_what_is_held(
    post: Post, owner: User, stranger: User
) -> None:
    cookies = cookies_of(stranger, post.get_absolute_url())

    async def conversation() -> None:
        ear = await through(Ear(post.pk, cookies=cookies)).open()
        await ear.is_ended()
        await on_thread(stranger.end_streams)
        await until(lambda: actions(told("gone", stranger.pk)) == ["close"])
        # … and what this process has answered itself, whatever becomes of the bell.
        await live.get_hub().check()
        assert actions(told("person", stranger.pk, post.pk, "ko"))[-1] == "close"
        await live.get_hub().check()
        assert live.get_hub().edge.readers == {}  # type: ignore[union-attr]  # there is one
        await on_thread(partial(Room.objects.filter(pk=post.pk).update, members_only=True))
        await live.get_hub().check()
        await until(lambda: actions(told("gate", post.pk)) == ["close"])

    listen(conversation)


def test_who_is_here_and_who_writes_is_told_to_members_and_visitors_apart(
    post: Post, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_presence, "GAP", 0.01)
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        ear = await through(Ear(post.pk, cookies=cookies)).open()
        await ear.is_ended()
        await until(lambda: len(told("aside", post.pk, "ko", "member")) == 1)
        assert owner.nickname in content(told("aside", post.pk, "ko", "member"))[0]
        assert owner.nickname not in content(told("aside", post.pk, "ko", "visitor"))[0]
        assert owner.nickname in content(told("aside", post.pk, "json", "member"))[0]
        await on_thread(partial(live_typing_of, post, owner))
        await until(lambda: "#typing" in content(told("aside", post.pk, "en", "member"))[-1])
        assert "<b></b>" in content(told("aside", post.pk, "en", "visitor"))[-1]
        assert not [item for item in TOLD if "aside" in item["channel"] and "id" in item]

    listen(conversation)


def live_typing_of(post: Post, user: User) -> None:
    from rooms import typing

    typing.tell(post.pk, user, is_typing=True)


def test_what_waits_for_a_person_is_told_to_them_alone(post: Post, owner: User, stranger: User) -> None:
    cookies = cookies_of(stranger, post.get_absolute_url())

    async def conversation() -> None:
        ear = await through(Ear(post.pk, cookies=cookies)).open()
        await ear.is_ended()
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
        await until(lambda: len(told("lines", post.pk, "ko")) == 2)
        for line, text in zip(new, content(told("lines", post.pk, "ko")), strict=True):
            assert f'id="line-{line.pk}"' in text

    listen(conversation)


def test_a_room_is_live_as_long_as_somebody_may_be_held_in_it(post: Post) -> None:
    async def conversation() -> None:
        hub = live.get_hub()
        ear = await through(Ear(post.pk)).open()
        await ear.is_ended()
        await hub.check()
        edge = hub.rooms[post.pk].edge
        assert edge
        assert hub.loop.time() + 300 < edge._until < hub.loop.time() + 360
        edge._until = hub.loop.time()
        await hub.check()
        assert post.pk not in hub.rooms

    listen(conversation)
