"""What waits for me, and marking it as read."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.inbox import PAGE
from accounts.models import Notification, User
from rooms.models import Line, Room
from rooms.telling import tell_called

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def me(client: Client, new_member: Any) -> User:
    user: User = new_member("도윤")
    client.force_login(user)
    return user


def rows(client: Client, path: str = "/inbox/", **headers: str) -> list[str]:
    days = client.get(path, headers=headers).context["inbox"].days
    return [each.actor.nickname for day in days for each in day.notifications]


def test_somebody_who_adds_me_is_told_once(client: Client, me: User, new_member: Any) -> None:
    jiwoo = new_member("지우")
    for _ in range(2):
        jiwoo.add_friend(me)
        jiwoo.remove_friend(me)
    assert rows(client) == ["지우"]


def test_opening_it_reads_nothing(client: Client, me: User, new_member: Any) -> None:
    new_member("지우").add_friend(me)
    for _ in range(2):
        text = client.get("/inbox/").text
        assert 'class="new"' in text
    assert me.notifications.unread().count() == 1


def test_one_is_read_or_all_are_and_only_my_own(client: Client, me: User, new_member: Any) -> None:
    jiwoo, maya, other = new_member("지우"), new_member("Maya"), new_member("소라")
    for who, whom in ((jiwoo, me), (maya, me), (jiwoo, other)):
        who.add_friend(whom)
    first, theirs = me.notifications.get(actor=jiwoo), other.notifications.get()
    for pk in (first.pk, theirs.pk, 10**9):
        assert client.post("/inbox/read/", {"id": pk})["Location"] == "/inbox/"
    assert list(me.notifications.unread().values_list("actor", flat=True)) == [maya.pk]
    assert other.notifications.unread().count() == 1
    assert client.post("/inbox/read/", {"id": "x"}).status_code == 400
    assert client.post("/inbox/read/").status_code == 303
    assert not me.notifications.unread().exists()
    assert client.get("/inbox/read/").status_code == 405


def test_fifty_a_page_and_none_twice(client: Client, me: User, new_member: Any) -> None:
    people = [new_member(f"사람-{number:02}") for number in range(PAGE + 2)]
    for each in people:
        each.add_friend(me)
    first = client.get("/inbox/").context["inbox"]
    assert sum(len(day.notifications) for day in first.days) == PAGE
    more = f"/inbox/?before={first.next_before}"
    assert rows(client, more) == ["사람-01", "사람-00"]
    assert "<h2" in client.get(more).text
    part = client.get(more, headers=PARTIAL)
    assert "<html" not in part.text
    assert "<h2" not in part.text  # the same day goes on
    assert client.get("/inbox/?before=x").status_code == 404


def test_days_are_the_readers(client: Client, me: User, new_member: Any) -> None:
    me.choose(time_zone="America/Los_Angeles", language="en")
    for name, days in (("지우", 2), ("Maya", 1), ("소라", 0)):
        new_member(name).add_friend(me)
        told = Notification.objects.filter(actor__nickname=name)
        told.update(created_at=timezone.now() - timedelta(days=days))
    shown = client.get("/inbox/")
    with timezone.override("America/Los_Angeles"):
        assert [day.date for day in shown.context["inbox"].days] == [
            timezone.localdate() - timedelta(days=days) for days in range(3)
        ]
    assert ">Today<" in shown.text
    assert ">Yesterday<" in shown.text


def test_the_count_stands_in_every_page_and_in_no_part(client: Client, me: User, new_member: Any) -> None:
    for name in ("지우", "Maya"):
        new_member(name).add_friend(me)
    left = new_member("떠난이")
    left.add_friend(me)
    User.objects.filter(pk=left.pk).update(is_active=False)
    assert '<span class="count">2 ' in client.get("/").text
    assert "inbox-count" not in client.get("/inbox/", headers=PARTIAL).text
    assert "inbox-count" not in Client().get("/").text
    me.read_inbox()
    assert 'class="count"' not in client.get("/").text


def test_an_empty_inbox_says_so(client: Client, me: User) -> None:
    assert 'class="empty"' in client.get("/inbox/").text


def test_it_takes_a_fixed_number_of_queries(
    client: Client, me: User, new_member: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        new_member().add_friend(me)
    with django_assert_max_num_queries(9):
        client.get("/inbox/")


def test_it_is_for_members(client: Client) -> None:
    assert client.get("/inbox/")["Location"].startswith("/accounts/login/")
    assert client.post("/inbox/read/")["Location"].startswith("/accounts/login/")


def test_a_call_leads_to_its_line_and_goes_when_the_line_or_its_room_goes(
    client: Client, me: User, new_member: Any, new_post: Any
) -> None:
    jiwoo = new_member("지우")
    post = new_post(by=jiwoo, title="스트림과 커넥션")
    line = post.room.say(author=jiwoo, text="@도윤 이거 보셨어요?")
    tell_called(line, mentioned=[me.pk])
    text = client.get("/inbox/").text
    assert f'href="/posts/{post.pk}/?at={line.pk}#line-{line.pk}"' in text
    assert "이거 보셨어요?" in text
    assert "스트림과 커넥션" in text
    assert '<span class="count">1 ' in text
    Line.objects.filter(pk=line.pk).update(deleted_at=timezone.now())
    assert "이거 보셨어요?" not in client.get("/inbox/").text
    assert '<span class="count">' not in client.get("/inbox/").text
    Line.objects.filter(pk=line.pk).update(deleted_at=None)
    Room.objects.filter(pk=post.pk).update(hidden_at=timezone.now())
    assert "스트림과 커넥션" not in client.get("/inbox/").text
