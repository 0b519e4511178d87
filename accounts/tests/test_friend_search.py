"""Finding people by part of their nickname or e-mail."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.cards import MOST_FOUND
from accounts.models import User
from cobra.rates import Rate

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def me(client: Client, new_member: Any) -> User:
    user: User = new_member("찾는이", email="seeker@example.com")
    client.force_login(user)
    return user


def found(client: Client, keyword: str) -> list[str]:
    cards = client.get("/friends/search/", {"keyword": keyword}).context["found"].cards
    return [card.person.nickname for card in cards]


@pytest.mark.parametrize(
    ("keyword", "finds"),
    [
        ("서준", True),
        ("준_개", True),
        ("ＧＯ", True),
        ("준_ㄱ", False),  # a syllable under way: one character is too short
        ("서준ㅇ", True),
        ("서", False),
        ("  ", False),
        ("seo.jun", True),
        ("O.JU", True),
        ("example", False),  # after the @
        ("seo.jun@example.com", True),
        ("SEO.JUN@EXAMPLE.COM", True),
        ("seo.jun@example", False),
        ("@example.com", False),
        ("%%", False),
    ],
)
def test_by_part_of_a_nickname_of_an_address_before_its_at_or_by_the_whole_address(
    client: Client, me: User, new_member: Any, keyword: str, finds: bool
) -> None:
    new_member("서준_개발go", email="seo.jun@example.com")
    assert found(client, keyword) == (["서준_개발go"] if finds else [])


def test_by_e_mail_only_whoever_may_be_found_by_it(client: Client, me: User, new_member: Any) -> None:
    new_member("서준", email="hidden@example.com", is_findable_by_email=False)
    assert found(client, "hidden") == found(client, "hidden@example.com") == []
    assert found(client, "서준") == ["서준"]


def test_neither_oneself_nor_anybody_on_either_side_of_a_block_nor_who_has_left(
    client: Client, me: User, new_member: Any
) -> None:
    me.block(new_member("찾는이_하나"))
    new_member("찾는이_둘").block(me)
    new_member("찾는이_셋", is_active=False)
    new_member("찾는이_넷")
    assert found(client, "찾는이") == ["찾는이_넷"]


def test_twenty_at_most_and_word_of_more(client: Client, me: User, new_member: Any) -> None:
    for number in range(MOST_FOUND + 1):
        new_member(f"소라{number:02}")
    answer = client.get("/friends/search/?keyword=소라").context["found"]
    assert len(answer.cards) == MOST_FOUND == 20
    assert answer.has_more


@pytest.mark.parametrize(
    ("is_findable", "lists_me", "is_private", "shown"),
    [
        (True, False, False, True),
        (False, False, False, False),
        (False, True, False, True),
        (True, False, True, False),  # a private profile shows nothing else
        (False, True, True, True),
    ],
)
def test_an_address_is_shown_where_its_owner_lets_it(
    client: Client, me: User, new_member: Any, is_findable: bool, lists_me: bool, is_private: bool, shown: bool
) -> None:
    sora = new_member("소라", email="sora@example.com", is_findable_by_email=is_findable)
    sora.profile.rewrite(is_private=is_private)
    me.add_friend(sora)
    if lists_me:
        sora.add_friend(me)
    assert ("sora@example.com" in client.get("/friends/search/?keyword=소라").text) == shown


def test_as_one_types_the_results_come_alone(client: Client, me: User, new_member: Any) -> None:
    sora = new_member("소라")
    response = client.get("/friends/search/?keyword=소라", headers=PARTIAL)
    assert "<html" not in response.text
    assert f'id="person-{sora.pk}"' in response.text
    assert 'hx-target="#found-count"' in response.text
    assert response["Cache-Control"] == "no-store"


def test_too_many_searches_are_refused_with_the_words_still_there(
    client: Client, me: User, new_member: Any, settings: LazySettings
) -> None:
    settings.SEARCH_RATE = Rate(2, timedelta(days=1))
    for _ in range(2):
        assert client.get("/friends/search/?keyword=소라").status_code == 200
    assert client.get("/friends/search/?keyword=소").status_code == 200  # that searches nothing
    whole = client.get("/friends/search/?keyword=소라")
    part = client.get("/friends/search/?keyword=소라", headers=PARTIAL)
    assert whole.status_code == part.status_code == 429
    assert 0 < int(whole["Retry-After"]) <= 86_400
    assert 'value="소라"' in whole.text
    assert part["Content-Type"].startswith("text/plain")
    client.force_login(new_member("다른이"))
    assert client.get("/friends/search/?keyword=소라").status_code == 200


def test_people_by_q_is_the_same_search(client: Client, me: User, new_member: Any) -> None:
    new_member("소라")
    response = client.get("/people/", {"q": "소라"}, follow=True)
    assert response.redirect_chain[0][0] == "/friends/search/?keyword=%EC%86%8C%EB%9D%BC"
    assert len(response.context["found"].cards) == 1


def test_a_search_takes_a_fixed_number_of_queries(
    client: Client, me: User, new_member: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(10):
        new_member(f"소라{number}", is_findable_by_email=False)
    with django_assert_max_num_queries(6):
        client.get("/friends/search/?keyword=소라")


def test_it_is_for_members(client: Client) -> None:
    for path in ("/friends/search/?keyword=소라", "/people/?q=소라"):
        assert client.get(path)["Location"].startswith("/accounts/login/")
    assert client.get("/friends/search/", headers=PARTIAL).status_code == 401
