"""Taking part in a room: who is a member, and what a room tells them."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from board.models import Post
from rooms.models import Level, Line, Membership, ReadMark, Room, RoomVersion

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def address(post: Post) -> str:
    return f"/posts/{post.pk}/room/membership/"


def members(post: Post) -> set[str]:
    return set(Membership.objects.filter(room=post.pk).values_list("person__nickname", flat=True))


def test_who_writes_a_post_takes_part_in_its_room(post: Post, owner: User) -> None:
    assert members(post) == {owner.nickname}


def test_saying_a_line_is_taking_part_with_nothing_to_catch_up_on(post: Post, owner: User, stranger: User) -> None:
    post.room.say(author=owner, text="먼저")
    post.room.say(author=stranger, text="저도요")
    assert members(post) == {owner.nickname, stranger.nickname}
    assert ReadMark.objects.get(person=stranger).seq == 2
    assert not Line.objects.exclude(kind=Line.Kind.SAID).exists()  # the line says it


def test_pressing_it_is_taking_part_and_told_quietly_once(
    client: Client, post: Post, address: str, stranger: User
) -> None:
    client.force_login(stranger)
    for _ in range(2):
        assert client.post(address, {"member": "1"})["Location"] == post.get_absolute_url()
    assert stranger.nickname in members(post)
    assert [line.kind for line in Line.objects.all()] == [Line.Kind.JOINED]
    assert f"{stranger.nickname} 님이 참여했어요" in client.get(post.get_absolute_url()).text


def test_leaving_takes_the_room_from_my_rooms_and_going_to_and_fro_is_told_once(
    client: Client, post: Post, address: str, stranger: User
) -> None:
    client.force_login(stranger)
    for wanted in ("1", "0", "0", "1", "0"):
        client.post(address, {"member": wanted})
    assert members(post) == {"민서"}
    assert Line.objects.count() == 1
    assert ReadMark.objects.filter(person=stranger).exists()  # coming back goes on where they were


def test_nobody_is_told_of_those_who_read_unseen(client: Client, post: Post, address: str, stranger: User) -> None:
    stranger.choose(is_unseen=True)
    client.force_login(stranger)
    client.post(address, {"member": "1"})
    assert stranger.nickname in members(post)
    assert not Line.objects.exists()
    assert RoomVersion.objects.get(pk=post.pk).version == 0


def test_a_level_is_chosen_and_takes_part_too(client: Client, post: Post, address: str, stranger: User) -> None:
    client.force_login(stranger)
    part = client.post(address, {"level": "calls"}, headers=PARTIAL)
    assert part.status_code == 200
    assert 'id="membership"' in part.text
    assert Membership.objects.get(person=stranger).level == Level.CALLS
    client.post(address, {"member": "1"})  # changes none
    assert Membership.objects.get(person=stranger).level == Level.CALLS


@pytest.mark.parametrize("nonsense", [{"member": "2"}, {"level": "loud"}])
def test_nonsense_is_refused(client: Client, address: str, stranger: User, nonsense: dict[str, Any]) -> None:
    client.force_login(stranger)
    assert client.post(address, nonsense).status_code == 400
    assert client.get(address).status_code == 405


def test_a_room_one_may_not_see_takes_nobody_in(client: Client, post: Post, address: str, stranger: User) -> None:
    Room.objects.filter(pk=post.pk).update(members_only=True)
    assert client.post(address, {"member": "1"})["Location"].startswith("/accounts/login/")
    post.author.block(stranger)
    client.force_login(stranger)
    assert client.post(address, {"member": "1"}).status_code == 404
    assert stranger.nickname not in members(post)


def test_closing_the_account_leaves_every_room(post: Post, stranger: User) -> None:
    post.room.take_part(by=stranger)
    stranger.close()
    assert members(post) == {"민서"}
    assert not ReadMark.objects.filter(person=stranger).exists()
