"""Whose session a cookie names."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sessions import SessionStore, holder_of


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.django_db
def test_a_session_names_its_holder_until_it_is_over(me: Client, minseo: User) -> None:
    assert holder_of(key_of(me)) == minseo
    assert holder_of("") is None
    assert holder_of("x" * 32) is None
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert holder_of(key_of(me)) is None


@pytest.mark.django_db
def test_looking_at_a_session_from_before_the_password_was_changed_leaves_it_alone(me: Client, minseo: User) -> None:
    minseo.set_password("한참 새로운 주머니쥐")
    minseo.save()
    assert holder_of(key_of(me)) is None
    assert Session.objects.filter(pk=key_of(me)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["\0" * 32, "é" * 32, "a" * 3_000])
def test_a_key_that_is_none_is_nobodys(client: Client, key: str) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/").status_code == 200
    assert holder_of(key) is None


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [True, False])
def test_a_session_keeps_its_key_only_if_we_have_given_it(is_known: bool) -> None:
    """Else somebody could hand another a key that they know before the other signs in with it."""
    given = SessionStore()
    given["from"] = "here"
    given.save()
    key = given.session_key if is_known else "a" * 32
    session = SessionStore(key)
    assert session.get("from") == ("here" if is_known else None)
    session["to"] = "there"
    session.save()
    assert (session.session_key == key) == is_known
    assert SessionStore(session.session_key)["to"] == "there"
