"""A second factor, the list of sessions, and sign-in by GitHub."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client

from accounts.adapter import SocialAdapter
from accounts.models import User
from accounts.tests.door import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent


def confirm(client: Client, path: str) -> Any:
    """Open a page that asks for the password first."""
    asked = client.get(path)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    return client.post(asked["Location"], {"password": PASSWORD}, follow=True)


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def wrong_code(secret: str) -> str:
    """None of those that would do, a step early or late."""
    near = {format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step)) for step in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in near)


def set_up(client: Client) -> str:
    page = client.get("/accounts/2fa/totp/activate/")
    if page.status_code == 302:
        page = confirm(client, "/accounts/2fa/totp/activate/")
    secret = re.search(r'id="authenticator_secret">(\w+)<', page.text)
    assert secret
    assert '<svg class="qr"' in page.text
    assert "data:image" not in page.text
    response = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret[1])}, follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/2fa/recovery-codes/"
    return secret[1]


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", client.get("/accounts/2fa/recovery-codes/").text)


@pytest.mark.django_db(transaction=True)
def test_an_authenticator_app_is_set_up_by_a_code_it_shows(client: Client, minseo: User) -> None:
    sign_in(client)
    page = confirm(client, "/accounts/2fa/totp/activate/")
    secret = re.search(r'id="authenticator_secret">(\w+)<', page.text)
    assert secret
    wrong = client.post("/accounts/2fa/totp/activate/", {"code": wrong_code(secret[1])})
    assert 'id="id_code_error"' in wrong.text
    assert secret[1] in wrong.text  # the one that was scanned goes on
    assert not Authenticator.objects.exists()
    set_up(client)
    kinds = set(Authenticator.objects.filter(user=minseo).values_list("type", flat=True))
    assert kinds == {"totp", "recovery_codes"}
    assert "minseo@example.com" in mail.outbox[-1].to


def test_the_password_alone_does_not_let_in_then(client: Client, minseo: User) -> None:
    sign_in(client)
    secret = set_up(client)
    other = Client()
    asked = sign_in(other)
    assert asked["Location"].startswith("/accounts/2fa/authenticate/")
    assert other.get("/posts/new/").status_code == 302
    wrong = other.post(asked["Location"], {"code": wrong_code(secret)})
    assert wrong.status_code == 422
    assert "code" in wrong.context["form"].errors
    assert 'aria-invalid="true"' in wrong.text
    assert other.get("/posts/new/").status_code == 302
    other.post(asked["Location"], {"code": code_of(secret)})
    assert other.get("/posts/new/").status_code == 200


def test_a_recovery_code_lets_in_once(client: Client, minseo: User) -> None:
    sign_in(client)
    set_up(client)
    codes = recovery_codes(client)
    assert len(codes) == 10
    assert client.get("/accounts/2fa/recovery-codes/download/").text.split() == codes
    for lets_in in (True, False):
        other = Client()
        asked = sign_in(other)
        other.post(asked["Location"], {"code": codes[0]})
        assert (other.get("/posts/new/").status_code == 200) == lets_in
    assert len(recovery_codes(client)) == 9
    client.post("/accounts/2fa/recovery-codes/generate/")
    assert not set(codes) & set(recovery_codes(client))


def test_it_is_turned_off_by_a_post_alone(client: Client, minseo: User) -> None:
    sign_in(client)
    set_up(client)
    client.get("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(type="totp").exists()
    client.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert sign_in(Client())["Location"] == "/"


def test_codes_are_shown_to_nobody_who_has_not_just_said_who_they_are(client: Client, minseo: User) -> None:
    sign_in(client)
    set_up(client)
    session = client.session
    session["account_authentication_methods"] = [
        each | {"at": each["at"] - 3600} for each in session["account_authentication_methods"]
    ]
    session.save()
    for path in ("", "download/", "generate/"):
        response = client.get(f"/accounts/2fa/recovery-codes/{path}")
        assert response["Location"].startswith("/accounts/reauthenticate/"), path


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_of_second_factors_is_ours_in_both_languages(client: Client, minseo: User, language: str) -> None:
    minseo.speak(language)
    sign_in(client)
    set_up(client)
    add = client.get("/accounts/2fa/webauthn/add/")
    assert 'data-allauth-onload="allauth.webauthn.forms.addForm"' in add.text
    key = Authenticator.objects.create(user=minseo, type="webauthn", data={"name": "열쇠고리", "credential": {}})
    for path in (
        "",
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "webauthn/",
        f"webauthn/keys/{key.pk}/edit/",
        f"webauthn/keys/{key.pk}/remove/",
        "reauthenticate/",
    ):
        response = client.get(f"/accounts/2fa/{path}")
        assert response.status_code == 200, path
        assert f'<html lang="{language}"' in response.text
        assert response.text.count("<h1>") == 1, path
        assert " style=" not in response.text
        for script in re.findall(r"<script[^>]*>", response.text):
            assert "src=" in script or 'type="application/json"' in script, (path, script)


def test_sessions_are_listed_and_the_others_ended(client: Client, minseo: User) -> None:
    windows = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/149.0.0.0 Safari/537.36"
    telephone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"
    other = Client()
    sign_in(client, headers={"User-Agent": windows})
    sign_in(other, headers={"User-Agent": telephone})
    page = client.get("/accounts/sessions/")
    assert "Chrome · Windows" in page.text
    assert "Safari · iPhone" in page.text
    stamp = User.objects.get(pk=minseo.pk).auth_stamp
    client.post("/accounts/sessions/")
    assert other.get("/posts/new/").status_code == 302
    assert client.get("/posts/new/").status_code == 200
    assert "iPhone" not in client.get("/accounts/sessions/").text
    assert User.objects.get(pk=minseo.pk).auth_stamp > stamp  # its streams end too


def test_nobody_sees_the_sessions_of_somebody_else(client: Client, minseo: User, stranger: User) -> None:
    sign_in(Client(), headers={"User-Agent": "Mozilla/5.0 (iPhone) Safari/604.1"})
    client.force_login(stranger)
    assert "iPhone" not in client.get("/accounts/sessions/").text
    assert Client().get("/accounts/sessions/").status_code == 302


def test_without_keys_there_is_no_github(client: Client, minseo: User) -> None:
    assert client.get("/accounts/github/login/").status_code == 404
    for path in ("/accounts/login/", "/accounts/signup/"):
        response = client.get(path)
        assert "github" not in response.text.lower(), path
        assert "github" not in response["Content-Security-Policy"]
    sign_in(client)
    assert "GitHub" not in client.get("/accounts/email/").text


def test_with_both_keys_there_is(tmp_path: Path) -> None:
    """In a process of its own, since addresses and apps are made at the start."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"VAR_DIR": str(tmp_path), "GITHUB_CLIENT_ID": "an-id", "GITHUB_CLIENT_SECRET": "a-secret"}
    env |= {"DJANGO_SETTINGS_MODULE": "cobra.settings", "DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "accounts.tests.by_github"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "well" in done.stdout, done.stderr[-2000:]


@pytest.mark.parametrize(
    ("login", "nickname"), [("octo-cat", "octo-cat"), ("MINSEO-X", "MINSEO-X2"), ("a", None), ("", None)]
)
def test_who_comes_from_github_is_called_as_there(rf: Any, new_member: Any, login: str, nickname: str | None) -> None:
    from allauth.socialaccount.models import SocialLogin

    new_member("minseo-x")
    sociallogin = SocialLogin(user=User())
    data = {"username": login, "email": "secret.name@example.com", "name": "Real Name"}
    user = SocialAdapter().populate_user(rf.get("/"), sociallogin, data)
    assert user.nickname == nickname or nickname is None
    assert 2 <= len(user.nickname) <= 20
    assert not {"secret", "name", "Real"} & set(re.split(r"\W", user.nickname))
    initial = SocialAdapter().get_signup_form_initial_data(sociallogin)
    assert (initial["nickname"], initial["email"]) == (user.nickname, "secret.name@example.com")
