"""A database that is away or full, and a Redis that is away: a sentence, nothing lost, and all well again by itself."""

import time
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from accounts.models import User
from board.models import Post
from cobra.cache import SharedCache
from cobra.outage import is_outage
from cobra.rates import Rate
from e2e.site import free_port
from rooms.models import Line

SCRIPTED = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file that may not grow is SQLite's")
def test_a_full_disk_refuses_with_a_sentence_and_nothing_is_half_written(
    client: Client, post: Post, owner: User
) -> None:
    client.force_login(owner)
    address = f"/posts/{post.pk}/room/lines/"
    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            texts = [f"{number} " + "가득 " * 1_300 for number in range(20)]
            answers = [client.post(address, {"body": text}, headers=SCRIPTED) for text in texts]
            page = client.post(address, {"body": texts[0]})
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert "쓰던 말은 그대로" in refused[0].text
    assert refused[0]["Retry-After"] == page["Retry-After"] == "2"
    assert page.status_code == 503
    assert "공책에 손이 닿지 않아요" in page.text
    assert Line.objects.count() == len(answers) - len(refused)
    assert client.post(address, {"body": "다시"}, headers=SCRIPTED).status_code == 201


@pytest.mark.parametrize("error", [OperationalError("the connection was lost"), InterfaceError("it is closed")])
@pytest.mark.django_db
def test_a_database_that_is_away_is_503_before_any_view_as_well(
    client: Client, owner: User, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def away(*args: Any, **kwargs: Any) -> None:
        raise error

    client.force_login(owner)
    monkeypatch.setattr("django.contrib.auth.get_user", away)
    monkeypatch.setattr("django.contrib.auth.middleware.auth.get_user", away)
    page, answer = client.get("/"), client.post("/drafts/", headers=SCRIPTED)
    problem = client.get("/api/post/", headers={"Accept-Language": "en"})
    assert page.status_code == answer.status_code == problem.status_code == 503
    assert problem.json() == {"detail": "The database is away. Send it again in a moment."}
    assert "공책에 손이 닿지 않아요" in page.text
    assert "<" not in answer.text


def test_a_table_that_is_not_there_is_no_outage() -> None:
    assert is_outage(OperationalError("database is locked"))
    assert not is_outage(OperationalError("no such table: rooms_line"))
    assert not is_outage(ValueError("lock"))


@pytest.fixture
def away() -> SharedCache:
    """A cache whose Redis is nowhere."""
    return SharedCache(f"redis://127.0.0.1:{free_port()}/0", {})


def test_without_redis_a_process_counts_in_its_own_memory(away: SharedCache) -> None:
    began = time.monotonic()
    for _ in range(100):
        assert away.get("none") is None
    assert away.add("count", 1)
    assert not away.add("count", 1)
    assert away.incr("count") == 2
    away.set_many({"one": 1, "two": 2})
    assert away.get_many(["one", "two"]) == {"one": 1, "two": 2}
    assert time.monotonic() - began < 1
    assert "one" in away
    away.clear()
    assert "one" not in away


def test_a_count_that_vanished_between_two_questions_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches["default"], "add", lambda *args, **kwargs: True)
    assert Rate.parse("1/1h").count_one("anything") == 0  # type: ignore[union-attr]


@pytest.mark.django_db
def test_not_ready_while_redis_is_away(client: Client, away: SharedCache, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://somewhere"
    caches["default"] = away
    try:
        answer = client.get("/readyz")
    finally:
        del caches["default"]
    assert (answer.status_code, answer.text) == (503, "Redis does not answer\n")
