"""What the real server adds to every answer, and whom it believes."""

import json
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection

import pytest

from e2e.site import Site


@pytest.fixture
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HTTPConnection]:
    site = Site(tmp_path_factory.mktemp("site"))
    site.manage("migrate", "-v0")
    site.start()
    connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
    yield connection
    connection.close()
    site.stop()


def test_each_answer_says_when_it_was_made(asked: HTTPConnection) -> None:
    seconds: set[float] = set()
    until = time.monotonic() + 5
    while len(seconds) < 2 and time.monotonic() < until:
        before = int(time.time())
        asked.request("GET", "/healthz")
        answer = asked.getresponse()
        answer.read()
        dates = answer.headers.get_all("date", [])
        assert len(dates) == 1
        seconds.add(said := parsedate_to_datetime(dates[0]).timestamp())
        assert before <= said <= time.time()
    assert len(seconds) == 2


@pytest.mark.parametrize(("believed", "status"), [("127.0.0.1", 200), ("10.1.2.3", 301)])
def test_only_a_proxy_that_is_believed_says_that_a_request_came_by_https(
    tmp_path_factory: pytest.TempPathFactory, believed: str, status: int
) -> None:
    names = {"ALLOWED_HOSTS": "cobra.example,127.0.0.1", "SECRET_KEY": "s" * 50, "TRUSTED_PROXIES": believed}
    site = Site(tmp_path_factory.mktemp("site"), **names)
    site.prepare()
    site.start()
    try:
        connection = HTTPConnection("127.0.0.1", site.port, timeout=10)
        connection.request("GET", "/", headers={"Host": "cobra.example", "X-Forwarded-Proto": "https"})
        assert connection.getresponse().status == status
        connection.close()
    finally:
        site.stop()


def test_all_that_a_program_reads_is_json(tmp_path_factory: pytest.TempPathFactory) -> None:
    site = Site(tmp_path_factory.mktemp("site"), LOG_FORMAT="json")
    site.start()
    site.stop()
    records = [json.loads(line) for line in site.log.read_text().splitlines()]
    assert f"Cobra Space: http://localhost:{site.port}" in [record["message"] for record in records]
