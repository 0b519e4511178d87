"""How keys work and rooms are read aloud, and the map of the keys."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from board.models import Post

pytestmark = pytest.mark.django_db
ADDRESS = "/settings/accessibility/"


@pytest.fixture
def minseo(client: Client, new_member: Callable[..., User]) -> User:
    user = new_member("민서")
    client.force_login(user)
    return user


def test_a_member_switches_single_keys_off_everywhere(client: Client, minseo: User) -> None:
    assert 'data-keys="off"' not in client.get("/").text
    response = client.post(ADDRESS, {"single_keys": "0", "aloud": "summary"}, follow=True)
    assert response.redirect_chain == [(ADDRESS, 302)]
    assert 'data-keys="off"' in client.get("/").text
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(pk=minseo.pk))
    assert 'data-keys="off"' in elsewhere.get("/").text


def test_a_visitor_switches_them_off_in_this_browser(client: Client) -> None:
    client.post(ADDRESS, {"single_keys": "0"})
    assert 'data-keys="off"' in client.get("/").text
    assert 'data-keys="off"' not in Client().get("/").text


def test_what_a_visitor_chose_says_nothing_of_the_member_who_signs_in(client: Client, minseo: User) -> None:
    client.cookies["single_keys"] = "0"
    assert 'data-keys="off"' not in client.get("/").text


@pytest.mark.parametrize("is_member", [True, False], ids=["member", "visitor"])
def test_a_room_is_read_aloud_as_it_was_chosen_there(
    client: Client, minseo: User, new_post: Callable[..., Post], is_member: bool
) -> None:
    room = new_post(by=minseo).get_absolute_url()
    if not is_member:
        client.logout()
    assert 'role="log" aria-live="off"' in client.get(room).text
    response = client.post(ADDRESS, {"aloud": "all", "next": room})
    assert (response.status_code, response["Location"]) == (302, room)
    text = client.get(room).text
    assert 'role="log" aria-live="polite"' in text
    assert 'data-aloud="all"' in text
    assert 'data-keys="off"' not in text  # what was not sent has stayed


def test_a_script_gets_the_switch_as_it_stands_now(client: Client, minseo: User) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    response = client.post(ADDRESS, {"aloud": "off"}, headers=headers)
    assert response.status_code == 200
    assert 'data-aloud="off"' in response.text
    assert "<html" not in response.text
    minseo.refresh_from_db()
    assert minseo.aloud == "off"


def test_nonsense_changes_nothing(client: Client, minseo: User) -> None:
    response = client.post(ADDRESS, {"aloud": "loudly"})
    assert response.status_code == 422
    client.cookies.clear()
    client.cookies["aloud"] = "loudly"
    assert client.get(ADDRESS).status_code == 200


def test_it_goes_on_only_where_it_is_this_site(client: Client, minseo: User) -> None:
    response = client.post(ADDRESS, {"aloud": "all", "next": "https://elsewhere.example/"})
    assert response["Location"] == ADDRESS


def test_the_map_of_keys_is_a_page_and_a_sheet(client: Client) -> None:
    page = client.get("/keyboard/").text
    assert "<h1>" in page
    assert page.count("<kbd>") > 25
    sheet = client.get("/keyboard/", headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    assert "<html" not in sheet
    assert 'method="dialog"' in sheet
    assert sheet.count("<kbd>") == page.count("<kbd>")
    assert "한 글자 단축키를 꺼 두었어요." in client.get("/keyboard/", headers={"Cookie": "single_keys=0"}).text
