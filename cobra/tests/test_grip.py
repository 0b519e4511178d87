"""What Pushpin is told, and whom it vouches for."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from cobra import grip
from cobra.tests.patience import until

KEY = "k" * 32


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}?key={KEY}&verify-iss=pushpin"


def signature(key: str = KEY, iss: str = "pushpin", lasts: int = 60) -> dict[bytes, str]:
    return {b"grip-sig": jwt.encode({"iss": iss, "exp": int(time.time()) + lasts}, key)}


class Control(HTTPServer):
    """Pushpin's control port, as far as it is needed here."""

    allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        self.items: list[dict[str, Any]] = []
        self.fails = False
        super().__init__(("127.0.0.1", port), Handler)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def heard(self) -> list[str]:
        return [item["http-stream"].get("content", "") for item in self.items]

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join()


class Handler(BaseHTTPRequestHandler):
    server: Control

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/publish/" and not self.server.fails:
            self.server.items += json.loads(body)["items"]
        self.send_response(500 if self.server.fails else 200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def control() -> Iterator[Control]:
    server = Control()
    yield server
    server.stop()


@pytest.fixture
def publisher(control: Control, settings: LazySettings) -> Iterator[grip.Publisher]:
    settings.EDGE_URL = url(control.server_port)
    there = grip.proxy()
    assert there
    publisher = grip.Publisher(there)
    yield publisher
    publisher.close()


def test_a_request_is_pushpins_when_it_is_signed_with_the_key_by_the_name_and_not_too_late(
    settings: LazySettings,
) -> None:
    assert not grip.is_signed(signature())  # there is no Pushpin
    settings.EDGE_URL = url(5561)
    assert grip.is_signed(signature())
    for forged in ({}, {b"grip-sig": "x.y.z"}, signature("z" * 32), signature(iss="me"), signature(lasts=-1)):
        assert not grip.is_signed(forged)


def test_a_signature_with_another_key_is_told_to_whoever_set_the_keys(
    settings: LazySettings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grip.logger, "filters", [])  # another test may have made it say so within the last minute
    settings.EDGE_URL = url(5561)
    grip.is_signed(signature())
    assert not caplog.records
    grip.is_signed(signature("y" * 32))
    assert caplog.messages == [grip.UNKNOWN]


@pytest.mark.django_db  # a check asks the database what it can do
@pytest.mark.parametrize("wrong", ["127.0.0.1:5561?key=k", "http://127.0.0.1:5561", "pushpin", "http://?key=k"])
def test_an_address_that_is_none_or_has_no_key_is_an_error_that_says_so(settings: LazySettings, wrong: str) -> None:
    settings.EDGE_URL = wrong
    with pytest.raises(SystemCheckError, match="GRIP_URL"):
        call_command("check")


def test_items_are_told_in_order_with_their_numbers(publisher: grip.Publisher, control: Control) -> None:
    publisher.publish([grip.told("a", "하나", number="e-1", after="e-0"), grip.told("b", "")])
    publisher.publish([grip.closing("a"), grip.hint("b", number="e-1")])
    until(lambda: len(control.items) == 4)
    assert control.items == [
        {"channel": "a", "id": "e-1", "prev-id": "e-0", "http-stream": {"content": "하나"}},
        {"channel": "b", "http-stream": {"content": ""}},
        {"channel": "a", "http-stream": {"action": "close"}},
        {"channel": "b", "id": "e-1", "http-stream": {"action": "hint"}},
    ]


def test_a_pushpin_that_is_away_delays_nobody_and_is_told_when_it_is_back(
    publisher: grip.Publisher, control: Control, caplog: pytest.LogCaptureFixture
) -> None:
    control.fails = True
    began = time.monotonic()
    for number in range(10):
        publisher.publish([grip.told("a", str(number))])
    assert time.monotonic() - began < grip.TIMEOUT
    until(lambda: "cannot be told" in caplog.text)
    control.fails = False
    until(lambda: len(control.items) == 10)
    assert control.heard == [str(number) for number in range(10)]
    until(lambda: "Pushpin is back" in caplog.text)


def test_what_is_stale_is_dropped(
    publisher: grip.Publisher, control: Control, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    control.fails = True
    publisher.publish([grip.told("a", "old")])
    until(lambda: "cannot be told" in caplog.text)
    monkeypatch.setattr(grip, "STALE", 1)
    until(lambda: not publisher._waiting)
    control.fails = False
    publisher.publish([grip.told("a", "new")])
    until(lambda: control.heard)
    assert control.heard == ["new"]


def test_the_last_id_of_a_channel_is_found_among_several() -> None:
    headers = [(b"host", b"x"), (b"grip-last", b"s.lines.7.ko; last-id=e-5, s.name; last-id=WzFd:1a:b_-c")]
    assert grip.last_id(headers, "s.lines.7.ko") == "e-5"
    assert grip.last_id(headers, "s.name") == "WzFd:1a:b_-c"
    assert grip.last_id(headers, "s.other") == ""
