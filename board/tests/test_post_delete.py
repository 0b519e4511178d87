"""Deleting a post, and bringing it back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from board.models import RESTORABLE, Post
from rooms.models import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(post: Post) -> str:
    return f"/posts/{post.pk}/delete/"


def status_for(user: User | None, post: Post) -> int:
    client = Client()
    if user:
        client.force_login(user)
    return client.get(post.get_absolute_url()).status_code


def test_a_deleted_post_is_gone_for_everybody_but_those_who_may_bring_it_back(
    client: Client, post: Post, owner: User, stranger: User, staff: User, address: str
) -> None:
    client.force_login(owner)
    response = client.post(address, follow=True)
    assert response.status_code == 410
    assert post.title in response.content.decode()
    assert [status_for(user, post) for user in (None, stranger, owner, staff)] == [404, 404, 410, 410]


def test_it_comes_back_with_its_room(client: Client, post: Post, owner: User, address: str) -> None:
    post.room.say(author=owner, text="아직 있어요")
    client.force_login(owner)
    client.post(address)
    response = client.post(address, {"wanted": "0"}, follow=True)
    assert response.status_code == 200
    assert "아직 있어요" in response.text
    assert status_for(None, post) == 200
    assert client.post(address, {"wanted": "0"}).status_code == 404  # there is nothing to bring back


def test_after_a_week_it_stays_gone(client: Client, post: Post, owner: User, address: str) -> None:
    client.force_login(owner)
    client.post(address)
    Room.objects.filter(pk=post.pk).update(deleted_at=timezone.now() - RESTORABLE - timedelta(minutes=1))
    assert status_for(owner, post) == 404
    assert client.post(address, {"wanted": "0"}).status_code == 404


def test_what_staff_took_away_its_author_cannot_bring_back(
    client: Client, post: Post, owner: User, staff: User, address: str
) -> None:
    client.force_login(staff)
    client.post(address)
    client.force_login(owner)
    assert client.post(address, {"wanted": "0"}).status_code == 404
    assert status_for(owner, post) == 404


def test_a_stranger_brings_nothing_back(client: Client, post: Post, stranger: User, address: str) -> None:
    post.delete_softly(by=post.author)
    client.force_login(stranger)
    assert client.post(address, {"wanted": "0"}).status_code == 404
