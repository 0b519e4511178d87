"""Over a post: what has changed since somebody was last there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from board.models import Post
from rooms.models import Line, ReadMark, RoomVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_stranger(client: Client, stranger: User) -> Client:
    client.force_login(stranger)
    return client


def strip(client: Client, post: Post) -> str:
    _before, found, after = client.get(post.get_absolute_url()).text.partition('<aside class="returned"')
    return after.partition("</aside>")[0] if found else ""


def was_here(post: Post, person: User, *, seq: int, hours: int = 2) -> None:
    post.room.read(by=person, up_to=seq)
    ReadMark.objects.filter(person=person).update(seen_at=timezone.now() - timedelta(hours=hours))


def edit(post: Post, by: User) -> None:
    post.revise(by=by, title=post.title, body="고친 글", category=post.category, tags=[], members_only=False)


def test_who_was_never_here_is_told_nothing(client: Client, as_stranger: Client, post: Post, owner: User) -> None:
    post.room.say(author=owner, text="안녕")
    edit(post, owner)
    assert strip(as_stranger, post) == ""
    assert strip(Client(), post) == ""


def test_a_changed_post_leads_to_what_changed_and_new_lines_to_the_first_of_them(
    as_stranger: Client, post: Post, owner: User, stranger: User
) -> None:
    lines = [post.room.say(author=owner, text=f"{number}") for number in range(3)]
    was_here(post, stranger, seq=lines[0].seq)
    assert "/history/" not in strip(as_stranger, post)
    edit(post, owner)
    told = strip(as_stranger, post)
    assert f'href="/posts/{post.pk}/history/"' in told
    assert f'href="/posts/{post.pk}/room/?at={lines[1].pk}#since"' in told
    assert "새 줄 2개" in told


def test_it_is_told_until_the_page_was_seen(as_stranger: Client, post: Post, owner: User, stranger: User) -> None:
    line = post.room.say(author=owner, text="안녕")
    was_here(post, stranger, seq=line.seq)
    edit(post, owner)
    assert strip(as_stranger, post)
    as_stranger.post(f"/posts/{post.pk}/room/read/")  # a page that is open says so
    assert strip(as_stranger, post) == ""


def test_my_own_doings_are_no_news(client: Client, post: Post, owner: User) -> None:
    was_here(post, owner, seq=0)
    edit(post, owner)
    post.room.say(author=owner, text="내 말")
    client.force_login(owner)
    assert strip(client, post) == ""


@pytest.mark.parametrize("kind", ["kept", "solved", "settled", "on_hold", "reopened"])
def test_kept_thoughts_and_verdicts_are_news(
    as_stranger: Client, post: Post, owner: User, stranger: User, kind: str, new_post: Callable[..., Post]
) -> None:
    was_here(post, stranger, seq=0)
    version = RoomVersion.objects.advance(post.pk).version
    notice = Line.objects.create(room=post.room, seq=version, version=version, author=owner, kind=kind)
    assert f"?at={notice.pk}#line-{notice.pk}" in strip(as_stranger, post)
    post.room.read(by=stranger, up_to=version)
    assert strip(as_stranger, post) == ""
