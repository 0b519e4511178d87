"""Verdicts and slow mode: what a room takes, and what its log says about it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from board.models import Post
from rooms.errors import RoomClosed, TooSoon
from rooms.models import Line, Room, RoomVersion, Verdict

pytestmark = pytest.mark.django_db


def kinds(post: Post) -> list[str]:
    return list(post.room.lines.order_by("seq").values_list("kind", flat=True))


def test_a_closed_room_takes_no_line_and_says_why(post: Post, owner: User, stranger: User) -> None:
    post.room.close(by=owner, verdict=Verdict.SOLVED, text="풀을 쓰면 됩니다.")
    for author in (owner, stranger):
        with pytest.raises(RoomClosed):
            post.room.say(author=author, text="아직요")
    assert kinds(post) == ["solved"]
    notice = post.room.lines.get()
    assert (notice.author, notice.text, notice.is_closing) == (owner, "풀을 쓰면 됩니다.", True)
    assert RoomVersion.objects.get(pk=post.pk).version == 1


def test_reopened_it_goes_on(post: Post, owner: User, stranger: User) -> None:
    post.room.close(by=owner, verdict=Verdict.ON_HOLD, text="다음 주에 다시 봐요.")
    post.room.reopen(by=owner)
    post.room.reopen(by=owner)  # no change, no row
    post.room.say(author=stranger, text="다시 왔어요")
    assert kinds(post) == ["on_hold", "reopened", "said"]
    assert (Room.objects.get(pk=post.pk).verdict, post.room.verdict_text) == ("", "")


def test_the_same_verdict_twice_is_said_once_and_a_better_sentence_is_said(post: Post, owner: User) -> None:
    for text in ("됐어요.", "됐어요.", "풀 덕분에 됐어요."):
        post.room.close(by=owner, verdict=Verdict.SOLVED, text=text)
    assert list(post.room.lines.order_by("seq").values_list("text", flat=True)) == ["됐어요.", "풀 덕분에 됐어요."]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_after_a_verdict_however_close_they_come(
    post: Post, owner: User, new_member: Callable[..., User]
) -> None:
    people = [new_member() for _ in range(6)]

    def act(number: int) -> str:
        try:
            room = Room.objects.get(pk=post.pk)
            if number == 3:
                room.close(by=owner, verdict=Verdict.SETTLED, text="여기까지.")
                return "closed"
            room.say(author=people[number], text=f"줄 {number}")
        except RoomClosed:
            return "refused"
        finally:
            connection.close()
        return "said"

    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(act, range(6)))
    assert kinds(post)[-1] == "settled"
    assert kinds(post).count("said") == done.count("said")
    assert RoomVersion.objects.get(pk=post.pk).version == len(kinds(post))


def test_slow_mode_holds_everybody_but_those_who_may_set_it(
    post: Post, owner: User, stranger: User, staff: User, new_post: Callable[..., Post]
) -> None:
    post.room.slow_down(by=owner, seconds=30)
    post.room.say(author=stranger, text="하나")
    with pytest.raises(TooSoon) as refusal:
        post.room.say(author=stranger, text="둘")
    assert 29 <= refusal.value.retry_after <= 30
    assert refusal.value.headers == {"Retry-After": str(refusal.value.retry_after)}
    for free in (owner, owner, staff, staff):
        post.room.say(author=free, text="저는 괜찮아요")
    new_post(by=owner).room.say(author=stranger, text="다른 방은 빨라요")
    Line.objects.filter(text="하나").update(created_at=timezone.now() - timedelta(seconds=31))
    post.room.say(author=stranger, text="이제 둘")
    post.room.slow_down(by=owner, seconds=0)
    post.room.say(author=stranger, text="이제 셋")
    assert [line.text for line in post.room.lines.filter(kind="slowed").order_by("seq")] == ["30", "0"]


def test_whoever_said_something_takes_part(post: Post, owner: User, stranger: User) -> None:
    assert post.room.has_member(owner)
    assert not post.room.has_member(stranger)
    post.room.say(author=stranger, text="저도요")
    assert post.room.has_member(stranger)


def test_who_takes_part_is_told_of_a_verdict(post: Post, owner: User, stranger: User) -> None:
    post.room.say(author=stranger, text="저요")
    for text in ("됐어요.", "됐어요."):
        post.room.close(by=owner, verdict=Verdict.SOLVED, text=text)
    assert list(stranger.notifications.values_list("kind", flat=True)) == ["verdict"]
