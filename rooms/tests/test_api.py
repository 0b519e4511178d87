"""The JSON API of what is said in rooms: lines, and the stream for bots."""

import json
import uuid
from collections.abc import Callable
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
from rooms.models import Line, Room, RoomVersion
from rooms.tests.ears import Ear, Event, listen, on_thread, until

LINE = {
    "id",
    "room",
    "seq",
    "version",
    "type",
    "message",
    "html",
    "sender",
    "reply_to",
    "created_at",
    "edited_at",
    "deleted",
}


@pytest.fixture
def address(post: Post) -> str:
    return f"/api/chat/room/{post.pk}/message/"


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()]


def position_of(post: Post) -> str:
    return str(RoomVersion.objects.get(room=post.pk))


@pytest.mark.django_db
def test_a_line_said_is_a_line_read(post: Post, owner: User, address: str) -> None:
    me = Bot(owner)
    answer = me.post(address, {"message": "**안녕**하세요", "sender": 999, "author": 999})
    assert answer.status_code == 201, answer.text
    line = answer.json()
    assert line.keys() == LINE
    assert line["sender"] == {"id": owner.pk, "nickname": "민서", "profile_picture_url": None}
    assert (line["room"], line["type"], line["message"]) == (post.pk, "chat.message", "**안녕**하세요")
    assert "<strong>안녕</strong>" in line["html"]
    assert line["created_at"].endswith("+09:00")
    assert (line["edited_at"], line["deleted"], line["reply_to"]) == (None, False, None)
    listed = Bot().get(address)
    assert listed.json() == [line]
    assert listed["X-Cursor"] == answer["X-Cursor"] == position_of(post)


@pytest.mark.django_db
def test_the_documented_address_says_a_line_too(post: Post, owner: User, address: str) -> None:
    me = Bot(owner)
    line = me.post("/api/chat/message/", {"room": post.pk, "message": "안녕"})
    assert line.status_code == 201
    reply = me.post("/api/chat/message", {"room": post.pk, "message": "응", "reply_to": line.json()["id"]})
    assert reply.json()["reply_to"] == line.json()["id"]
    for wrong in ({"message": "안녕"}, {"room": post.pk}, {"room": "x", "message": "안녕"}):
        assert me.post("/api/chat/message/", wrong).status_code == 400
    assert me.post("/api/chat/message/", {"room": 999_999, "message": "안녕"}).status_code == 404
    assert Line.objects.count() == 2


@pytest.mark.django_db
def test_lines_are_paged_both_ways(post: Post, owner: User, address: str) -> None:
    said = [post.room.say(author=owner, text=f"{number}").pk for number in range(120)]
    visitor = Bot()
    newest = ids(visitor.get(address))
    assert newest == said[-50:]
    older = ids(visitor.get(f"{address}?before={newest[0]}"))
    assert older == said[-100:-50]
    assert ids(visitor.get(f"{address}?after={older[-1]}")) == newest
    assert ids(visitor.get(f"{address}?after={said[-1]}")) == []
    for query, status in (("before=999999", 404), ("after=x", 400), (f"after={2**80}", 400)):
        assert visitor.get(f"{address}?{query}").status_code == status


@pytest.mark.django_db
def test_notices_are_no_lines_and_what_is_deleted_is_empty(post: Post, owner: User, address: str) -> None:
    line = post.room.say(author=owner, text="비밀")
    post.room.admit(by=owner, members_only=True)
    post.room.admit(by=owner, members_only=False)
    Line.objects.filter(pk=line.pk).update(deleted_at=timezone.now())
    (told,) = Bot().get(address).json()
    assert (told["message"], told["html"], told["deleted"]) == ("", "", True)


