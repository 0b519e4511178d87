"""Who is told of what happens in a room."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Notification, User
from board.models import Post
from rooms.models import Level, Line, Membership, Room
from rooms.telling import tell_called, tell_cited, tell_members

pytestmark = pytest.mark.django_db
Kind = Notification.Kind


def told(person: User) -> list[str]:
    return list(person.notifications.for_inbox().order_by("pk").values_list("kind", flat=True))


def at_level(post: Post, person: User, level: Level) -> None:
    post.room.take_part(by=person, level=level)


def test_a_mention_reaches_also_who_takes_no_part(post: Post, owner: User, stranger: User) -> None:
    post.room.say(author=owner, text="@지우 @민서")
    assert told(stranger) == [Kind.MENTION]
    assert told(owner) == []  # never oneself


def test_an_answer_reaches_who_said_the_line_and_a_mention_in_it_says_it_alone(
    post: Post, owner: User, stranger: User
) -> None:
    line = post.room.say(author=stranger, text="누가 알아요?")
    post.room.say(author=owner, text="제가요", reply_to=line)
    post.room.say(author=owner, text="@지우 제가요", reply_to=line)
    assert told(stranger) == [Kind.REPLY, Kind.MENTION]


@pytest.mark.parametrize(
    ("level", "hears"),
    [
        (Level.ALL, [Kind.MENTION, Kind.CITED, Kind.DIGEST]),
        (Level.CALLS, [Kind.MENTION, Kind.CITED]),
        (Level.DIGESTS, [Kind.CITED, Kind.DIGEST]),
        (Level.OFF, []),
    ],
)
def test_levels_are_obeyed(post: Post, owner: User, stranger: User, level: Level, hears: list[str]) -> None:
    line = post.room.say(author=stranger, text="쓸 만한 말")
    at_level(post, stranger, level)
    post.room.say(author=owner, text="@지우")
    tell_cited([line], by=owner)
    tell_members(Kind.DIGEST, post.room.say(author=owner, text="모은 생각"), by=owner)
    assert told(stranger) == hears


def test_it_is_told_once(post: Post, owner: User, stranger: User) -> None:
    lines = [post.room.say(author=stranger, text="말") for _ in range(2)]
    for _ in range(2):
        tell_called(lines[0], mentioned=[owner.pk])
        tell_cited(lines, by=owner)
    assert told(owner) == [Kind.MENTION]
    assert told(stranger) == [Kind.CITED]


@pytest.mark.parametrize("who_blocks", ["the called", "the caller"])
def test_blocked_people_tell_each_other_nothing(
    new_post: Callable[..., Post], new_member: Callable[..., User], owner: User, stranger: User, who_blocks: str
) -> None:
    room = new_post(by=new_member()).room
    (stranger if who_blocks == "the called" else owner).block(owner if who_blocks == "the called" else stranger)
    line = room.say(author=owner, text="@지우")
    tell_called(line, mentioned=[stranger.pk])
    assert told(stranger) == []


def test_what_is_gone_or_out_of_reach_is_told_no_more_by_the_same_rule_as_the_room(
    new_post: Callable[..., Post], new_member: Callable[..., User], owner: User, stranger: User, staff: User
) -> None:
    """For every sort of room and person: the inbox tells a line exactly where the room may be read."""
    caller = new_member()
    suspended = new_member(suspended_until=timezone.now() + timedelta(hours=1))
    was_suspended = new_member(suspended_until=timezone.now() - timedelta(hours=1))
    people = [owner, stranger, staff, suspended, was_suspended, new_member()]
    kept_out = people[-1]
    for hidden in (None, timezone.now()):
        for deleted in (None, timezone.now()):
            for members_only in (False, True):
                room = new_post(by=owner).room
                line = room.say(author=caller, text="모두 보세요")
                tell_called(line, mentioned=[person.pk for person in people])
                state = {"hidden_at": hidden, "deleted_at": deleted, "members_only": members_only}
                Room.objects.filter(pk=room.pk).update(**state)
    # No more than what `block` does to what may be read: it also takes back what was told between the two.
    owner.blocks.create(blocked=kept_out)
    for person in User.objects.filter(pk__in=[person.pk for person in people]):
        may_read = set(Line.objects.visible_to(person).filter(author=caller).values_list("pk", flat=True))
        assert set(person.notifications.for_inbox().values_list("line", flat=True)) == may_read
    Line.objects.filter(author=caller).update(deleted_at=timezone.now())
    assert not staff.notifications.for_inbox().exists()


def test_an_edit_calls_whom_it_names_once_and_calls_back_whom_it_names_no_more(
    post: Post, owner: User, stranger: User
) -> None:
    line = post.room.say(author=owner, text="누구 없나요")
    for text in ("@지우 있나요", "@지우 있어요?"):
        line.edit(by=owner, text=text)
    assert told(stranger) == [Kind.MENTION]
    line.edit(by=owner, text="아무도 없네요")
    assert told(stranger) == []


def test_memberships_are_in_the_downloaded_data(post: Post, stranger: User) -> None:
    from rooms.export import membership_files

    at_level(post, stranger, Level.DIGESTS)
    files = dict(membership_files(stranger))
    assert '"level": "digests"' in str(files["memberships.json"])
    assert f"/posts/{post.pk}/" in str(files["memberships.md"])
    Room.objects.filter(pk=post.pk).update(deleted_at=timezone.now())
    assert "digests" not in str(dict(membership_files(stranger))["memberships.json"])
    assert Membership.objects.filter(person=stranger).exists()
