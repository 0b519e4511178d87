"""Taking everything along."""

import io
import json
import os
import time
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts import export as exporting
from accounts.models import Export, User
from accounts.models.export import KEPT, PATIENCE, private_storage, sweep_exports
from accounts.tests.door import sign_in

pytestmark = pytest.mark.django_db


def fetch(client: Client) -> dict[str, str]:
    response = client.get("/settings/data/download/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "attachment" in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(response))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


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


def test_where_the_file_is_gone_it_can_be_asked_for_anew(me: Client, ask: Any) -> None:
    """As after the restore of a backup, which has the row and not the file."""
    ask(me)
    private_storage().delete(Export.objects.get().file_name)
    page = me.get("/settings/data/")
    assert page.status_code == 200
    assert 'id="download"' not in page.text
    assert me.get("/settings/data/download/").status_code == 404
    ask(me)
    assert 'id="download"' in me.get("/settings/data/").text


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
        sign_in(Client())
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
