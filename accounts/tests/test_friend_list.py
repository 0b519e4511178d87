"""My list of friends, and who is told where somebody is."""

from typing import Any

import pytest
from django.test import Client

from accounts import whereabouts
from accounts.cards import Card, Friends
from accounts.models import User
from board.models import Post

pytestmark = pytest.mark.django_db
Rooms = dict[int, frozenset[int]]


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch) -> Rooms:
    """Who is in which rooms, as the rooms would tell it."""
    people: Rooms = {}
    monkeypatch.setattr(whereabouts, "_ask", lambda: people)
    return people


@pytest.fixture
def me(client: Client, new_member: Any) -> User:
    user: User = new_member("도윤")
    client.force_login(user)
    return user


def friends(client: Client) -> Friends:
    shown: Friends = client.get("/friends/").context["friends"]
    return shown


def names(cards: list[Card]) -> list[str]:
    return [card.person.nickname for card in cards]


def test_the_list_holds_whom_i_added_and_not_who_added_me(client: Client, me: User, new_member: Any) -> None:
    jiwoo, maya, hidden = new_member("지우"), new_member("Maya"), new_member("소라")
    me.add_friend(jiwoo)
    maya.add_friend(me)
    me.block(hidden)
    shown = friends(client)
    assert (names(shown.others), names(shown.added_me), names(shown.blocked)) == (["지우"], ["Maya"], ["소라"])
    text = client.get("/friends/").text
    assert [text.index(name) for name in ("Maya", "지우", "소라")] == sorted(
        text.index(name) for name in ("Maya", "지우", "소라")
    )


def test_somebody_who_added_me_is_passed_over_by_a_post(client: Client, me: User, new_member: Any) -> None:
    maya = new_member("Maya")
    maya.add_friend(me)
    told = me.notifications.get()
    assert client.post("/inbox/read/", {"id": told.pk, "next": "/friends/"})["Location"] == "/friends/"
    assert friends(client).added_me == []
    maya.remove_friend(me)
    maya.add_friend(me)
    assert friends(client).added_me == []  # told once, answered once


def test_where_somebody_is_is_told_only_to_people_on_their_list(
    client: Client, me: User, new_member: Any, post: Post, rooms: Rooms
) -> None:
    jiwoo = new_member("지우")
    me.add_friend(jiwoo)
    rooms[jiwoo.pk] = frozenset({post.pk})
    shown = friends(client)
    assert shown.seated == []
    assert not shown.others[0].is_online
    jiwoo.add_friend(me)
    assert names(friends(client).seated) == ["지우"]
    text = client.get("/friends/").text
    assert post.title in text
    assert f'href="/posts/{post.pk}/?view=room"' in text


def test_who_reads_unseen_is_nowhere(client: Client, me: User, new_member: Any, post: Post, rooms: Rooms) -> None:
    jiwoo = new_member("지우", is_unseen=True)
    me.add_friend(jiwoo)
    jiwoo.add_friend(me)
    rooms[jiwoo.pk] = frozenset({post.pk})
    assert not friends(client).others[0].is_online


def test_a_room_that_i_may_not_see_is_not_told_but_that_they_are_here(
    client: Client, me: User, new_member: Any, new_post: Any, owner: User, rooms: Rooms
) -> None:
    hidden = new_post(by=owner, title="숨긴 글")
    hidden.room.delete_softly(by=owner)
    jiwoo = new_member("지우")
    me.add_friend(jiwoo)
    jiwoo.add_friend(me)
    rooms[jiwoo.pk] = frozenset({hidden.pk})
    shown = friends(client)
    assert shown.seated == []
    assert shown.others[0].is_online
    assert "숨긴 글" not in client.get("/friends/").text


def test_a_private_status_is_shown_to_people_on_their_list(client: Client, me: User, new_member: Any) -> None:
    jiwoo = new_member("지우")
    jiwoo.profile.rewrite(status="집에서 디버깅", is_private=True)
    me.add_friend(jiwoo)
    assert "집에서 디버깅" not in client.get("/friends/").text
    jiwoo.add_friend(me)
    assert "집에서 디버깅" in client.get("/friends/").text


def test_somebody_who_blocked_me_leaves_my_list(client: Client, me: User, new_member: Any) -> None:
    jiwoo = new_member("지우")
    me.add_friend(jiwoo)
    jiwoo.block(me)
    assert "지우" not in client.get("/friends/").text


def test_the_list_takes_a_fixed_number_of_queries(
    client: Client, me: User, new_member: Any, post: Post, rooms: Rooms, django_assert_num_queries: Any
) -> None:
    def more() -> None:
        for _ in range(3):
            friend, fan, foe = new_member(), new_member(), new_member()
            me.add_friend(friend)
            friend.add_friend(me)
            fan.add_friend(me)
            me.block(foe)
            rooms[friend.pk] = frozenset({post.pk})

    more()
    client.get("/friends/")
    with django_assert_num_queries(12):
        client.get("/friends/")
    more()
    with django_assert_num_queries(12):
        client.get("/friends/")


def test_it_is_for_members_and_to_be_read(client: Client, new_member: Any) -> None:
    assert client.get("/friends/")["Location"].startswith("/accounts/login/")
    client.force_login(new_member())
    assert client.post("/friends/").status_code == 405
    assert "empty" in client.get("/friends/").text
