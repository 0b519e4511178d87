"""Bookmarks, and the lists of them and of one author's posts."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from board.models import Bookmark, Post

pytestmark = pytest.mark.django_db
AS_SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def as_stranger(client: Client, stranger: User) -> Client:
    client.force_login(stranger)
    return client


def titles(client: Client, query: str) -> list[str]:
    return [post.title for post in client.get(f"/?{query}").context["listing"].posts]


def test_a_bookmark_is_a_wanted_state(as_stranger: Client, post: Post) -> None:
    address = f"/posts/{post.pk}/bookmark/"
    for wanted, count in (("1", 1), ("1", 1), ("0", 0), ("0", 0)):
        assert as_stranger.post(address, {"bookmarked": wanted})["Location"] == post.get_absolute_url()
        assert Bookmark.objects.count() == count


def test_with_scripts_the_answer_is_the_button(as_stranger: Client, post: Post) -> None:
    response = as_stranger.post(f"/posts/{post.pk}/bookmark/", {"bookmarked": "1"}, headers=AS_SCRIPT)
    assert 'aria-pressed="true"' in response.text
    assert 'value="0"' in response.text
    assert "<html" not in response.text


def test_bookmarks_are_a_list_of_my_own(
    as_stranger: Client, owner: User, stranger: User, new_post: Callable[..., Post]
) -> None:
    posts = [new_post(by=owner, title=title) for title in ("하나", "둘", "셋")]
    for post in posts[:2]:
        post.bookmark(by=stranger, wanted=True)
    posts[2].bookmark(by=owner, wanted=True)
    assert titles(as_stranger, "bookmarked=1") == ["둘", "하나"]
    posts[1].delete_softly(by=owner)
    assert titles(as_stranger, "bookmarked=1") == ["하나"]
    assert titles(Client(), "bookmarked=1") == ["셋", "하나"]  # a visitor has none, and is shown the board


def test_an_authors_posts_are_a_list(
    client: Client, owner: User, stranger: User, new_post: Callable[..., Post]
) -> None:
    new_post(by=owner, title="내 글")
    new_post(by=stranger, title="남의 글")
    assert titles(client, f"author={owner.nickname}") == ["내 글"]
    assert client.get("/?author=없는사람").status_code == 404
    owner.block(stranger)
    client.force_login(stranger)
    assert client.get("/", {"author": owner.nickname}).status_code == 404


def test_what_is_unseen_cannot_be_bookmarked(as_stranger: Client, post: Post, owner: User) -> None:
    post.delete_softly(by=owner)
    assert as_stranger.post(f"/posts/{post.pk}/bookmark/", {"bookmarked": "1"}).status_code == 404
    assert as_stranger.get(f"/posts/{post.pk}/bookmark/").status_code == 405
