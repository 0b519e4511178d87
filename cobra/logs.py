"""How log records look: lines for people, or with `LOG_FORMAT=json` one object a line for programs."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from cobra import request_ids

AGAIN = 60  # seconds after which the same is said once more
PLAIN = "{asctime} {levelname} {name} {message}{request}"


class RequestFilter(logging.Filter):
    """Gives every record the id of the request it is about, as `request_id`; empty where it is about none."""

    def filter(self, record: logging.LogRecord) -> bool:
        name = request_ids.current()
        record.request_id, record.request = name, f" [{name}]" if name else ""
        return True


class SeldomFilter(logging.Filter):
    """Lets a message pass that is another one than the last, or comes `AGAIN` seconds after it: why a database does not
    answer is worth one line, not one for each attempt."""

    _last = ("", 0.0)

    def filter(self, record: logging.LogRecord) -> bool:
        text, at = self._last
        if record.getMessage() == text and record.created < at + AGAIN:
            return False
        self._last = record.getMessage(), record.created
        return True


class JSONFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if name := getattr(record, "request_id", ""):
            found["request_id"] = name
        if status := getattr(record, "status_code", None):  # Django's own, of answers that went wrong
            found["status"] = status
        if record.exc_info:
            found["exception"] = self.formatException(record.exc_info)
        return json.dumps(found, ensure_ascii=False)


def logging_settings(layout: str) -> dict[str, Any]:
    """Django's LOGGING.

    Raises:
        ValueError: `layout` is neither plain nor json.
    """
    if layout not in ("plain", "json"):
        raise ValueError("LOG_FORMAT is plain or json.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request": {"()": RequestFilter}, "seldom": {"()": SeldomFilter}},
        "formatters": {"plain": {"format": PLAIN, "style": "{"}, "json": {"()": JSONFormatter}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": layout, "filters": ["request"]}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {name: {"level": "INFO"} for name in ("cobra", "board", "rooms", "accounts")}
        | {"django_eventstream": {"level": "WARNING"}, "psycopg.pool": {"level": "WARNING", "filters": ["seldom"]}}
        | {"cobra.grip": {"filters": ["seldom"]}},
    }
