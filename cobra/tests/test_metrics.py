"""What Prometheus is told, and who else is not."""

import asyncio
from functools import partial

import pytest
from django.conf import LazySettings
from django.test import Client
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from accounts.models import User
from board.models import Post
from rooms.models import Room
from rooms.tests.ears import Ear, listen, on_thread, until

BEARER = {"Authorization": "Bearer a-token"}


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


@pytest.mark.django_db
def test_without_a_token_in_the_settings_there_is_no_such_page(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", "Bearer a-toke", "Bearer 열쇠", "Basic a-token", "a-token"]
)
def test_who_does_not_know_the_token_is_told_nothing(given: str | None, client: Client, settings: LazySettings) -> None:
    settings.METRICS_TOKEN = "a-token"
    response = client.get("/metrics", headers={"Authorization": given} if given is not None else {})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert b"cobra_" not in response.content


def test_who_knows_it_reads_the_format_of_prometheus(client: Client, settings: LazySettings) -> None:
    settings.METRICS_TOKEN = "a-token"
    response = client.get("/metrics", headers=BEARER)
    assert response["Content-Type"].startswith("text/plain; version=")
    names = {family.name for family in text_string_to_metric_families(response.content.decode())}
    assert {
        "cobra_listeners",
        "cobra_rooms_live",
        "cobra_lines_said",
        "cobra_delivery_seconds",
        "cobra_queue_listeners",
        "cobra_queue_messages",
        "cobra_queue_bytes",
        "cobra_request_seconds",
    } <= names


def test_requests_are_counted_by_method_and_kind_of_answer(client: Client) -> None:
    count = partial(value, "cobra_request_seconds_count", status="4xx")
    before, others = count(method="PUT"), count(method="other")
    client.put("/metrics")
    client.generic("NONSENSE", "/metrics")
    assert (count(method="PUT"), count(method="other")) == (before + 1, others + 1)


@pytest.mark.django_db(transaction=True)
def test_listeners_rooms_lines_and_how_long_a_line_took_are_seen(post: Post, owner: User) -> None:
    async def conversation() -> None:
        lines, told = value("cobra_lines_said_total"), value("cobra_delivery_seconds_count")
        ear = await Ear(post.pk).open()
        roomless = await Ear(None, query_string=b"lang=ko&after=0").open()
        await until(lambda: value("cobra_listeners") == 2)
        assert value("cobra_rooms_live") == 1
        line = await on_thread(lambda: Room.objects.get(pk=post.pk).say(author=owner, text="안녕"))
        await ear.hears(line.pk)
        assert value("cobra_lines_said_total") == lines + 1
        assert value("cobra_delivery_seconds_count") == told + 1
        assert value("cobra_delivery_seconds_sum") < 60
        assert value("cobra_queue_bytes") == value("cobra_queue_messages") == value("cobra_queue_listeners") == 0
        for one in (ear, roomless):
            await one.close()

    listen(conversation)


def test_what_waits_for_who_does_not_read_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from rooms import live
    from rooms.listener import Listener
    from rooms.standing import Reader

    async def conversation() -> None:
        reading = asyncio.Event()

        async def send(message: object) -> None:
            await reading.wait()

        slow = Listener(send, Reader(), "ko")
        for _ in range(3):
            slow.push(b"12345")
        hub = SimpleNamespace(rooms={}, edge=None, inboxes=SimpleNamespace(roomless={slow}))
        monkeypatch.setattr(live, "_hub", hub)
        # The first is on its way, and the socket's.
        assert value("cobra_queue_listeners") == 1
        assert value("cobra_queue_messages") == 2
        assert value("cobra_queue_bytes") == 10
        reading.set()
        await until(lambda: value("cobra_queue_bytes") == 0)

    asyncio.run(conversation())
