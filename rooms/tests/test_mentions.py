"""`@nickname` in a line: who is called, and how it stands there."""

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.db import connection

from accounts.models import User
from board.models import Post
from cobra.markdown.calls import MOST
from rooms.models import Line

pytestmark = pytest.mark.django_db


def called(line: Line) -> list[str]:
    return [each.person.nickname for each in line.mentions.order_by("pk")]


@pytest.mark.parametrize(
    "text",
    [
        "@지우",
        "@지우가 말했어요",
        "안녕@지우님",
        "(@지우)",
        "**@지우**",
        "> @지우\n\n네",
        "@지우, 어때요?",
        "@지우\n@지우",
        "@지우_",
    ],
)
def test_a_line_calls_whose_nickname_follows_the_sign(post: Post, owner: User, stranger: User, text: str) -> None:
    line = post.room.say(author=owner, text=text)
    assert called(line) == ["지우"]
    assert f'<a class="at" href="/people/%EC%A7%80%EC%9A%B0/" data-person="{stranger.pk}" rel="' in line.html
    assert ">@지우</a>" in line.html


@pytest.mark.parametrize(
    "text",
    [
        "지우",
        "@ 지우",
        "`@지우`",
        "```\n@지우\n```",
        "me@지우.com",
        "[글](https://example.com/@지우)",
        "https://example.com/@지우",
        "@@지우",
        "@민호",
    ],
)
def test_what_is_no_call_stays_as_it_was_written(post: Post, owner: User, stranger: User, text: str) -> None:
    line = post.room.say(author=owner, text=text)
    assert called(line) == []
    assert 'class="at"' not in line.html


def test_the_longest_nickname_is_called(post: Post, owner: User, new_member: Callable[..., User]) -> None:
    for name in ("서준", "서준이", "Min_ji", "Min"):
        new_member(name)
    assert called(post.room.say(author=owner, text="@서준이가 @min_JI-야, @Min-yo")) == ["서준이", "Min_ji", "Min"]


def test_somebody_is_called_by_the_name_they_had_before(post: Post, owner: User, stranger: User) -> None:
    stranger.rename("우주")
    line = post.room.say(author=owner, text="@지우야")
    assert called(line) == ["우주"]
    assert ">@지우</a>야" in line.html


def test_nobody_calls_who_has_blocked_them_nor_who_has_left(
    post: Post, stranger: User, new_member: Callable[..., User]
) -> None:
    shy, gone = new_member("수민"), new_member("떠난이")
    shy.block(stranger)
    gone.close()
    line = post.room.say(author=stranger, text="@수민 @떠난이")
    assert called(line) == []
    assert 'class="at"' not in line.html


def test_one_calls_oneself_in_words_only(post: Post, owner: User) -> None:
    assert called(post.room.say(author=owner, text="@민서는 저예요")) == []


def test_an_edit_calls_whom_it_names_now(
    post: Post, owner: User, stranger: User, new_member: Callable[..., User]
) -> None:
    new_member("하린")
    line = post.room.say(author=owner, text="@지우 봐 주세요")
    first = line.mentions.get()
    line.edit(by=owner, text="@지우 @하린 봐 주세요")
    assert called(line) == ["지우", "하린"]
    assert line.mentions.first() == first  # called once
    line.edit(by=owner, text="@하린 봐 주세요")
    assert called(line) == ["하린"]
    line.delete_softly(by=owner)
    assert called(line) == []


def test_one_line_does_not_call_the_whole_house(post: Post, owner: User, new_member: Callable[..., User]) -> None:
    names = [new_member(f"사람_{number:03}").nickname for number in range(MOST + 5)]
    line = post.room.say(author=owner, text=" ".join(f"@{name}" for name in names))
    assert called(line) == names[:MOST]


def test_a_line_without_a_call_asks_nobody(
    post: Post, owner: User, django_assert_max_num_queries: Callable[..., object], settings: LazySettings
) -> None:
    # One more on PostgreSQL, which carries the bell to other processes.
    with django_assert_max_num_queries(9 + (connection.vendor == "postgresql")):  # type: ignore[attr-defined]
        post.room.say(author=owner, text="부르지 않아요")
