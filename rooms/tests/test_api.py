"""The JSON API of what is said in rooms."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from board.models import Post
from cobra.rates import Rate
from cobra.tests.api import Bot
from rooms.models import Line, Room, RoomVersion

pytestmark = pytest.mark.django_db

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
    assert listed["X-Cursor"] == answer["X-Cursor"] == str(RoomVersion.objects.get(room=post.pk))


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


def test_notices_are_no_lines_and_what_is_deleted_is_empty(post: Post, owner: User, address: str) -> None:
    line = post.room.say(author=owner, text="비밀")
    post.room.admit(by=owner, members_only=True)
    post.room.admit(by=owner, members_only=False)
    Line.objects.filter(pk=line.pk).update(deleted_at=timezone.now())
    (told,) = Bot().get(address).json()
    assert (told["message"], told["html"], told["deleted"]) == ("", "", True)


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


def test_a_reply_answers_a_line_of_its_room(post: Post, owner: User, new_post: Callable[..., Post]) -> None:
    elsewhere = new_post(by=owner).room.say(author=owner, text="저 방")
    answer = Bot(owner).post(f"/api/chat/room/{post.pk}/message/", {"message": "응", "reply_to": elsewhere.pk})
    assert answer.status_code == 400


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


def test_too_fast_is_429(owner: User, address: str, settings: Any) -> None:
    settings.LINE_RATE = Rate.parse("1/10s")
    me = Bot(owner)
    assert me.post(address, {"message": "하나"}).status_code == 201
    answer = me.post(address, {"message": "둘"})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 10


def test_reading_costs_the_same_however_much_was_said(
    post: Post, owner: User, address: str, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        post.room.say(author=owner, text="말")
    visitor = Bot()
    with django_assert_max_num_queries(3):
        assert len(visitor.get(address).json()) == 20
