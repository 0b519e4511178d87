"""What is done later, on another thread."""

import pytest
from django.conf import LazySettings
from django.tasks import task

from cobra import request_ids
from cobra.logs import RequestFilter
from cobra.tests.patience import until


@task
def break_down() -> None:
    raise RuntimeError("the mail server is away")


def test_what_fails_later_is_told_with_the_request_that_wanted_it(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TASKS = {"default": {"BACKEND": "cobra.tasks.ThreadBackend"}}
    caplog.handler.addFilter(RequestFilter())
    request_ids.begin("from-proxy")
    break_down.enqueue()
    request_ids.go_on("")
    for _ in range(4):  # on the same threads, after it
        break_down.enqueue()

    def failed() -> list[str]:
        return [vars(record)["request_id"] for record in caplog.records if record.levelname == "ERROR"]

    until(lambda: len(failed()) == 5)
    assert sorted(failed()) == ["", "", "", "", "from-proxy"]
