"""Leaving for good."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.errors import LastSuperuser
from accounts.models import Export, User
from accounts.models.export import private_storage
from accounts.nicknames import validate_nickname
from accounts.tests.door import PASSWORD, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def close(django_capture_on_commit_callbacks: Any) -> Any:
    def press(client: Client, nickname: str = "민서") -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post("/settings/close/", {"nickname": nickname})

    return press


def test_the_password_is_asked_for_first(minseo: User, me: Client) -> None:
    me.force_login(minseo)  # long ago, as far as allauth knows
    assert me.get("/settings/close/")["Location"] == "/accounts/reauthenticate/?next=%2Fsettings%2Fclose%2F"
    wrong = me.post("/accounts/reauthenticate/?next=/settings/close/", {"password": "wrong"})
    assert "password" in wrong.context["form"].errors
    right = me.post("/accounts/reauthenticate/?next=/settings/close/", {"password": PASSWORD}, follow=True)
    assert right.redirect_chain[-1][0] == "/settings/close/"


def test_a_form_sent_too_late_waits_for_the_password(minseo: User, me: Client) -> None:
    me.force_login(minseo)
    asked = me.post("/settings/close/", {"nickname": "민서"})
    minseo.refresh_from_db()
    assert minseo.is_active
    assert me.post(asked["Location"], {"password": PASSWORD})["Location"] == "/goodbye/"
    minseo.refresh_from_db()
    assert not minseo.is_active


def again(client: Client) -> Client:
    client.post("/accounts/reauthenticate/?next=/settings/close/", {"password": PASSWORD})
    return client


def test_the_nickname_must_be_typed(me: Client, minseo: User, close: Any) -> None:
    again(me)
    for typed in ("", "지우"):
        response = close(me, typed)
        assert response.status_code == 422
        assert 'id="id_nickname_error"' in response.text
    minseo.refresh_from_db()
    assert minseo.is_active


def test_what_was_written_stays_and_everything_about_the_person_goes(
    me: Client, minseo: User, stranger: User, new_post: Any, ask: Any, close: Any
) -> None:
    post = new_post(by=minseo, title="남는 글")
    post.room.say(author=minseo, text="남는 말")
    elsewhere = Client()
    sign_in(elsewhere)
    unlisted = Client()
    unlisted.force_login(minseo)
    UserSession.objects.exclude(session_key__in=[me.session.session_key, elsewhere.session.session_key]).delete()
    Authenticator.objects.create(user=minseo, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    SocialAccount.objects.create(user=minseo, provider="github", uid="1")
    minseo.add_friend(stranger)
    ask(me)
    name = Export.objects.get().file_name
    stamp = User.objects.get(pk=minseo.pk).auth_stamp

    done = close(again(me))
    assert done["Location"] == "/goodbye/"
    assert me.get("/goodbye/").status_code == 200
    for client in (me, elsewhere, unlisted):
        assert client.get("/posts/new/").status_code == 302
    minseo.refresh_from_db()
    assert not minseo.is_active
    assert minseo.auth_stamp > stamp
    assert "minseo" not in minseo.email
    assert minseo.nickname == f"떠난 사람 {minseo.pk}"
    with pytest.raises(ValidationError):  # or whoever takes it first would keep them here
        validate_nickname(minseo.nickname)
    for kept in (EmailAddress, Authenticator, SocialAccount, UserSession, Export, Session):
        assert not kept.objects.exists(), kept
    assert not private_storage().exists(name)
    text = Client().get(post.get_absolute_url()).text
    assert "남는 말" in text
    assert "민서" not in text
    assert Client().get("/people/민서/").status_code == 404
    refused = sign_in(Client())
    assert refused.status_code == 422


def test_sections_that_were_given_to_others_stay_and_the_others_go(
    me: Client, minseo: User, stranger: User, new_post: Any, close: Any
) -> None:
    from board.models import Digest, DigestRevision, Tick

    post = new_post(by=stranger)
    line = post.room.say(author=minseo, text="남는 말")
    published, waiting, returned, withdrawn, was_there = (
        Digest.propose(post=post, by=minseo, title=title, text="[[1]]")
        for title in ("실린 것", "기다리는 것", "돌려받은 것", "거둔 것", "내린 것")
    )
    published.publish(by=stranger, version=1)
    returned.give_back(by=stranger, word="더 짧게요.")
    withdrawn.withdraw(by=minseo)
    was_there.publish(by=stranger, version=1)
    was_there.withdraw(by=stranger)
    Tick.choose(by=minseo, room=post.room, shown=[line.pk], ticked=[line.pk])
    close(again(me))
    kept = [published, waiting, was_there]
    assert list(Digest.objects.order_by("pk")) == kept
    assert set(DigestRevision.objects.values_list("digest", flat=True)) == {each.pk for each in kept}
    assert not Tick.objects.exists()
    waiting.publish(by=stranger, version=1)  # it can still be taken in
    text = Client().get(post.get_absolute_url()).text
    assert "실린 것" in text
    assert "기다리는 것" in text
    assert f"떠난 사람 {minseo.pk}" in text
    assert "민서" not in text


def test_the_address_is_free_again_and_the_nickname_is_not(me: Client, close: Any) -> None:
    close(again(me))
    typed = {"email": "minseo@example.com", "password1": PASSWORD, "is_findable_by_email": "on"}
    taken = Client().post("/accounts/signup/", typed | {"nickname": "민서"})
    assert "nickname" in taken.context["form"].errors
    assert Client().post("/accounts/signup/", typed | {"nickname": "새사람"}).status_code == 302
    assert User.objects.get(email="minseo@example.com").nickname == "새사람"


def test_the_last_superuser_stays(me: Client, minseo: User, new_member: Any, close: Any) -> None:
    User.objects.filter(pk=minseo.pk).update(is_superuser=True, is_staff=True)
    new_member("떠난운영", is_superuser=True, is_active=False)
    response = close(again(me))
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    minseo.refresh_from_db()
    assert minseo.is_active
    with pytest.raises(LastSuperuser):
        minseo.close()
    new_member("다른운영", is_superuser=True)
    assert close(me)["Location"] == "/goodbye/"


def test_who_has_no_password_shows_by_signing_in_that_it_is_them(new_member: Any, close: Any) -> None:
    octocat, client = new_member("octocat"), Client()
    octocat.set_unusable_password()
    octocat.save()
    client.force_login(octocat)
    User.objects.filter(pk=octocat.pk).update(last_login=timezone.now() - timedelta(hours=1))
    assert close(client, "octocat").status_code == 422
    client.force_login(octocat)
    assert close(client, "octocat")["Location"] == "/goodbye/"


def test_nobody_else_is_touched(me: Client, stranger: User, close: Any) -> None:
    other = Client()
    other.force_login(stranger)
    close(again(me))
    assert other.get("/posts/new/").status_code == 200