@pytest.mark.django_db
def test_a_retried_line_is_one_line(post: Post, owner: User, address: str, new_post: Callable[..., Post]) -> None:
    me = Bot(owner)
    typed = {"message": "한 번만", "client_id": str(uuid.uuid4())}
    first, second = [me.post(address, typed) for _ in range(2)]
    assert first.json() == second.json()
    assert second.status_code in (200, 201)
    other = new_post(by=owner)
    answer = me.post(f"/api/chat/room/{other.pk}/message/", typed)
    assert answer.status_code == 409
    assert Line.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "message"),
        ({"message": ""}, "message"),
        ({"message": " \u200b"}, "message"),
        ({"message": "x" * 4001}, "message"),
        ({"message": None}, "message"),
        ({"message": ["안녕"]}, "message"),
        ({"message": "안녕", "client_id": "x"}, "client_id"),
        ({"message": "안녕", "reply_to": 999_999}, "reply_to"),
        ({"message": "안녕", "reply_to": "x"}, "reply_to"),
    ],
)
def test_what_is_no_line_is_400_by_field(owner: User, address: str, typed: dict[str, Any], field: str) -> None:
    answer = Bot(owner).post(address, typed)
    assert answer.status_code == 400, answer.text
    assert answer.json().keys() == {field}
    assert not Line.objects.exists()


@pytest.mark.django_db
def test_a_reply_answers_a_line_of_its_room(post: Post, owner: User, new_post: Callable[..., Post]) -> None:
    elsewhere = new_post(by=owner).room.say(author=owner, text="저 방")
    answer = Bot(owner).post(f"/api/chat/room/{post.pk}/message/", {"message": "응", "reply_to": elsewhere.pk})
    assert answer.status_code == 400


@pytest.mark.django_db
def test_saying_needs_a_login_that_may_write(
    post: Post, owner: User, address: str, suspend: Callable[[User], None]
) -> None:
    me = Bot(owner)
    assert Bot().post(address, {"message": "안녕"}).status_code == 401
    assert me.post("/api/chat/room/999999/message/", {"message": "안녕"}).status_code == 404
    Room.objects.filter(pk=post.pk).update(locked_at=timezone.now())
    assert me.post(address, {"message": "안녕"}).status_code == 403
    suspend(owner)
    assert me.post(address, {"message": "안녕"}).status_code == 403
    assert not Line.objects.exists()


@pytest.mark.django_db
def test_too_fast_is_429(owner: User, address: str, settings: Any) -> None:
    settings.LINE_RATE = Rate.parse("1/10s")
    me = Bot(owner)
    assert me.post(address, {"message": "하나"}).status_code == 201
    answer = me.post(address, {"message": "둘"})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 10


