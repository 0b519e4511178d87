"""Views: who has looked at a post, each once a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from board.models import Post, View

pytestmark = pytest.mark.django_db
AS_SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def views_of(post: Post) -> int:
    return Post.objects.get(pk=post.pk).view_count


def look(client: Client, post: Post, **extra: Any) -> None:
    assert client.post(f"/posts/{post.pk}/view/", headers=AS_SCRIPT, **extra).status_code == 204


def test_everybody_counts_once_a_day(client: Client, post: Post, stranger: User, staff: User) -> None:
    for person in (stranger, staff, stranger):
        client.force_login(person)
        look(client, post)
        look(client, post)
    assert views_of(post) == 2


def test_visitors_are_told_apart_and_none_of_them_is_written_down(post: Post) -> None:
    for address, browser in (("10.0.0.1", "Firefox"), ("10.0.0.1", "Chrome"), ("10.0.0.2", "Chrome")):
        for _ in range(2):
            look(Client(REMOTE_ADDR=address, HTTP_USER_AGENT=browser), post)
    assert views_of(post) == 3
    assert not any("10.0.0" in view.viewer or "Chrome" in view.viewer for view in View.objects.all())


def test_the_next_day_counts_again_under_another_name_and_old_names_go(
    client: Client, post: Post, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(stranger)
    look(client, post)
    first = View.objects.get().viewer
    real = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda *args: real(*args) + timedelta(days=1))
    look(client, post)
    assert views_of(post) == 2
    assert View.objects.exclude(viewer=first).count() == 1
    monkeypatch.setattr(timezone, "localdate", lambda *args: real(*args) + timedelta(days=4))
    look(client, post)
    assert views_of(post) == 3
    assert View.objects.count() == 1


def test_reading_itself_counts_and_writes_nothing(client: Client, post: Post) -> None:
    client.get(post.get_absolute_url())
    client.head(post.get_absolute_url())
    assert client.get(f"/posts/{post.pk}/view/").status_code == 405
    assert (views_of(post), View.objects.count()) == (0, 0)


def test_without_scripts_it_is_a_button_that_leads_back(client: Client, post: Post) -> None:
    assert f'action="/posts/{post.pk}/view/"' in client.get(post.get_absolute_url()).text
    assert client.post(f"/posts/{post.pk}/view/")["Location"] == post.get_absolute_url()
    assert views_of(post) == 1


def test_what_is_unseen_is_not_viewed(client: Client, post: Post, owner: User) -> None:
    post.delete_softly(by=owner)
    assert client.post(f"/posts/{post.pk}/view/").status_code == 404


def test_the_count_stands_on_the_card_the_post_and_in_the_api(client: Client, post: Post) -> None:
    look(client, post)
    for path in ("/", post.get_absolute_url()):
        assert "조회 1" in client.get(path).text
    assert client.get(f"/api/post/detail/{post.pk}/").json()["hit"] == 1


def test_looking_again_is_one_short_question(
    client: Client, post: Post, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    look(client, post)
    with django_assert_max_num_queries(2):
        look(client, post)
