"""How far somebody has read in a room, and how much of it they have not."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Notification, User
from board.models import Post
from rooms.models import Line, Membership, ReadMark, Room
from rooms.reading import MOST_COUNTED, unread_rooms_count
from rooms.telling import tell_called, tell_cited

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def address(post: Post) -> str:
    return f"/posts/{post.pk}/room/read/"


def unread(post: Post, person: User) -> int:
    return int(Membership.objects.with_unread().get(room=post.pk, person=person).unread)  # type: ignore[attr-defined]


def mark(person: User) -> int:
    return ReadMark.objects.get(person=person).seq


def test_what_others_said_above_the_mark_is_unread(
    client: Client, post: Post, address: str, owner: User, stranger: User
) -> None:
    post.room.say(author=owner, text="내 줄")
    lines = [post.room.say(author=stranger, text=f"{number}") for number in range(3)]
    assert unread(post, owner) == 3
    client.force_login(owner)
    assert client.post(address, {"seq": lines[1].seq})["Location"] == post.get_absolute_url()
    assert unread(post, owner) == 1
    assert client.post(address, {"seq": lines[2].seq}, headers=PARTIAL).status_code == 204
    assert unread(post, owner) == 0


def test_the_mark_never_moves_back_nor_beyond_the_log(
    client: Client, post: Post, address: str, owner: User, stranger: User
) -> None:
    for _ in range(2):
        post.room.say(author=stranger, text="안녕")
    client.force_login(owner)
    for seq, expected in ((1, 1), (10**12, 2), (1, 2)):
        client.post(address, {"seq": seq})
        assert mark(owner) == expected
    for nonsense in ({"seq": "x"}, {"seq": "9" * 30}, {"lines": "1,y"}):
        assert client.post(address, nonsense).status_code == 400
    assert client.get(address).status_code == 405


def test_it_is_counted_and_never_subtracted(post: Post, owner: User, stranger: User) -> None:
    """Notices and changes of lines move the room's version on, and say nothing."""
    line, gone = (post.room.say(author=stranger, text="안녕") for _ in range(2))
    post.room.admit(by=owner, members_only=True)
    Line.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    assert unread(post, owner) == 1
    Line.objects.filter(pk=line.pk).update(hidden_at=timezone.now())
    assert unread(post, owner) == 0


def test_people_i_have_blocked_leave_nothing_unread(post: Post, owner: User, stranger: User) -> None:
    post.room.say(author=stranger, text="안녕")
    owner.block(stranger)
    assert unread(post, owner) == 0


def test_counting_stops_where_it_says_no_more(post: Post, owner: User, stranger: User) -> None:
    rows = (Line(room=post.room, seq=n, version=n, author=stranger, text="줄") for n in range(1, MOST_COUNTED + 20))
    Line.objects.bulk_create(rows)
    assert unread(post, owner) == MOST_COUNTED + 1


def test_so_does_counting_the_rooms_for_the_top_of_every_page(owner: User, stranger: User) -> None:
    rooms = Room.objects.bulk_create(Room(owner=owner) for _ in range(MOST_COUNTED + 5))
    Membership.objects.bulk_create(Membership(room=room, person=stranger) for room in rooms)
    Line.objects.bulk_create(Line(room=room, seq=1, version=1, author=owner, text="줄") for room in rooms)
    assert unread_rooms_count(stranger) == MOST_COUNTED + 1


def test_who_takes_no_part_has_a_mark_too(
    client: Client, post: Post, address: str, stranger: User, owner: User
) -> None:
    post.room.say(author=owner, text="안녕")
    client.force_login(stranger)
    client.post(address, {"seq": 1})
    assert mark(stranger) == 1
    assert not Membership.objects.filter(person=stranger).exists()


def test_reading_a_line_reads_what_the_inbox_tells_of_it(
    post: Post, owner: User, stranger: User, new_member: Callable[..., User]
) -> None:
    mine = post.room.say(author=owner, text="내 말")
    calls = [post.room.say(author=stranger, text="저기요") for _ in range(3)]
    for line in calls:
        tell_called(line, mentioned=[owner.pk])
    tell_cited([mine], by=stranger)
    waiting = owner.notifications.unread()
    post.room.read(by=owner, up_to=calls[0].seq)
    assert set(waiting.values_list("line", flat=True)) == {calls[1].pk, calls[2].pk, mine.pk}
    post.room.read(by=owner, up_to=0, lines=[calls[2].pk])  # seen, with unread lines above it
    assert set(waiting.values_list("line", flat=True)) == {calls[1].pk, mine.pk}
    post.room.read(by=owner, up_to=0, lines=[mine.pk])  # being kept is news even of a line long read
    assert set(waiting.values_list("kind", flat=True)) == {Notification.Kind.MENTION}
