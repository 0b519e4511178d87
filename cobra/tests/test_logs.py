"""All that is logged about a request carries its name, in lines for people and in objects for programs."""

import json
import logging
import re
import sys
from io import StringIO

import pytest
from django.http import HttpRequest
from django.test import Client

from cobra import request_ids
from cobra.logs import AGAIN, PLAIN, JSONFormatter, RequestFilter, SeldomFilter, logging_settings


def logged(formatter: logging.Formatter, client: Client, path: str, name: str) -> str:
    """What Django itself says about a request that went wrong."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RequestFilter())
    handler.setFormatter(formatter)
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        client.get(path, headers={"X-Request-ID": name})
    finally:
        logger.removeHandler(handler)
    return stream.getvalue()


def test_a_request_is_called_by_the_name_that_the_proxy_gave_it(client: Client) -> None:
    assert client.get("/metrics", headers={"X-Request-ID": "a1.b_2-C"})["X-Request-ID"] == "a1.b_2-C"


@pytest.mark.parametrize("given", [None, "", "two words", "x" * 65, "한글", "a\x1b[31m", '"}'])
def test_a_name_that_does_not_belong_into_a_log_is_not_taken(given: str | None, client: Client) -> None:
    headers = {"X-Request-ID": given} if given is not None else {}
    names = [client.get("/metrics", headers=headers)["X-Request-ID"] for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names)
    assert names[0] != names[1]


def test_a_record_of_a_request_carries_its_name(client: Client) -> None:
    assert "[from-proxy]" in logged(logging.Formatter(PLAIN, style="{"), client, "/metrics", "from-proxy")
    found = json.loads(logged(JSONFormatter(), client, "/metrics", "from-proxy"))
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "WARNING",
        "logger": "django.request",
        "message": "Not Found: /metrics",
        "request_id": "from-proxy",
        "status": 404,
    }


def test_an_exception_is_one_line_of_json() -> None:
    try:
        raise RuntimeError("뱀")
    except RuntimeError:
        record = logging.LogRecord("board", logging.ERROR, __file__, 1, "it %s", ("broke",), sys.exc_info())
    text = JSONFormatter().format(record)
    assert "\n" not in text
    assert json.loads(text)["message"] == "it broke"
    assert "RuntimeError: 뱀" in json.loads(text)["exception"]
    assert "뱀" in text


def test_whoever_sees_the_page_of_an_error_can_name_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(request: HttpRequest) -> None:
        raise RuntimeError

    monkeypatch.setattr("cobra.views.generate_latest", break_down)
    monkeypatch.setattr("django.conf.settings.METRICS_TOKEN", "a-token")
    client.raise_request_exception = False
    headers = {"X-Request-ID": "from-proxy", "Authorization": "Bearer a-token"}
    response = client.get("/metrics", headers=headers)
    assert response.status_code == 500
    assert "from-proxy" in response.content.decode()
    assert response["X-Request-ID"] == request_ids.current() == "from-proxy"


def test_another_layout_is_refused() -> None:
    with pytest.raises(ValueError, match="plain or json"):
        logging_settings("xml")


def test_what_repeats_itself_is_said_once_a_minute() -> None:
    seldom = SeldomFilter()

    def passes(text: str, at: float) -> bool:
        record = logging.makeLogRecord({"msg": text, "created": at})
        return seldom.filter(record)

    assert [passes("refused", 0), passes("refused", 1), passes("no such name", 2)] == [True, False, True]
    assert [passes("no such name", 3), passes("no such name", 2 + AGAIN)] == [False, True]
