"""Gentle gates for newcomers, and for those who repeat themselves."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Deed, User
from board.models import Post, Report
from cobra.rates import Rate
from rooms.errors import SaidAlready, TooFast
from rooms.models import Line

pytestmark = pytest.mark.django_db
AD = "여기서 싸게 사세요 https://ads.example.com/shop"


@pytest.fixture(autouse=True)
def _gates(settings: Any) -> None:
    settings.NEWCOMER_FOR = timedelta(days=1)


def grown(user: User) -> User:
    user.date_joined = timezone.now() - timedelta(days=2)
    user.save(update_fields=["date_joined"])
    return user


def seen(post: Post) -> str:
    return Client().get(post.get_absolute_url()).text


def test_a_newcomers_link_waits_and_the_staff_are_told(post: Post, stranger: User, staff: User) -> None:
    line = post.room.say(author=stranger, text=AD)
    assert "ads.example.com" not in seen(post)
    assert "운영진의 확인을 기다려요" in seen(post)
    report = Report.objects.get()
    assert (report.reporter, report.line, report.reason) == (None, line, "held")
    line.approve(by=staff)
    assert "ads.example.com" in seen(post)
    assert Deed.objects.get().action == "approve"


def test_what_is_held_is_found_by_nobody_until_it_is_approved(post: Post, stranger: User, staff: User) -> None:
    line = post.room.say(author=stranger, text=AD)
    visitor = Client()
    assert "line-" not in visitor.get("/search/?q=싸게").text
    line.approve(by=staff)
    assert f"at={line.pk}" in visitor.get("/search/?q=싸게").text


def test_a_link_to_this_site_and_words_alone_wait_for_nobody(post: Post, stranger: User, settings: Any) -> None:
    for text in ("안녕하세요", f"{settings.SITE_URL}/posts/1/ 보셨나요"):
        assert not post.room.say(author=stranger, text=text).hidden_at


def test_who_has_been_here_for_a_while_is_held_up_by_nothing(post: Post, stranger: User, settings: Any) -> None:
    settings.LINE_RATE, settings.NEWCOMER_LINE_RATE = Rate.parse("20/10s"), Rate.parse("2/1m")
    for number in range(4):
        assert not post.room.say(author=grown(stranger), text=f"{AD}/{number}").hidden_at


def test_a_link_edited_in_waits_too(post: Post, stranger: User) -> None:
    line = post.room.say(author=stranger, text="안녕하세요")
    line.edit(by=stranger, text=AD)
    assert "ads.example.com" not in seen(post)
    assert Line.objects.get(pk=line.pk).is_held


def test_a_newcomer_speaks_more_slowly(post: Post, stranger: User, settings: Any) -> None:
    settings.LINE_RATE, settings.NEWCOMER_LINE_RATE = Rate.parse("20/10s"), Rate.parse("2/1m")
    for number in range(2):
        post.room.say(author=stranger, text=f"{number}")
    with pytest.raises(TooFast):
        post.room.say(author=stranger, text="2")


def test_who_is_refused_for_speed_again_and_again_is_reported(post: Post, stranger: User, settings: Any) -> None:
    settings.LINE_RATE, settings.NEWCOMER_LINE_RATE = Rate.parse("20/10s"), Rate.parse("1/1h")
    post.room.say(author=stranger, text="하나")
    for _ in range(12):
        with pytest.raises(TooFast):
            post.room.say(author=stranger, text="둘")
    report = Report.objects.get()
    assert (report.person, report.reason, report.reporter) == (stranger, "flood", None)


def test_the_same_long_thing_is_not_said_twice(post: Post, stranger: User, settings: Any) -> None:
    settings.REPEAT_FOR = timedelta(minutes=10)
    text = "같은 말을 방마다 되풀이하면 아무도 읽지 않아요."
    line = post.room.say(author=stranger, text=text)
    with pytest.raises(SaidAlready):
        post.room.say(author=stranger, text=text)
    Line.objects.filter(pk=line.pk).update(created_at=timezone.now() - timedelta(minutes=11))
    post.room.say(author=stranger, text=text)
    for _ in range(2):
        post.room.say(author=stranger, text="네")


def test_a_retried_send_of_it_is_the_line_it_was(post: Post, stranger: User, settings: Any) -> None:
    settings.REPEAT_FOR = timedelta(minutes=10)
    client = Client()
    client.force_login(stranger)
    body = {
        "body": "같은 말을 방마다 되풀이하면 아무도 읽지 않아요.",
        "client_id": str(uuid.uuid4()),
    }
    for _ in range(2):
        assert client.post(f"/posts/{post.pk}/room/lines/", body).status_code == 303
    refused = client.post(f"/posts/{post.pk}/room/lines/", {"body": body["body"]})
    assert refused.status_code == 409
    assert body["body"] in refused.text


def test_a_newcomers_post_with_a_link_is_theirs_and_the_staffs_alone_until_it_is_approved(
    stranger: User, staff: User, new_post: Any
) -> None:
    post = new_post(by=stranger, body=AD)
    client = Client()
    assert client.get(post.get_absolute_url()).status_code == 404
    client.force_login(stranger)
    assert "운영진의 확인을 기다려요" in client.get(post.get_absolute_url()).text
    assert Report.objects.get().post == post
    client.force_login(staff)
    assert client.post(Report.objects.get().get_absolute_url(), {"action": "approve"}).status_code == 302
    assert Client().get(post.get_absolute_url()).status_code == 200
    assert stranger.inbox_count == 1
