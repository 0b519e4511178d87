"""What staff do to rooms."""

import pytest
from django.test import Client

from accounts.models import Deed, User
from board.models import Post
from rooms.errors import DoneAlready, RoomLocked
from rooms.models import Line

pytestmark = pytest.mark.django_db


def status_for(user: User | None, post: Post) -> int:
    client = Client()
    if user:
        client.force_login(user)
    return client.get(post.get_absolute_url()).status_code


def test_a_hidden_room_is_there_for_its_owner_and_the_staff_alone(
    post: Post, owner: User, stranger: User, staff: User
) -> None:
    post.room.hide(by=staff, reason="광고예요.")
    assert [status_for(user, post) for user in (None, stranger, owner, staff)] == [404, 404, 200, 200]
    post.room.show(by=staff)
    assert [status_for(user, post) for user in (None, stranger, owner, staff)] == [200, 200, 200, 200]
    assert [line.kind for line in Line.objects.order_by("seq")] == ["hidden", "shown"]
    assert [(deed.action, deed.room_id, deed.person) for deed in Deed.objects.order_by("pk")] == [
        ("hide", post.pk, owner),
        ("show", post.pk, owner),
    ]


def test_in_a_locked_room_nobody_says_anything(post: Post, owner: User, staff: User) -> None:
    post.room.lock(by=staff, reason="너무 뜨거워졌어요.")
    with pytest.raises(RoomLocked):
        post.room.say(author=owner, text="그래도")
    post.room.unlock(by=staff)
    post.room.say(author=owner, text="다시")


def test_the_second_to_do_it_does_nothing(post: Post, staff: User) -> None:
    post.room.lock(by=staff, reason="너무 뜨거워졌어요.")
    with pytest.raises(DoneAlready):
        post.room.lock(by=staff, reason="너무 뜨거워졌어요.")
    assert Line.objects.count() == Deed.objects.count() == 1
