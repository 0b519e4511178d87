"""The rooms I take part in, and how much I have not read there: on cards, on top of every page, in the inbox."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from board.listing import PAGE
from board.models import Post
from rooms.models import Level, Line, Room

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
NewPost = Callable[..., Post]


@pytest.fixture
def as_stranger(client: Client, stranger: User) -> Client:
    client.force_login(stranger)
    return client


def titles(client: Client, path: str = "/rooms/") -> list[str]:
    return [post.title for post in client.get(path).context["listing"].posts]


def new_in(post: Post, text: str) -> str | None:
    """What a page says of a room's unread lines; None where it shows none."""
    _before, found, after = text.partition(f'data-unread-in="{post.pk}"')
    tag, _, inside = after.partition(">")
    return inside.split("<b>")[1].split("</b>")[0] if found and "hidden" not in tag else None


def test_my_rooms_stand_in_it_the_liveliest_first(
    as_stranger: Client, new_post: NewPost, owner: User, stranger: User
) -> None:
    quiet, lively, others = (new_post(by=owner, title=title) for title in ("조용한 방", "떠들썩한 방", "남의 방"))
    for post in (quiet, lively):
        post.room.take_part(by=stranger)
    for post in (lively, others):
        post.room.say(author=owner, text="안녕")
    assert titles(as_stranger) == ["떠들썩한 방", "조용한 방"]
    quiet.room.leave(by=stranger)
    assert titles(as_stranger) == ["떠들썩한 방"]
    Room.objects.filter(pk=lively.pk).update(hidden_at=timezone.now())
    assert titles(as_stranger) == []
    assert 'class="empty"' in as_stranger.get("/rooms/").text


def test_a_visitor_sees_the_rooms_that_are_alive_and_has_none(client: Client, post: Post) -> None:
    response = client.get("/rooms/")
    assert response.context["listing"].posts == []
    assert 'id="rooms"' in response.text


def test_it_pages_to_its_end(as_stranger: Client, new_post: NewPost, owner: User, stranger: User) -> None:
    for number in range(PAGE + 2):
        new_post(by=owner, title=f"{number}").room.take_part(by=stranger)
    more = as_stranger.get("/rooms/").context["listing"].next_before
    part = as_stranger.get(f"/rooms/?before={more}", headers=PARTIAL)
    assert "<html" not in part.text
    assert len(titles(as_stranger, f"/rooms/?before={more}")) == 2
    assert as_stranger.get("/rooms/?before=x").status_code == 404


def test_what_i_have_not_read_is_counted_on_cards_on_top_and_in_the_inbox(
    as_stranger: Client, post: Post, owner: User, stranger: User
) -> None:
    post.room.take_part(by=stranger)
    for number in range(3):
        post.room.say(author=owner, text=f"{number}")
    for path in ("/", "/rooms/", "/inbox/"):
        text = as_stranger.get(path).text
        assert new_in(post, text) == "3"
        assert 'data-unread-in="rooms"><b>1</b>' in text
    last = Line.objects.latest("seq")
    as_stranger.post(f"/posts/{post.pk}/room/read/", {"seq": last.seq})
    text = as_stranger.get("/").text
    assert new_in(post, text) is None
    assert 'data-unread-in="rooms" hidden' in text
    assert "unread-rooms" not in as_stranger.get("/inbox/").text


@pytest.mark.parametrize("level", [Level.CALLS, Level.DIGESTS, Level.OFF])
def test_a_room_that_tells_less_than_everything_counts_nothing(
    as_stranger: Client, post: Post, owner: User, stranger: User, level: Level
) -> None:
    post.room.take_part(by=stranger, level=level)
    post.room.say(author=owner, text="안녕")
    for path in ("/", "/rooms/", "/inbox/"):
        text = as_stranger.get(path).text
        assert new_in(post, text) is None
        assert 'data-unread-in="rooms" hidden' in text
    assert str(level.label) in as_stranger.get("/rooms/").text


def test_a_room_i_may_no_longer_read_counts_nothing(
    as_stranger: Client, post: Post, owner: User, stranger: User
) -> None:
    post.room.take_part(by=stranger)
    post.room.say(author=owner, text="안녕")
    Room.objects.filter(pk=post.pk).update(hidden_at=timezone.now())
    text = as_stranger.get("/inbox/").text
    assert 'data-unread-in="rooms" hidden' in text
    assert post.title not in text


def test_cards_take_a_fixed_number_of_queries(
    as_stranger: Client,
    new_post: NewPost,
    owner: User,
    stranger: User,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(7):
        post = new_post(by=owner)
        post.room.take_part(by=stranger)
        post.room.say(author=owner, text="안녕")
    with django_assert_max_num_queries(14):
        as_stranger.get("/rooms/")
    with django_assert_max_num_queries(15):
        as_stranger.get("/")
