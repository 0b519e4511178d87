"""How one is named, addressed, found and seen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.forms.account import time_zones
from accounts.models import User

pytestmark = pytest.mark.django_db

TYPED = {"nickname": "민서", "language": "ko", "time_zone": "Asia/Seoul"}
PRIVACY = ("is_private", "is_findable_by_email", "is_unseen")


@pytest.fixture
def minseo(client: Client, new_member: Callable[..., User]) -> User:
    user = new_member("민서")
    client.force_login(user)
    return user


def post(client: Client, **changes: str) -> Any:
    return client.post("/settings/account/", TYPED | changes)


def test_a_new_name_leads_to_its_page_in_the_new_language(client: Client, minseo: User) -> None:
    response = client.post(
        "/settings/account/",
        {"nickname": "민서_py", "language": "en", "time_zone": "Europe/Berlin"},
        follow=True,
    )
    assert response.redirect_chain == [("/people/%EB%AF%BC%EC%84%9C_py/", 302)]
    assert "Saved." in response.text
    minseo.refresh_from_db()
    assert (minseo.nickname, minseo.language, minseo.time_zone) == ("민서_py", "en", "Europe/Berlin")


def test_the_page_shows_what_is_chosen_now(client: Client, minseo: User) -> None:
    minseo.choose(time_zone="America/Argentina/Buenos_Aires")
    text = client.get("/settings/account/").text
    assert 'value="민서"' in text
    assert '<option value="America/Argentina/Buenos_Aires" selected>Argentina, Buenos Aires</option>' in text
    assert text.count(" selected") == 2


def test_a_nickname_changes_every_thirty_days(client: Client, minseo: User) -> None:
    assert post(client, nickname="민서_py").status_code == 302
    response = post(client, nickname="민서_rs", language="en")
    assert response.status_code == 422
    assert 'id="id_nickname_error"' in response.text
    assert 'value="민서_rs"' in response.text
    minseo.refresh_from_db()
    assert (minseo.nickname, minseo.language) == ("민서_py", "ko")  # neither, not half of it
    User.objects.update(renamed_at=timezone.now() - timedelta(days=30))
    assert post(client, nickname="민서_rs").status_code == 302


def test_the_rest_may_change_meanwhile(client: Client, minseo: User) -> None:
    post(client, nickname="민서_py")
    assert post(client, nickname="민서_py", time_zone="UTC").status_code == 302
    assert User.objects.get().time_zone == "UTC"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("nickname", "지우"),
        ("nickname", "한때지우"),
        ("nickname", "a"),
        ("nickname", "공백 있음"),
        ("nickname", ""),
        ("language", "fr"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc/passwd"),
    ],
)
def test_a_refused_choice_is_told_beside_its_field(
    client: Client, minseo: User, new_member: Callable[..., User], field: str, value: str
) -> None:
    new_member("한때지우").rename("지우")
    response = post(client, **{"time_zone": "Europe/Berlin", field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in response.text
    if field != "time_zone":
        assert '<option value="Europe/Berlin" selected>' in response.text
    assert '<a href="/people/%EB%AF%BC%EC%84%9C/"' in response.text  # still who they were
    assert User.objects.filter(nickname="민서", language="ko", time_zone="Asia/Seoul").exists()


def test_ones_own_former_name_can_be_had_back(client: Client, minseo: User) -> None:
    post(client, nickname="민서_py")
    User.objects.update(renamed_at=timezone.now() - timedelta(days=31))
    assert post(client, nickname="민서").status_code == 302
    assert client.get("/people/민서_py/")["Location"] == minseo.get_absolute_url()


def test_a_zone_that_is_in_no_list_is_kept(client: Client, minseo: User) -> None:
    minseo.choose(time_zone="Etc/GMT+3")
    assert '<option value="Etc/GMT+3" selected>' in client.get("/settings/account/").text
    assert post(client, time_zone="Etc/GMT+3").status_code == 302


def test_the_world_has_its_zones_by_region() -> None:
    regions = dict(time_zones())
    assert ("Asia/Seoul", "Seoul") in regions["Asia"]
    assert not {"Etc", "US", "posix"} & set(regions)
    assert len(regions) < 15


@pytest.mark.parametrize(
    "chosen", [(), tuple(PRIVACY), ("is_private",), ("is_findable_by_email", "is_unseen")], ids=", ".join
)
def test_privacy_is_three_switches(client: Client, minseo: User, chosen: tuple[str, ...]) -> None:
    response = client.post("/settings/privacy/", dict.fromkeys(chosen, "on"))
    assert response["Location"] == minseo.get_absolute_url()
    minseo = User.objects.select_related("profile").get()
    now = (minseo.profile.is_private, minseo.is_findable_by_email, minseo.is_unseen)
    assert now == tuple(name in chosen for name in PRIVACY)
    assert client.get("/settings/privacy/").text.count(" checked") == len(chosen)


def test_whoever_becomes_unseen_has_their_open_streams_ask_again(client: Client, minseo: User) -> None:
    client.post("/settings/privacy/", {"is_unseen": "on"})
    assert User.objects.get().auth_stamp == minseo.auth_stamp + 1
    client.post("/settings/privacy/", {"is_unseen": "on", "is_private": "on"})
    assert User.objects.get().auth_stamp == minseo.auth_stamp + 1


@pytest.mark.parametrize("name", ["profile", "skills", "account", "privacy"])
def test_settings_are_for_members_and_know_where_they_are(client: Client, minseo: User, name: str) -> None:
    address = f"/settings/{name}/"
    assert Client().get(address)["Location"] == f"/accounts/login/?next={address}"
    assert client.put(address).status_code == 405
    text = client.get(address).text
    assert f'<a href="{address}" aria-current="page">' in text
    assert text.count('aria-current="page"') == 1
    for other in ("/accounts/email/", "/accounts/password/change/"):
        assert f'<a href="{other}">' in text
        assert 'aria-current="page"' in client.get(other, follow=True).text
