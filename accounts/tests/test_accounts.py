"""Signing up, in and out, as a person does it in the default set-up."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Profile, User
from accounts.tests.door import PASSWORD
from cobra.tests.patience import until

pytestmark = pytest.mark.django_db


def sign_up(client: Client, **changes: str) -> Any:
    typed = {"email": "doyun@example.com", "nickname": "도윤", "password1": PASSWORD, "is_findable_by_email": "on"}
    return client.post("/accounts/signup/", typed | changes)


def test_signing_up_makes_a_person_with_a_profile_and_signs_in(client: Client) -> None:
    response = sign_up(client)
    user = User.objects.get()
    assert response.status_code == 302
    assert (user.email, user.nickname, user.is_findable_by_email) == ("doyun@example.com", "도윤", True)
    assert Profile.objects.filter(user=user).exists()
    assert client.get("/posts/new/").status_code == 200
    assert "doyun@example.com" in mail.outbox[0].to


def test_a_nickname_is_made_where_none_is_given_and_tells_nothing_of_the_e_mail(client: Client) -> None:
    sign_up(client, nickname="", is_findable_by_email="")
    user = User.objects.get()
    assert len(user.nickname) >= 2
    assert "doyun" not in user.nickname
    assert not user.is_findable_by_email


@pytest.mark.parametrize(("language", "letters"), [("ko", "[가-힣]+"), ("en", "[a-z]+")])
def test_a_nickname_that_is_made_is_in_the_newcomers_language(client: Client, language: str, letters: str) -> None:
    typed = {"email": "doyun@example.com", "nickname": "", "password1": PASSWORD}
    client.post("/accounts/signup/", typed, headers={"Accept-Language": language})
    assert re.fullmatch(rf"{letters}-\d{{4}}", User.objects.get().nickname)


@pytest.mark.parametrize("nickname", ["민서", "Ｍａｙａ", "MAYA"])
def test_a_taken_nickname_is_refused_however_it_is_spelled(client: Client, new_member: Any, nickname: str) -> None:
    new_member("민서")
    new_member("maya")
    response = sign_up(client, nickname=nickname)
    assert response.status_code == 422
    assert "nickname" in response.context["form"].errors
    assert User.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "doyun@example"},
        {"email": "없는주소"},
        {"nickname": "a"},
        {"nickname": "공백 있음"},
        {"nickname": "a" * 21},
        {"nickname": "ﷺﷺﷺ"},  # 54 letters once folded
        {"nickname": "..."},
        {"nickname": "<b>"},
        {"password1": "1234"},
        {"password1": "doyun@example.com"},
    ],
)
def test_bad_input_is_told_beside_its_field_with_the_rest_still_there(client: Client, changes: dict[str, str]) -> None:
    response = sign_up(client, **changes)
    field = next(iter(changes))
    assert field in response.context["form"].errors
    assert f'id="id_{field}_error"' in response.text
    assert 'aria-invalid="true"' in response.text
    if field != "email":
        assert 'value="doyun@example.com"' in response.text
    assert PASSWORD not in response.text
    assert not User.objects.exists()


def test_the_same_address_twice_says_nothing_to_the_page_but_mails_the_owner(client: Client) -> None:
    sign_up(client)
    mail.outbox.clear()
    sign_up(Client(), email="DOYUN@example.com", nickname="다른사람")
    assert User.objects.count() == 1


def test_signing_in_and_out(client: Client, new_member: Any) -> None:
    user = new_member("민서", email="minseo@example.com", password=PASSWORD)
    wrong = client.post("/accounts/login/", {"login": "minseo@example.com", "password": "nope"})
    assert wrong.status_code == 422
    assert "minseo@example.com" in wrong.text
    response = client.post("/accounts/login/?next=/posts/new/", {"login": "MINSEO@example.com", "password": PASSWORD})
    assert response["Location"] == "/posts/new/"
    assert client.get("/accounts/logout/").status_code == 200  # asks; a GET ends nothing
    assert client.get("/posts/new/").status_code == 200
    stamp = User.objects.get(pk=user.pk).auth_stamp
    client.post("/accounts/logout/")
    assert client.get("/posts/new/").status_code == 302
    assert User.objects.get(pk=user.pk).auth_stamp > stamp


def test_signing_in_leads_to_no_other_site(client: Client, new_member: Any) -> None:
    new_member(email="minseo@example.com", password=PASSWORD)
    typed = {"login": "minseo@example.com", "password": PASSWORD}
    assert client.post("/accounts/login/?next=https://evil.example/", typed)["Location"] == "/"


def test_a_forgotten_password_is_set_anew_by_mail(client: Client, new_member: Any) -> None:
    user = new_member(email="minseo@example.com", password=PASSWORD)
    client.post("/accounts/password/reset/", {"email": "minseo@example.com"})
    link = re.search(r"http://\S+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert link
    page = client.get(link[1], follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": "brand new secret", "password2": "brand new secret"})
    user.refresh_from_db()
    assert user.check_password("brand new secret")
    assert user.auth_stamp > 0


def test_a_reset_for_nobody_looks_the_same_and_mails_nobody(client: Client) -> None:
    response = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert response.status_code == 302
    assert mail.outbox == []


def test_guessing_passwords_is_slowed(client: Client, new_member: Any) -> None:
    new_member(email="minseo@example.com", password=PASSWORD)
    typed = {"login": "minseo@example.com", "password": "wrong"}
    for _ in range(12):
        client.post("/accounts/login/", typed)
    right = client.post("/accounts/login/", typed | {"password": PASSWORD})
    assert right.status_code != 302


@pytest.mark.parametrize("language", ["ko", "en"])
def test_mail_is_in_the_readers_language(client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    sign_up(client)
    assert bool(re.search("[가-힣]{3}", str(mail.outbox[0].body))) == (language == "ko")
    assert User.objects.get().language == language


def test_where_mail_goes_out_the_address_is_confirmed_by_a_code_first(client: Client, settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    response = sign_up(client)
    assert client.get("/posts/new/").status_code == 302  # not in yet
    code = re.search(r"^([A-Z0-9]{4}-?[A-Z0-9]{4})$", str(mail.outbox[0].body), re.MULTILINE)
    assert code
    wrong = client.post(response["Location"], {"code": "XXXX-XXXX"})
    assert wrong.status_code == 422
    assert "code" in wrong.context["form"].errors
    client.post(response["Location"], {"code": code[1]})
    assert client.get("/posts/new/").status_code == 200


def test_mail_leaves_off_the_request(settings: Any, client: Client) -> None:
    settings.TASKS = {"default": {"BACKEND": "cobra.tasks.ThreadBackend"}}
    sign_up(client)
    until(lambda: mail.outbox)
    assert mail.outbox[0].to == ["doyun@example.com"]


def test_over_a_limit_of_allauths_one_is_told_when_to_come_back(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    for status in (422, 429):
        response = client.post("/accounts/login/", {"login": "doyun@example.com", "password": "wrong"})
        assert response.status_code == status
    assert response["Retry-After"] == "60"
    assert "조금만 천천히요" in response.text


def test_what_would_be_refused_of_an_only_address_is_not_offered(client: Client) -> None:
    sign_up(client)
    user = User.objects.get()

    def offers() -> list[str]:
        return re.findall(r'name="action_(\w+)"', client.get("/accounts/email/").text)

    assert offers() == ["send", "add"]
    user.emailaddress_set.update(verified=True)
    assert offers() == ["add"]
    user.emailaddress_set.create(email="second@example.com")
    assert offers() == ["primary", "send", "remove", "add"]


def test_a_superuser_is_made_and_uses_the_admin_through_our_login(client: Client) -> None:
    from django.core.management import call_command

    call_command("createsuperuser", email="root@example.com", nickname="운영", interactive=False)
    user = User.objects.get()
    assert client.get("/admin/").status_code == 302
    assert "/accounts/login/" in client.get("/admin/login/", follow=True).redirect_chain[0][0]
    client.force_login(user)
    for path in (
        "",
        "accounts/user/",
        f"accounts/user/{user.pk}/change/",
        "board/category/",
        "board/post/",
        "rooms/line/",
    ):
        assert client.get(f"/admin/{path}").status_code == 200, path


def test_no_mail_goes_to_imported_people(client: Client, new_member: Any) -> None:
    new_member(email="person-1@imported.invalid", password=PASSWORD)
    client.post("/accounts/password/reset/", {"email": "person-1@imported.invalid"})
    assert mail.outbox == []
