"""A real conversation, said again in a room by the people who had it, at its own pace or faster."""

import http.client
import json
import time
import urllib.parse
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

EXCERPT = Path(__file__).parent / "data" / "chat-2008-01-02.jsonl"
TOKEN = "a" * 32  # any will do: the cookie and the header have to be the same


class Said(NamedTuple):
    """`at`: seconds after the first line."""

    author: str
    text: str
    at: float


def lines_of(path: Path = EXCERPT) -> list[Said]:
    """The lines of a log in its order; those of a minute are spread evenly over it."""
    events = [json.loads(row) for row in path.read_text().splitlines()]
    return list(_spread(event for event in events if event["kind"] == "line" and event["body"].strip()))


def _spread(events: Iterable[dict[str, str]]) -> Iterator[Said]:
    first: float | None = None
    minute = 0.0
    for at, together in groupby(events, key=lambda event: event["at"]):
        if at:  # some of a log's lines have no time: they belong to what came before
            minute = datetime.fromisoformat(at).timestamp()
        first = minute if first is None else first
        same = list(together)
        for number, event in enumerate(same):
            yield Said(event["author"], event["body"], minute - first + 60 * number / len(same))


def replay(lines: Iterable[Said], *, port: int, post_id: int, sessions: Mapping[str, str], speed: float) -> None:
    """Say the lines, `speed` times as fast as they were said, each over its author's session.

    Raises:
        AssertionError: one was not taken.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = time.monotonic()
    for line in lines:
        time.sleep(max(0.0, began + line.at / speed - time.monotonic()))
        say(connection, post_id, sessions[line.author], line.text)
    connection.close()


def say(connection: http.client.HTTPConnection, post_id: int, session: str, text: str) -> None:
    """As a page sends it."""
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
        "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
        "HX-Request": "true",
        "HX-Request-Type": "partial",
    }
    body = urllib.parse.urlencode({"body": text, "client_id": str(uuid.uuid4())})
    connection.request("POST", f"/posts/{post_id}/room/lines/", body, headers)
    answer = connection.getresponse()
    read = answer.read()
    assert answer.status == 201, f"{answer.status}: {read[:300]!r}"
