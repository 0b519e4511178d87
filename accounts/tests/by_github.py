"""A site that has the keys of GitHub, and somebody who comes from there. Run by `test_second_factor`."""

from typing import Any
from unittest import mock

import django

django.setup()

from allauth.socialaccount.models import SocialAccount  # noqa: E402
from django.core.management import call_command  # noqa: E402  after setup()
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from accounts.models import User  # noqa: E402

OCTOCAT = {
    "id": 1,
    "login": "octo-cat",
    "name": "Real Name",
    "email": "secret.name@example.com",
    "emails": [{"email": "secret.name@example.com", "primary": True, "verified": True}],
}
GITHUB = "allauth.socialaccount.providers.github.views.GitHubOAuth2Adapter.complete_login"
TOKEN = "allauth.socialaccount.providers.oauth2.client.OAuth2Client.get_access_token"


def comes_back(client: Client, process: str = "login") -> Any:
    """Presses the button, says yes over there, and is sent back."""
    gone = client.post(f"/accounts/github/login/?process={process}")
    assert gone["Location"].startswith("https://github.com/login/oauth/authorize?")
    assert "client_id=an-id" in gone["Location"]
    state = gone["Location"].partition("state=")[2].partition("&")[0]

    def complete(self: Any, request: Any, app: Any, token: Any, **kwargs: Any) -> Any:
        return self.get_provider().sociallogin_from_response(request, OCTOCAT)

    with mock.patch(TOKEN, return_value={"access_token": "x"}), mock.patch(GITHUB, complete):
        return client.get(f"/accounts/github/login/callback/?code=x&state={state}", follow=True)


def the_buttons_are_there() -> None:
    for path in ("login", "signup", "github/login"):
        page = Client().get(f"/accounts/{path}/")
        assert page.status_code == 200
        assert "GitHub" in page.text, path
        assert "form-action 'self' https://github.com" in page["Content-Security-Policy"]
        assert "unsafe" not in page["Content-Security-Policy"]


def somebody_new_takes_a_seat_and_comes_again() -> None:
    client = Client()
    page = comes_back(client)
    assert page.redirect_chain[-1][0] == "/accounts/3rdparty/signup/"
    assert 'value="octo-cat"' in page.text
    assert 'name="is_findable_by_email"' in page.text
    client.post("/accounts/3rdparty/signup/", {"email": OCTOCAT["email"], "nickname": ""})
    user = User.objects.get(email=OCTOCAT["email"])
    assert (user.nickname, user.is_findable_by_email) == ("octo-cat", False)
    assert not user.has_usable_password()
    assert client.get("/posts/new/").status_code == 200
    again = Client()
    comes_back(again)
    assert again.get("/posts/new/").status_code == 200
    assert User.objects.count() == 1
    # Nothing else would let them in again, so it stays.
    account = SocialAccount.objects.get(user=user)
    kept = again.post("/accounts/3rdparty/", {"account": account.pk})
    assert 'role="alert"' in kept.text
    assert SocialAccount.objects.filter(pk=account.pk).exists()


def a_member_connects_and_disconnects() -> None:
    user = User.objects.create_user("minseo@example.com", "correct horse battery", nickname="minseo")
    User.objects.get(nickname="octo-cat").delete()
    client = Client()
    client.post("/accounts/login/", {"login": "minseo@example.com", "password": "correct horse battery"})
    assert 'id="github-connect"' in client.get("/accounts/3rdparty/").text
    asked = comes_back(client, "connect").redirect_chain[-1][0]
    assert asked.startswith("/accounts/reauthenticate/"), asked
    assert not SocialAccount.objects.exists()
    client.post(asked, {"password": "correct horse battery"})
    account = SocialAccount.objects.get(user=user)
    assert f'id="id_account_{account.pk}"' in client.get("/accounts/3rdparty/").text
    client.post("/accounts/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    setup_test_environment()
    the_buttons_are_there()
    somebody_new_takes_a_seat_and_comes_again()
    a_member_connects_and_disconnects()
    print("well")  # noqa: T201  heard by the test
