"""The stream of a room for bots: what the API answers, as it is said."""

import json
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from board.models import Post
from cobra.rates import Rate
from cobra.tests.api import Bot
from rooms import bot_stream, live_presence
from rooms.models import Line, RoomVersion
from rooms.tests.ears import BotEar, listen, on_thread, until
from rooms.tests.room import cursor_now, say
from rooms.tests.test_api import LINE

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_bot_hears_each_line_as_an_event_of_its_own(post: Post, owner: User) -> None:
    async def conversation() -> None:
        cursor = await cursor_now(post)
        missed = [await on_thread(partial(say, post, owner, f"{number}")) for number in range(3)]
        ear = await BotEar(post.pk, cursor=cursor).open()
        assert ear.headers["content-type"].startswith("text/event-stream")
        await ear.hears_of(3)
        live = await on_thread(partial(say, post, owner, "둘째\n줄 </script>"))
        await ear.hears_of(4)
        assert [name for name, _line in ear.told] == ["chat.message"] * 4
        assert [line["id"] for _name, line in ear.told] == [line.pk for line in (*missed, live)]
        assert ear.told[3][1].keys() == LINE
        assert ear.told[3][1]["message"] == "둘째\n줄 </script>"
        ids = [event.id for event in ear.named("chat.message")]
        assert len(set(ids)) == 4
        await ear.close()
        for place in range(4):  # each id resumes right after its line
            back = await BotEar(post.pk, cursor=ids[place]).open()
            await back.is_told("caught-up")
            assert [line["id"] for _name, line in back.told] == [line.pk for line in (*missed, live)][place + 1 :]
            await back.close()

    listen(conversation)


def test_the_api_answers_what_the_stream_says(post: Post, owner: User) -> None:
    async def conversation() -> None:
        ear = await BotEar(post.pk).open()
        await on_thread(partial(say, post, owner))
        await ear.hears_of(1)
        answer = await on_thread(lambda: Client().get(f"/api/chat/room/{post.pk}/message/"))
        assert answer.json() == [ear.told[0][1]]
        await ear.close()

    listen(conversation)


def change(line: Line, **fields: Any) -> None:
    """As the verbs of a line will do it."""
    position = RoomVersion.objects.advance(line.room_id)
    Line.objects.filter(pk=line.pk).update(version=position.version, **fields)


def test_what_an_event_is_called_depends_on_what_the_bot_knows(post: Post, owner: User) -> None:
    async def conversation() -> None:
        start = await cursor_now(post)
        lines = [await on_thread(partial(say, post, owner, text)) for text in ("그대로", "고칠 말", "지울 말")]
        known = await cursor_now(post)
        await on_thread(partial(change, lines[1], text="고친 말", edited_at=timezone.now()))
        await on_thread(partial(change, lines[2], deleted_at=timezone.now()))
        fresh, knowing = BotEar(post.pk, cursor=start), BotEar(post.pk, cursor=known)
        for ear, expected in (
            (fresh, ["chat.message", "chat.message", "chat.message"]),
            (knowing, ["chat.message.edited", "chat.message.deleted"]),
        ):
            await ear.open()
            await ear.is_told("caught-up")
            assert [name for name, _line in ear.told] == expected
            assert [line["type"] for _name, line in ear.told] == expected
            assert "지울 말" not in ear.text
            await ear.close()

    listen(conversation)


def test_every_event_is_json_and_a_void_cursor_resets(post: Post, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    async def conversation() -> None:
        ear = await BotEar(post.pk, cursor="nonsense").open()
        await ear.is_told("caught-up")
        await on_thread(partial(say, post, owner))
        await ear.hears_of(1)
        assert ear.names == ["open", "chat.presence", "reset", "caught-up", "chat.message"]
        for event in ear.events:
            json.loads(event.data)
        await ear.close()

    listen(conversation)


def test_presence_names_members_to_members_only(
    post: Post, owner: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_presence, "GAP", 0.01)
    token = Bot(owner).access

    def moves(ear: BotEar) -> list[dict[str, Any]]:
        return [json.loads(event.data) for event in ear.named("chat.presence")]

    async def conversation() -> None:
        member, visitor = BotEar(post.pk, token=token), BotEar(post.pk)
        await member.open()
        await visitor.open()
        me = {"id": owner.pk, "nickname": "민서"}
        await until(lambda: any(move["people_here"] == 2 for move in moves(member)))
        await until(lambda: any(me in move["joined"] for move in moves(member)))
        assert all(move["joined"] == move["left"] == [] for move in moves(visitor))
        assert sum(me in move["joined"] for move in moves(member)) == 1
        assert not any(event.id for event in member.named("chat.presence"))
        for ear in (member, visitor):
            await ear.close()

    listen(conversation)


def test_who_may_not_listen_is_told_in_json(post: Post, new_post: Any, owner: User, settings: Any) -> None:
    me = Bot(owner)
    hidden = new_post(by=owner, members_only=True)

    async def refusal(ear: BotEar) -> tuple[int, dict[str, str]]:
        await ear.open()
        await ear.is_ended()
        assert ear.headers["content-type"].startswith("application/json")
        assert json.loads(ear.text).keys() == {"detail"}
        return ear.status, ear.headers

    async def conversation() -> None:
        assert (await refusal(BotEar(post.pk, token="nonsense")))[0] == 401
        assert (await refusal(BotEar(hidden.pk)))[0] == 404
        assert (await refusal(BotEar(999_999, token=me.access)))[0] == 404
        assert (await refusal(BotEar(post.pk, method="POST")))[0] == 405
        member = await BotEar(hidden.pk, token=me.access).open()
        assert member.status == 200
        await member.close()
        settings.STREAM_RATE = Rate.parse("1/1m")
        first = await BotEar(post.pk).open()
        status, headers = await refusal(BotEar(post.pk))
        assert status == 429
        assert int(headers["retry-after"]) > 0
        await first.close()

    listen(conversation)


def test_a_login_that_ends_ends_its_stream(post: Post, owner: User) -> None:
    me = Bot(owner)

    async def conversation() -> None:
        ear = await BotEar(post.pk, token=me.access).open()
        assert ear.status == 200
        await on_thread(lambda: me.post("/user/logout/"))
        await ear.is_ended()
        again = await BotEar(post.pk, token=me.access).open()
        assert again.status == 401
        await again.close()

    listen(conversation)


def test_the_streams_address() -> None:
    assert bot_stream.room_of("/api/chat/room/7/stream/") == bot_stream.room_of("/api/chat/room/7/stream") == 7
    assert bot_stream.room_of("/api/chat/room/x/stream/") is None
