"""Adding and removing friends, blocking and unblocking, through the forms."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Friendship, Notification, User

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def minseo(new_member: Any) -> User:
    user: User = new_member("민서")
    return user


@pytest.fixture
def jiwoo(new_member: Any) -> User:
    user: User = new_member("지우")
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def tie(client: Client, person: User, what: str = "friendship", wanted: str = "1", **more: Any) -> Any:
    headers = more.pop("headers", {})
    return client.post(f"/people/{person}/{what}/", {"wanted": wanted, **more}, headers=headers)


def test_adding_twice_and_removing_twice_is_harmless(minseo: User, jiwoo: User) -> None:
    client = signed_in(minseo)
    for _ in range(2):
        assert tie(client, jiwoo).status_code == 303
    assert list(Friendship.objects.values_list("owner", "friend")) == [(minseo.pk, jiwoo.pk)]
    assert jiwoo.notifications.count() == 1
    for _ in range(2):
        assert tie(client, jiwoo, wanted="0").status_code == 303
    assert not Friendship.objects.exists()


def test_friends_are_mutual_once_both_have_added_the_other(minseo: User, jiwoo: User) -> None:
    one = tie(signed_in(minseo), jiwoo, headers=PARTIAL)
    other = tie(signed_in(jiwoo), minseo, headers=PARTIAL)
    assert "#i-check" in one.text
    assert "#i-users" in other.text  # 서로 친구
    assert jiwoo.is_mutual_with(minseo)


def test_the_answer_to_a_script_is_the_buttons_with_the_focus_and_word_of_it(minseo: User, jiwoo: User) -> None:
    tie(signed_in(minseo), jiwoo)
    response = tie(signed_in(jiwoo), minseo, headers=PARTIAL, next="/friends/")
    assert response.status_code == 200
    assert "<html" not in response.text
    assert f'id="friendship-{minseo.pk}"' in response.text
    assert response.text.count("autofocus") == 1
    assert 'hx-target="#told"' in response.text
    assert 'hx-target="#inbox-count"' in response.text
    assert 'name="next" value="/friends/"' in response.text


@pytest.mark.parametrize(
    ("wanted_next", "goes_to"),
    [
        ("/friends/search/?keyword=ji", "/friends/search/?keyword=ji"),
        ("", "/people/jiwoo/"),
        ("https://evil.example/", "/people/jiwoo/"),
        ("//evil.example/", "/people/jiwoo/"),
    ],
)
def test_without_scripts_one_goes_back_to_where_one_came_from_on_this_site(
    minseo: User, new_member: Any, wanted_next: str, goes_to: str
) -> None:
    response = tie(signed_in(minseo), new_member("jiwoo"), next=wanted_next)
    assert (response.status_code, response["Location"]) == (303, goes_to)


@pytest.mark.parametrize("what", ["friendship", "block"])
def test_neither_befriending_nor_blocking_oneself(minseo: User, what: str) -> None:
    client = signed_in(minseo)
    whole, part = tie(client, minseo, what), tie(client, minseo, what, headers=PARTIAL)
    assert whole.status_code == part.status_code == 400
    assert part["Content-Type"].startswith("text/plain")
    assert 'role="alert"' in whole.text
    assert part.text.replace("'", "&#x27;") in whole.text


@pytest.mark.parametrize("what", ["friendship", "block"])
def test_ties_are_changed_by_post_alone_and_by_members_alone(minseo: User, jiwoo: User, what: str) -> None:
    assert signed_in(minseo).get(f"/people/{jiwoo}/{what}/").status_code == 405
    assert tie(signed_in(minseo), jiwoo, what, wanted="maybe").status_code == 400
    assert tie(Client(), jiwoo, what)["Location"].startswith("/accounts/login/")
    assert signed_in(minseo).post(f"/people/없는이/{what}/", {"wanted": "1"}).status_code == 404


def test_somebody_blocked_is_added_only_after_unblocking(minseo: User, jiwoo: User) -> None:
    client = signed_in(minseo)
    tie(client, jiwoo, "block")
    assert tie(client, jiwoo, headers=PARTIAL).status_code == 409
    tie(client, jiwoo, "block", wanted="0")
    assert tie(client, jiwoo, headers=PARTIAL).status_code == 200


def test_blocking_cuts_both_lists_and_what_was_told(minseo: User, jiwoo: User) -> None:
    tie(signed_in(minseo), jiwoo)
    tie(signed_in(jiwoo), minseo)
    for _ in range(2):
        assert tie(signed_in(minseo), jiwoo, "block").status_code == 303
    assert not Friendship.objects.exists()
    assert not Notification.objects.exists()
    assert minseo.blocks.get().blocked == jiwoo


def test_to_somebody_blocked_the_blocker_does_not_exist(minseo: User, jiwoo: User) -> None:
    minseo.block(jiwoo)
    client = signed_in(jiwoo)
    assert client.get(f"/people/{minseo}/").status_code == 404
    for what in ("friendship", "block"):
        assert tie(client, minseo, what).status_code == 404
    assert not client.get("/friends/search/?keyword=민서").context["found"].cards
    assert signed_in(minseo).get(f"/people/{jiwoo}/").status_code == 200


def test_a_profile_offers_what_fits(minseo: User, jiwoo: User) -> None:
    def offers(reader: Client) -> bool:
        return f'id="friendship-{jiwoo.pk}"' in reader.get(f"/people/{jiwoo}/").text

    assert offers(signed_in(minseo))
    assert not offers(signed_in(jiwoo))
    assert not offers(Client())


def test_adding_back_answers_what_was_told(minseo: User, jiwoo: User) -> None:
    minseo.add_friend(jiwoo)
    tie(signed_in(jiwoo), minseo)
    assert not jiwoo.notifications.unread().exists()
    assert minseo.notifications.unread().count() == 1
