"""Taking everything along, and leaving for good."""

import io
import json
import os
import time
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts import export as exporting
from accounts.errors import LastSuperuser
from accounts.models import Export, User
from accounts.models.export import KEPT, PATIENCE, private_storage, sweep_exports
from accounts.nicknames import validate_nickname

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def minseo(new_member: Any) -> User:
    user: User = new_member("민서", email="minseo@example.com", password=PASSWORD)
    return user


@pytest.fixture
def me(minseo: User) -> Client:
    """Signed in with the password, just now."""
    client = Client()
    client.post("/accounts/login/", {"login": "minseo@example.com", "password": PASSWORD})
    return client


@pytest.fixture
def ask(django_capture_on_commit_callbacks: Any) -> Any:
    """`ask(client)`: presses the button; the task runs at once here."""

    def press(client: Client, *, made: bool = True) -> Any:
        with django_capture_on_commit_callbacks(execute=made):
            response = client.post("/settings/data/")
        assert response["Location"] == "/settings/data/"
        return response

    return press


def fetch(client: Client) -> dict[str, str]:
    response = client.get("/settings/data/download/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "attachment" in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


# --- My data -------------------------------------------------------------------------------------


def test_it_holds_everything_of_mine_and_nothing_of_others(
    me: Client, minseo: User, stranger: User, new_post: Any, ask: Any
) -> None:
    minseo.profile.rewrite(status="디버깅 중", about="**백엔드**", interests=["별"], links=["https://example.com/"])
    minseo.profile.know([("Django", 3)])
    minseo.add_friend(stranger)
    stranger.add_friend(minseo)
    mine = new_post(by=minseo, title="내 글: 커넥션/풀", body="내 본문", tags=["asgi"])
    gone = new_post(by=minseo, title="지운 글", body="지운 본문")
    gone.delete_softly(by=minseo)
    theirs = new_post(by=stranger, title="남의 글", body="남의 본문")
    said = theirs.room.say(author=stranger, text="남의 말")
    theirs.room.say(author=minseo, text="내 대답이에요", reply_to=said)
    mine.room.say(author=minseo, text="내 말 `코드`")
    ask(me)
    files = fetch(me)

    profile = json.loads(files["profile.json"])
    assert (profile["nickname"], profile["email"]) == ("민서", "minseo@example.com")
    assert profile["skills"][0]["name"] == "Django"
    assert profile["joined_at"].endswith("Z")
    assert "**백엔드**" in files["profile.md"]
    assert json.loads(files["friends.json"])[0]["who"] == "지우"
    assert json.loads(files["notifications.json"])[0]["who"] == "지우"
    assert json.loads(files["blocks.json"]) == []
    assert json.loads(files["sign-in.json"])["sessions"]

    posts = json.loads(files["posts.json"])
    assert [(post["title"], bool(post["deleted_at"])) for post in posts] == [
        ("내 글: 커넥션/풀", False),
        ("지운 글", True),
    ]
    assert posts[0]["tags"] == ["asgi"]
    assert "내 본문" in files[posts[0]["file"]]
    assert "#asgi" in files[posts[0]["file"]]
    lines = json.loads(files[f"rooms/{theirs.pk}.json"])
    assert [(line["text"], line["reply_to"]) for line in lines] == [("내 대답이에요", said.pk)]
    assert "내 말 `코드`" in files[f"rooms/{mine.pk}.md"]

    everything = "".join(files.values()) + "".join(files)
    for word in ("남의", stranger.email, minseo.password):
        assert word not in everything
    assert not [name for name in files if ".." in name or name.startswith("/")]


def test_it_holds_the_sections_i_made_and_those_that_quote_me(
    me: Client, minseo: User, stranger: User, new_post: Any, ask: Any
) -> None:
    from board.models import Digest

    post, secret = new_post(by=stranger, title="남의 글"), new_post(by=stranger, title="비밀 글")
    line = post.room.say(author=minseo, text="내 말")
    post.room.say(author=stranger, text="남의 말")
    mine = Digest.propose(post=post, by=minseo, title="내가 엮은 것", text="내 글귀\n\n[[2]]")
    theirs = Digest.propose(post=post, by=stranger, title="지우가 엮은 것", text="남의 글귀\n\n[[1]]")
    theirs.publish(by=stranger, version=1)
    Digest.propose(post=post, by=stranger, title="아직 아닌 것", text="[[1]]")
    secret.room.say(author=minseo, text="말")
    Digest.propose(post=secret, by=stranger, title="못 읽는 것", text="[[1]]").publish(by=stranger, version=1)
    secret.delete_softly(by=stranger)
    ask(me)
    files = fetch(me)
    digests = json.loads(files["digests.json"])
    (made,) = digests["made"]
    assert (made["title"], made["state"], made["published_at"]) == ("내가 엮은 것", "proposed", None)
    assert made["text"] == "내 글귀\n\n[[2]]"
    assert "내 글귀" in files[made["file"]]
    assert mine.get_own_url() in made["address"]
    (cited,) = digests["quoted_in"]
    assert (cited["title"], cited["my_lines"]) == ("지우가 엮은 것", [line.pk])
    assert theirs.get_absolute_url() in cited["address"]
    everything = "".join(files.values())
    for word in ("남의 글귀", "남의 말", "아직 아닌", "못 읽는"):
        assert word not in everything


def test_nobody_else_can_fetch_it(me: Client, stranger: User, staff: User, ask: Any) -> None:
    ask(me)
    other = Client()
    assert other.get("/settings/data/download/").status_code == 302
    for person in (stranger, staff):
        other.force_login(person)
        assert other.get("/settings/data/download/").status_code == 404
        assert 'id="download"' not in other.get("/settings/data/").text
    name = Export.objects.get().file_name
    assert other.get(f"/media/{name}").status_code == 404
    path = private_storage().path(name)
    assert "media" not in path
    assert len(name) >= 32


def test_the_page_asks_again_only_while_it_is_being_made(me: Client, ask: Any) -> None:
    assert "every 2s" not in me.get("/settings/data/").text
    ask(me, made=False)
    assert "every 2s" in me.get("/settings/data/").text
    part = me.get("/settings/data/", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.lstrip().startswith('<section id="export"')
    assert "every 2s" in part.text
    Export.objects.get().make()
    text = me.get("/settings/data/").text
    assert "every 2s" not in text
    assert 'id="download"' in text


def test_one_at_a_time(me: Client, ask: Any) -> None:
    ask(me, made=False)
    first = Export.objects.get()
    ask(me, made=False)
    assert Export.objects.get() == first
    Export.objects.update(asked_at=timezone.now() - PATIENCE)  # whoever made it is not there any more
    ask(me)
    assert Export.objects.get() != first
    assert fetch(me)


def test_a_new_one_takes_the_place_of_the_one_before(me: Client, ask: Any) -> None:
    ask(me)
    before = Export.objects.get().file_name
    ask(me)
    assert Export.objects.get().file_name != before
    assert not private_storage().exists(before)


def test_it_is_deleted_after_seven_days(
    me: Client, minseo: User, ask: Any, django_capture_on_commit_callbacks: Any
) -> None:
    ask(me)
    name = Export.objects.get().file_name
    Export.objects.update(asked_at=timezone.now() - KEPT)
    assert me.get("/settings/data/download/").status_code == 404
    assert 'id="download"' not in me.get("/settings/data/").text
    with django_capture_on_commit_callbacks(execute=True):
        sweep_exports.enqueue()
    assert not Export.objects.exists()
    assert not private_storage().exists(name)


def test_files_of_nobody_are_deleted_too(me: Client, ask: Any) -> None:
    ask(me)
    mine = Export.objects.get().file_name
    for name, days in (("old.zip", 8), ("new.zip", 1)):
        private_storage().save(name, ContentFile(b"x"))
        then = time.time() - days * 86_400
        os.utime(private_storage().path(name), (then, then))
    os.utime(private_storage().path(mine), (then - 8 * 86_400, then - 8 * 86_400))
    sweep_exports.enqueue()
    there = {name for name in ("old.zip", "new.zip", mine) if private_storage().exists(name)}
    assert there == {"new.zip", mine}


def test_somebodys_sign_in_deletes_what_was_kept_long_enough(
    me: Client, ask: Any, django_capture_on_commit_callbacks: Any
) -> None:
    ask(me)
    Export.objects.update(asked_at=timezone.now() - KEPT - timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/accounts/login/", {"login": "minseo@example.com", "password": PASSWORD})
    assert not Export.objects.exists()


def test_a_failure_is_told_and_can_be_tried_again(me: Client, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(user: User) -> Any:
        raise RuntimeError

    monkeypatch.setattr(exporting, "_sections", [fails])
    ask(me)
    text = me.get("/settings/data/").text
    assert "note bad" in text
    assert "every 2s" not in text
    monkeypatch.undo()
    ask(me)
    assert fetch(me)


def test_a_get_begins_nothing_and_visitors_are_sent_to_the_door(me: Client) -> None:
    me.get("/settings/data/")
    assert not Export.objects.exists()
    assert me.post("/settings/data/download/").status_code == 405
    assert Client().post("/settings/data/").status_code == 302
    assert not Export.objects.exists()


def test_the_page_costs_few_queries(me: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(5):
        me.get("/settings/data/")


# --- Closing -------------------------------------------------------------------------------------


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
    elsewhere.post("/accounts/login/", {"login": "minseo@example.com", "password": PASSWORD})
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
    refused = Client().post("/accounts/login/", {"login": "minseo@example.com", "password": PASSWORD})
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
