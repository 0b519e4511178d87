"""Room.say(): what becomes of a line."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.utils import timezone

from accounts.errors import Suspended
from accounts.models import User
from board.models import Post
from cobra.rates import Rate
from rooms.errors import ClientIdUsed, KeptOut, RoomLocked, TooFast
from rooms.models import Line, Room, RoomVersion

pytestmark = pytest.mark.django_db


def version_of(room: Room) -> int:
    return RoomVersion.objects.get(pk=room.pk).version


def test_every_line_takes_the_next_version(post: Post, owner: User, stranger: User) -> None:
    lines = [post.room.say(author=author, text="안녕") for author in (owner, stranger, owner)]
    assert [(line.seq, line.version) for line in lines] == [(1, 1), (2, 2), (3, 3)]
    assert version_of(post.room) == 3


def test_the_same_client_id_again_makes_one_line_and_takes_no_version(post: Post, owner: User) -> None:
    name = uuid.uuid4()
    first = post.room.say(author=owner, text="한 번", client_id=name)
    again = post.room.say(author=owner, text="한 번", client_id=name)
    assert again.pk == first.pk
    assert version_of(post.room) == 1
    assert Line.objects.count() == 1


def test_a_client_id_belongs_to_its_author(post: Post, owner: User, stranger: User) -> None:
    name = uuid.uuid4()
    post.room.say(author=owner, text="내 줄", client_id=name)
    assert post.room.say(author=stranger, text="다른 줄", client_id=name).author == stranger


def test_a_client_id_of_another_room_is_refused(post: Post, owner: User, new_post: Callable[..., Post]) -> None:
    name = uuid.uuid4()
    post.room.say(author=owner, text="여기", client_id=name)
    elsewhere = new_post(by=owner).room
    with pytest.raises(ClientIdUsed):
        elsewhere.say(author=owner, text="여기", client_id=name)
    assert version_of(elsewhere) == 0


def test_a_locked_room_refuses_and_keeps_its_version(post: Post, owner: User) -> None:
    Room.objects.filter(pk=post.pk).update(locked_at=timezone.now())
    with pytest.raises(RoomLocked):
        post.room.say(author=owner, text="늦었나요")
    assert version_of(post.room) == 0


def test_a_line_that_was_taken_is_no_refusal_when_it_is_sent_again(post: Post, owner: User) -> None:
    name = uuid.uuid4()
    first = post.room.say(author=owner, text="막 전에", client_id=name)
    Room.objects.filter(pk=post.pk).update(locked_at=timezone.now())
    assert post.room.say(author=owner, text="막 전에", client_id=name).pk == first.pk


def test_a_room_that_the_author_may_not_see_takes_nothing(post: Post, stranger: User) -> None:
    Room.objects.filter(pk=post.pk).update(hidden_at=timezone.now())
    with pytest.raises(Room.DoesNotExist):
        post.room.say(author=stranger, text="저요")
    assert version_of(post.room) == 0


def test_a_suspended_person_cannot_write(post: Post, owner: User) -> None:
    owner.suspended_until = timezone.now() + timedelta(hours=1)
    with pytest.raises(Suspended):
        post.room.say(author=owner, text="저요")


def test_somebody_the_owner_has_blocked_cannot_write_in_the_room_but_elsewhere(
    post: Post, owner: User, stranger: User, new_post: Callable[..., Post]
) -> None:
    owner.block(stranger)
    with pytest.raises(KeptOut):
        post.room.say(author=stranger, text="여보세요?")
    assert version_of(post.room) == 0
    new_post(by=stranger).room.say(author=owner, text="그쪽은 나를 막지 않았어요.")
    owner.unblock(stranger)
    post.room.say(author=stranger, text="고마워요.")


def test_too_many_lines_are_refused_with_the_time_to_wait(
    post: Post, owner: User, stranger: User, settings: LazySettings
) -> None:
    settings.LINE_RATE = Rate.parse("2/10s")
    post.room.say(author=owner, text="하나")
    post.room.say(author=owner, text="둘")
    with pytest.raises(TooFast) as refusal:
        post.room.say(author=owner, text="셋")
    assert 1 <= refusal.value.retry_after <= 10
    assert version_of(post.room) == 2
    post.room.say(author=stranger, text="다른 사람은 말할 수 있어요")
    Line.objects.filter(text="하나").update(created_at=timezone.now() - timedelta(seconds=11))
    post.room.say(author=owner, text="이제 셋")


def test_who_is_blocked_while_they_write_is_refused_by_what_is_true_under_the_lock(
    post: Post, owner: User, stranger: User
) -> None:
    assert owner.pk not in stranger.kept_out_by  # as of the beginning of the request
    User.objects.get(pk=owner.pk).block(User.objects.get(pk=stranger.pk))
    with pytest.raises(KeptOut):
        post.room.say(author=stranger, text="그래도")
    assert not Line.objects.exists()


def test_lines_of_one_author_within_five_minutes_are_one_block(post: Post, owner: User, stranger: User) -> None:
    first = post.room.say(author=owner, text="하나")
    assert not first.continues
    assert post.room.say(author=owner, text="둘").continues
    assert not post.room.say(author=stranger, text="셋").continues
    assert not post.room.say(author=owner, text="넷").continues
    Line.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    assert not post.room.say(author=owner, text="다섯").continues


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_versions_without_a_hole(post: Post, owner: User, stranger: User) -> None:
    def speak(number: int) -> int:
        try:
            room = Room.objects.get(pk=post.pk)
            return room.say(author=(owner, stranger)[number % 2], text=f"줄 {number}").seq
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(speak, range(20)))
    assert sorted(said) == list(range(1, 21))
    assert version_of(post.room) == 20


@pytest.mark.django_db(transaction=True)
def test_one_client_id_sent_many_times_at_once_makes_one_line(post: Post, owner: User) -> None:
    name = uuid.uuid4()

    def speak(_: int) -> int:
        try:
            return Room.objects.get(pk=post.pk).say(author=owner, text="한 번만", client_id=name).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert len(set(threads.map(speak, range(12)))) == 1
    assert version_of(post.room) == 1


@pytest.mark.django_db(transaction=True)
def test_one_client_id_in_two_rooms_at_once_lands_in_one(
    post: Post, owner: User, new_post: Callable[..., Post]
) -> None:
    rooms = [post.pk, new_post(by=owner).pk]
    name = uuid.uuid4()

    def speak(pk: int) -> str:
        try:
            Room.objects.get(pk=pk).say(author=owner, text="어디로", client_id=name)
        except ClientIdUsed:
            return "refused"
        finally:
            connection.close()
        return "said"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(speak, rooms)) == ["refused", "said"]
    assert Line.objects.count() == 1


def test_members_only_and_back_are_rows_of_the_log(post: Post, owner: User) -> None:
    post.room.say(author=owner, text="안녕")
    post.room.admit(by=owner, members_only=True)
    post.room.admit(by=owner, members_only=True)  # no change, no row
    post.room.admit(by=owner, members_only=False)
    assert list(post.room.lines.order_by("seq").values_list("kind", flat=True)) == [
        "said",
        "members_only",
        "open_to_all",
    ]
    assert version_of(post.room) == 3


def test_lines_from_before_the_clock_was_set_back_hold_nobody_up(
    post: Post, owner: User, settings: LazySettings
) -> None:
    settings.LINE_RATE = Rate.parse("2/10s")
    for number in range(2):
        post.room.say(author=owner, text=f"{number}")
    Line.objects.update(created_at=timezone.now() + timedelta(minutes=30))
    for number in range(2):
        post.room.say(author=owner, text=f"다시 {number}")
    with pytest.raises(TooFast):
        post.room.say(author=owner, text="너무 빨라요")
    assert [line.text for line in Line.objects.order_by("seq")] == ["0", "1", "다시 0", "다시 1"]
