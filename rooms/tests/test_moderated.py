"""What staff do to rooms."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Deed, User
from board.models import Digest, Post
from rooms.errors import DoneAlready, RoomLocked, TooSoon
from rooms.models import Line, Verdict

NewPost = Callable[..., Post]

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


def test_in_slow_mode_who_comes_in_may_speak_at_once(post: Post, owner: User, stranger: User) -> None:
    post.room.slow_down(by=owner, seconds=60)
    post.room.take_part(by=stranger)
    post.room.say(author=stranger, text="처음 하는 말이에요")
    with pytest.raises(TooSoon):
        post.room.say(author=stranger, text="바로 또 하는 말이에요")


def test_whatever_staff_do_to_somebody_elses_room_is_in_the_log(post: Post, owner: User, staff: User) -> None:
    line = post.room.say(author=owner, text="여기를 보세요")
    digest = Digest.propose(post=post, by=owner, title="모음", text=f"[[{line.seq}]]")
    digest.give_back(by=staff, word="한 줄만 더요.")
    digest.revise(by=staff, title="모음", text=f"[[{line.seq}]] 이 줄이에요.", version=1)
    digest.publish(by=staff, version=2)
    digest.withdraw(by=staff)
    post.room.slow_down(by=staff, seconds=10)
    post.room.close(by=staff, verdict=Verdict.SOLVED, text="풀렸어요.")
    post.room.reopen(by=staff)
    post.room.admit(by=staff, members_only=True)
    post.delete_softly(by=staff)
    post.restore(by=staff)
    deeds = Deed.objects.order_by("pk")
    assert [deed.action for deed in deeds] == ["room"] * 8 + ["delete", "restore"]
    assert {(deed.by, deed.person, deed.room_id) for deed in deeds} == {(staff, owner, post.pk)}
    assert all(deed.detail for deed in deeds)


def test_what_people_do_to_their_own_rooms_is_not(post: Post, owner: User, staff: User, new_post: NewPost) -> None:
    mine = new_post(by=staff)
    for each, by in ((post, owner), (mine, staff)):
        each.room.close(by=by, verdict=Verdict.SOLVED, text="풀렸어요.")
        each.delete_softly(by=by)
    post.room.take_part(by=staff)
    assert not Deed.objects.exists()