@pytest.mark.django_db
def test_reading_costs_the_same_however_much_was_said(
    post: Post, owner: User, address: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        post.room.say(author=owner, text="말")
    visitor = Bot()
    with django_assert_max_num_queries(3):
        assert len(visitor.get(address).json()) == 20


# --- The stream for bots ---


class BotEar(Ear):
    """Listens to a room as a bot does."""

    def __init__(self, room_id: int, *, token: str = "", **scope: Any) -> None:
        super().__init__(room_id, **scope)
        self.scope["path"] = f"/api/chat/room/{room_id}/stream/"
        if token:
            self.scope["headers"].append((b"authorization", f"Bearer {token}".encode()))

    async def _run(self) -> None:
        assert self.room_id
        await bot_stream.serve(self.scope, self._receive, self._send, self.room_id)
        self.is_over = True

    def named(self, *names: str) -> list[Event]:
        return [event for event in self.events if event.name in names]

    @property
    def told(self) -> list[tuple[str, dict[str, Any]]]:
        return [(event.name, json.loads(event.data)) for event in self.events if event.name.startswith("chat.message")]

    async def hears_of(self, count: int) -> None:
        await until(lambda: len(self.told) >= count)


def say(post: Post, author: User, text: str = "안녕") -> Line:
    return Room.objects.get(pk=post.pk).say(author=author, text=text)


@pytest.mark.django_db(transaction=True)
def test_a_bot_hears_each_line_as_an_event_of_its_own(post: Post, owner: User) -> None:
    async def conversation() -> None:
        cursor = await on_thread(partial(position_of, post))
        missed = [await on_thread(partial(say, post, owner, f"{number}")) for number in range(3)]
        ear = BotEar(post.pk, cursor=cursor)
        await ear.open()
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
            back = BotEar(post.pk, cursor=ids[place])
            await back.open()
            await until(lambda back=back: back.named("caught-up"))  # type: ignore[misc]  # bound at once
            assert [line["id"] for _name, line in back.told] == [line.pk for line in (*missed, live)][place + 1 :]
            await back.close()

    listen(conversation)


@pytest.mark.django_db(transaction=True)
def test_the_api_answers_what_the_stream_says(post: Post, owner: User) -> None:
    async def conversation() -> None:
        ear = BotEar(post.pk)
        await ear.open()
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


@pytest.mark.django_db(transaction=True)
def test_what_an_event_is_called_depends_on_what_the_bot_knows(post: Post, owner: User) -> None:
    async def conversation() -> None:
        start = await on_thread(partial(position_of, post))
        lines = [await on_thread(partial(say, post, owner, text)) for text in ("그대로", "고칠 말", "지울 말")]
        known = await on_thread(partial(position_of, post))
        await on_thread(partial(change, lines[1], text="고친 말", edited_at=timezone.now()))
        await on_thread(partial(change, lines[2], deleted_at=timezone.now()))
        fresh, knowing = BotEar(post.pk, cursor=start), BotEar(post.pk, cursor=known)
        for ear, expected in (
            (fresh, ["chat.message", "chat.message", "chat.message"]),
            (knowing, ["chat.message.edited", "chat.message.deleted"]),
        ):
            await ear.open()
            await until(lambda ear=ear: ear.named("caught-up"))  # type: ignore[misc]  # bound at once
            assert [name for name, _line in ear.told] == expected
            assert [line["type"] for _name, line in ear.told] == expected
            assert "지울 말" not in ear.text
            await ear.close()

    listen(conversation)


@pytest.mark.django_db(transaction=True)
def test_every_event_is_json_and_a_void_cursor_resets(post: Post, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    async def conversation() -> None:
        ear = BotEar(post.pk, cursor="nonsense")
        await ear.open()
        await until(lambda: bool(ear.named("caught-up")))
        await on_thread(partial(say, post, owner))
        await ear.hears_of(1)
        assert [event.name for event in ear.events] == ["open", "chat.presence", "reset", "caught-up", "chat.message"]
        for event in ear.events:
            json.loads(event.data)
        await ear.close()

    listen(conversation)


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
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
        member = BotEar(hidden.pk, token=me.access)
        await member.open()
        assert member.status == 200
        await member.close()
        settings.STREAM_RATE = Rate.parse("1/1m")
        first = BotEar(post.pk)
        await first.open()
        status, headers = await refusal(BotEar(post.pk))
        assert status == 429
        assert int(headers["retry-after"]) > 0
        await first.close()

    listen(conversation)


@pytest.mark.django_db(transaction=True)
def test_a_login_that_ends_ends_its_stream(post: Post, owner: User) -> None:
    me = Bot(owner)

    async def conversation() -> None:
        ear = BotEar(post.pk, token=me.access)
        await ear.open()
        assert ear.status == 200
        await on_thread(lambda: me.post("/user/logout/"))
        await ear.is_ended()
        again = BotEar(post.pk, token=me.access)
        await again.open()
        assert again.status == 401
        await again.close()

    listen(conversation)


def test_the_streams_address() -> None:
    assert bot_stream.room_of("/api/chat/room/7/stream/") == bot_stream.room_of("/api/chat/room/7/stream") == 7
    assert bot_stream.room_of("/api/chat/room/x/stream/") is None
