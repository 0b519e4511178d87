"""Registration, logins and their tokens."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import User
from accounts.tests.api import PROFILE
from cobra.tests.api import PASSWORD, Bot

pytestmark = pytest.mark.django_db


def test_registration_makes_an_account_that_can_sign_in(db: None) -> None:
    bot = Bot()
    answer = bot.post("/user/registration/", {"email": "user1@email.com", "password": PASSWORD, "nickname": "하늘"})
    assert answer.status_code == 201
    assert answer.json().keys() == {"email", "message", "profile"}
    assert answer.json()["email"] == "user1@email.com"
    assert answer.json()["message"] == "회원가입이 완료되었습니다."
    assert answer.json()["profile"].keys() == PROFILE
    assert answer.json()["profile"]["nickname"] == "하늘"
    assert User.objects.get().is_findable_by_email
    assert not Session.objects.exists()
    assert bot.post("/user/login", {"email": "user1@email.com", "password": PASSWORD}).status_code == 200


def test_registration_takes_two_passwords_that_are_one() -> None:
    typed = {"email": "user1@email.com", "password1": PASSWORD, "password2": PASSWORD}
    assert Bot().post("/user/registration/", typed).status_code == 201
    answer = Bot().post("/user/registration/", typed | {"email": "user2@email.com", "password2": "other"})
    assert answer.status_code == 400
    assert answer.json().keys() == {"password2"}


@pytest.mark.parametrize("email", ["user1@email.com", "USER1@Email.com"])
@pytest.mark.parametrize("verification", ["optional", "mandatory"])
def test_an_email_that_is_taken(new_member: Callable[..., User], settings: Any, email: str, verification: str) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = verification == "mandatory"
    new_member(email="user1@email.com")
    answer = Bot().post("/user/registration/", {"email": email, "password": PASSWORD})
    assert answer.status_code == 400
    assert answer.json() == {"email": ["A user is already registered with this e-mail address."]}


def test_where_emails_are_verified_registration_says_what_is_left(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.ACCOUNT_RATE_LIMITS = False  # the next mail with a code could not go out for ten seconds
    bot = Bot()
    typed = {"email": "user1@email.com", "password": PASSWORD}
    answer = bot.post("/user/registration/", typed)
    assert answer.status_code == 201
    assert answer.json()["verification"] == "pending"
    assert bot.post("/user/login/", typed).status_code == 202
    assert bot.seen[-1].json() == {"pending": "verify_email"}
    assert not Session.objects.exists()  # nothing was given out that leads to one


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "nonsense", "password": PASSWORD}, "email"),
        ({"email": "a@email.com", "password": "1234"}, "password"),
        ({"email": "a@email.com"}, "password"),
        ({"password": PASSWORD}, "email"),
        ({"email": 1, "password": PASSWORD}, "email"),
        ({"email": "a@email.com", "password": PASSWORD, "nickname": "민서"}, "nickname"),
        ({"email": "a@email.com", "password": PASSWORD, "nickname": "<b>"}, "nickname"),
    ],
)
def test_registration_says_what_is_wrong_by_field(owner: User, typed: dict[str, Any], field: str) -> None:
    answer = Bot().post("/user/registration/", typed)
    assert answer.status_code == 400
    assert answer.json().keys() == {field}
    assert User.objects.count() == 1


def test_a_login_gives_tokens_and_no_cookie(owner: User) -> None:
    bot = Bot(owner)
    answer = bot.seen[0]
    assert answer.json().keys() == {"message", "profile", "refresh", "access"}
    assert answer.json()["message"] == "환영합니다."
    assert answer.json()["profile"]["id"] == owner.pk
    assert not answer.cookies
    assert bot.get("/user/friends/").json() == []


def test_a_wrong_login_does_not_say_what_was_wrong(owner: User) -> None:
    Bot(owner)
    answers = [
        Bot().post("/user/login/", typed)
        for typed in (
            {"email": owner.email, "password": "wrong"},
            {"email": "nobody@email.com", "password": PASSWORD},
            {"email": "nonsense", "password": PASSWORD},
        )
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json().keys() == {"detail"}


def test_who_is_not_active_cannot_sign_in(owner: User) -> None:
    owner.set_password(PASSWORD)
    owner.is_active = False
    owner.save()
    assert Bot().post("/user/login/", {"email": owner.email, "password": PASSWORD}).status_code == 400


@pytest.mark.parametrize("limit", [{"login": "2/m/ip"}, {"login_failed": "2/m/ip"}])
def test_too_many_logins_are_429(owner: User, settings: Any, limit: dict[str, str]) -> None:
    settings.ACCOUNT_RATE_LIMITS = limit
    typed = {"email": owner.email, "password": "wrong"}
    answers = [Bot().post("/user/login/", typed) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 3600
    assert answers[2].json().keys() == {"detail"}


def test_too_many_registrations_are_429(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    answers = [Bot().post("/user/registration/", {"email": "nonsense", "password": "x"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 429]
    assert answers[1]["Retry-After"] == "60"


def test_a_refresh_token_is_good_once(me: Bot) -> None:
    old = me.refresh
    answer = me.post("/user/token/refresh/", {"refresh": old})
    assert answer.status_code == 200
    assert answer.json().keys() == {"access", "refresh"}
    assert me.post("/user/token/refresh/", {"refresh": old}).status_code == 401
    me.access = answer.json()["access"]
    assert me.get("/user/friends/").status_code == 200
    assert me.post("/user/token/refresh/", {"refresh": answer.json()["refresh"]}).status_code == 200


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "한글"])
def test_a_bad_token_is_401(me: Bot, token: str) -> None:
    assert me.post("/user/token/refresh/", {"refresh": token}).status_code == 401
    me.access = token
    for path in ("/user/friends/", "/api/post/"):
        answer = me.get(path) if token.isascii() and token else Bot().get("/user/friends/")
        assert answer.status_code == 401
        assert answer.json().keys() == {"detail"}
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_refresh_token_opens_nothing(me: Bot) -> None:
    me.access = me.refresh
    assert me.get("/user/profile/").status_code == 401


def test_logout_ends_that_logins_tokens_and_streams(me: Bot, owner: User) -> None:
    elsewhere = Bot(owner)
    stamp = User.objects.get(pk=owner.pk).auth_stamp
    # Its own password was set anew above: sign in again.
    me.sign_in(owner)
    elsewhere.sign_in(owner)
    me.sign_in(owner)
    answer = me.post("/user/logout/")
    assert answer.status_code == 200
    assert answer.json() == {"message": "로그아웃이 완료되었습니다."}
    assert me.get("/user/friends/").status_code == 401
    assert me.post("/user/token/refresh/", {"refresh": me.refresh}).status_code == 401
    assert User.objects.get(pk=owner.pk).auth_stamp > stamp


def test_logout_leaves_other_logins(owner: User) -> None:
    one, other = Bot(owner), Bot()
    answer = other.post("/user/login/", {"email": owner.email, "password": PASSWORD})
    other.access = answer.json()["access"]
    one.post("/user/logout/")
    assert one.get("/user/friends/").status_code == 401
    assert other.get("/user/friends/").status_code == 200


def test_logout_by_the_sites_own_login(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.post("/user/logout/").status_code == 200
    assert client.get("/user/friends/").status_code == 401


def test_a_new_password_or_a_closed_account_ends_the_tokens(me: Bot, owner: User) -> None:
    owner.set_password("another-password-3")
    owner.save()
    assert me.get("/user/friends/").status_code == 401
    me.sign_in(owner)
    User.objects.get(pk=owner.pk).close()
    assert me.get("/user/friends/").status_code == 401
    assert me.post("/user/token/refresh/", {"refresh": me.refresh}).status_code == 401


def test_the_sites_own_session_reads_and_with_csrf_writes(owner: User, stranger: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    typed = {"email": stranger.email}
    assert client.get("/user/friends/").status_code == 200
    refused = client.post("/user/add-friend/", typed, content_type="application/json")
    assert refused.status_code == 403
    assert refused.json().keys() == {"detail"}
    client.get("/accounts/password/change/")
    client.get("/settings/profile/")
    token = client.cookies["csrftoken"].value
    headers = {"X-CSRFToken": token}
    assert client.post("/user/add-friend/", typed, "application/json", headers=headers).status_code == 200


def test_who_is_suspended_changes_nothing_but_may_sign_out(
    me: Bot, owner: User, stranger: User, suspend: Callable[[User], None]
) -> None:
    suspend(owner)
    assert me.post("/user/add-friend/", {"email": stranger.email}).status_code == 403
    assert me.ask("PATCH", "/user/profile/", {"status": "x"}).status_code == 403
    assert me.get("/user/profile/").status_code == 200
    assert me.post("/user/logout/").status_code == 200
