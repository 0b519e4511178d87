"""`/feed/`: what everybody may read, for feed readers."""

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from board.models import Post

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def titles(client: Client, query: str = "") -> list[str | None]:
    response = client.get(f"/feed/{query}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def test_the_newest_first_with_their_whole_text(client: Client, owner: User, new_post: Callable[..., Post]) -> None:
    new_post(by=owner, title="먼저", body="첫 글 **본문**")
    new_post(by=owner, title="나중 <b>")
    assert titles(client) == ["나중 <b>", "먼저"]
    assert "첫 글 &lt;strong&gt;본문&lt;/strong&gt;" in client.get("/feed/").text


def test_what_no_feed_can_hold_is_shown_and_breaks_none(
    client: Client, owner: User, new_post: Callable[..., Post]
) -> None:
    new_post(by=owner, title="제목\x0b\x1b끝", tags=["가\x01나"])
    assert titles(client) == ["제목\u240b\u241b끝"]
    assert "가\u2401나" in client.get("/feed/").text


def test_nothing_for_members_only_whoever_asks(client: Client, owner: User, new_post: Callable[..., Post]) -> None:
    new_post(by=owner, title="모두에게")
    new_post(by=owner, title="회원에게", members_only=True)
    new_post(by=owner, title="지운 글").delete_softly(by=owner)
    client.force_login(owner)
    assert titles(client) == ["모두에게"]


def test_narrowed_by_category_tag_and_author(
    client: Client, owner: User, stranger: User, new_post: Callable[..., Post]
) -> None:
    new_post(by=owner, title="하나", tags=("django",))
    new_post(by=stranger, title="둘", tags=("django",))
    new_post(by=stranger, title="셋")
    assert titles(client, "?tag=django") == ["둘", "하나"]
    assert titles(client, f"?tag=django&author={owner.nickname}") == ["하나"]
    assert titles(client, "?category=debugging") == ["셋", "둘", "하나"]
    for nobody in ("?tag=none", "?category=none", "?author=none"):
        assert client.get(f"/feed/{nobody}").status_code == 404


def test_a_list_names_its_feed(client: Client, owner: User, new_post: Callable[..., Post]) -> None:
    new_post(by=owner, tags=("django",))
    assert 'href="/feed/"' in client.get("/").text
    assert 'href="/feed/?tag=django"' in client.get("/tags/django/").text
    assert 'href="/feed/?category=debugging"' in client.get("/categories/debugging/").text


def test_its_queries_do_not_grow_with_the_posts(
    client: Client, owner: User, new_post: Callable[..., Post], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        new_post(by=owner, tags=(f"tag{number}",))
    with django_assert_max_num_queries(2):
        titles(client)
