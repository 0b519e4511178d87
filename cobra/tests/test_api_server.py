"""One whole session of a program with the real server: the one of docs/api.md."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.site import Site

PASSWORD = "hq8Zxm2kLp"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    site.manage("migrate", "-v0")
    site.start()
    yield site
    site.stop()


class Program:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.access = ""

    def open(self, path: str, data: Any = None, **headers: str) -> Any:
        url = path if "://" in path else f"{self.site.url}{path}"
        headers |= {"Authorization": f"Bearer {self.access}"} if self.access else {}
        headers |= {"Content-Type": "application/json"} if data is not None else {}
        body = json.dumps(data).encode() if data is not None else None
        request = urllib.request.Request(url, data=body, headers=headers)
        return urllib.request.urlopen(request, timeout=10)

    def ask(self, path: str, data: Any = None) -> Any:
        with self.open(path, data) as answer:
            return json.load(answer)


def events(stream: Any) -> Iterator[tuple[str, str, Any]]:
    """(name, id, data) of each."""
    fields: dict[str, str] = {}
    for row in stream:
        name, _, value = row.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        else:
            yield fields.get("event", ""), fields.get("id", ""), json.loads(fields["data"])
            fields = {}


def test_a_session_from_registration_to_the_live_room(site: Site) -> None:
    me = Program(site)
    typed = {"email": "user1@email.com", "password": PASSWORD}
    assert me.ask("/user/registration/", typed)["message"] == "회원가입이 완료되었습니다."
    tokens = me.ask("/user/login/", typed)
    me.access = tokens["access"]
    category = me.ask("/api/post/categories")[0]["id"]
    written = {"title": "첫 글", "content": "본문", "category": category, "tags": ["Django"]}
    post = me.ask("/api/post/write", written)
    assert [each["id"] for each in me.ask("/api/post/?tag=django")] == [post["id"]]
    room = me.ask(f"/api/post/detail/{post['id']}/")["room_data"]

    with me.open(room["stream_url"]) as stream:
        heard = events(stream)
        assert next(heard)[0] == "open"
        said = me.ask(room["lines_url"], {"message": "들려요?"})
        name, event_id, line = next(event for event in heard if event[0].startswith("chat.message"))
        assert (name, line) == ("chat.message", said)
    second = me.ask(room["lines_url"], {"message": "다시 왔어요"})
    with me.open(f"/api/chat/room/{room['id']}/stream/", **{"Last-Event-ID": event_id}) as stream:
        line = next(event for event in events(stream) if event[0].startswith("chat.message"))[2]
        assert line == second

    assert me.ask("/user/token/refresh/", {"refresh": tokens["refresh"]})["access"]
    assert me.ask("/user/logout/", {})["message"] == "로그아웃이 완료되었습니다."
    for path in ("/user/friends/", f"/api/chat/room/{room['id']}/stream/"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            me.open(path)
        with refused.value as answer:
            assert answer.status == 401
            assert json.load(answer).keys() == {"detail"}
