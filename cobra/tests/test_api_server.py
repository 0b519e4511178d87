"""Programs and the real server: the session of docs/api.md, and every row of the contract, well and badly asked."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest

from cobra.tests.test_api_contract import DOCUMENTED
from e2e.site import Site

PASSWORD = "hq8Zxm2kLp"
NOBODYS = 987654321


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    site.manage("migrate", "-v0")
    site.start()
    yield site
    site.stop()


class Program:
    """Talks to a running site. `answered`: what it asked by method and address, with every status that came."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.access = ""
        self.answered: list[tuple[str, int]] = []

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

    def gets(self, status: int, label: str, data: Any = None, **names: int) -> Any:
        """`gets(200, "GET /api/chat/room/{id}/", id=7)`: the JSON of an answer that has this status."""
        method, path = label.format(**names).split()
        headers = {"Authorization": f"Bearer {self.access}"} if self.access else {}
        body = None if data is None else data if isinstance(data, bytes) else json.dumps(data).encode()
        http = HTTPConnection("127.0.0.1", self.site.port, timeout=10)
        http.request(method, path, body, headers | ({"Content-Type": "application/json"} if body else {}))
        answer = http.getresponse()
        assert answer.status == status, (label, answer.read())
        self.answered.append((re.sub(r"{\w+}", "#", label.partition("?")[0]), status))
        told: Any = None
        if answer.getheader("Content-Type", "").startswith("application/json"):
            told = json.loads(answer.read())
        http.close()
        return told


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


PROFILE = {"id", "nickname", "status", "about", "profile_picture", "skills", "interests", "links", "is_private"}
POST = {
    *("id", "tags", "title", "content", "created_at", "updated_at", "hit", "category", "writer", "members_only"),
}
LINE = {
    *("id", "room", "seq", "version", "type", "message", "html", "sender", "reply_to", "created_at", "edited_at"),
    "deleted",
}


def test_every_row_of_the_contract_well_and_badly_asked(site: Site) -> None:
    visitor, me, other = Program(site), Program(site), Program(site)
    ids = people(visitor, me, other)
    friends(visitor, me, ids)
    post = posts(visitor, me, other)
    rooms(visitor, me, post)
    me.gets(200, "POST /api/post/detail/{id}/delete/", {}, id=post)
    me.gets(404, "GET /api/post/detail/{id}/", id=post)
    me.gets(200, "POST /user/logout/", {})
    me.gets(401, "POST /user/logout/", {})
    statuses: dict[str, set[int]] = {}
    for label, status in (each for program in (visitor, me, other) for each in program.answered):
        statuses.setdefault(label, set()).add(status)
    assert set(statuses) == {re.sub(r"{\w+}", "#", label) for label in DOCUMENTED}
    # What asks for nothing and is open to all cannot be asked badly.
    always = {"GET /api/post/categories", "POST /api/post/categories", "GET /api/chat/room/"}
    for label in set(statuses) - always:
        assert {status < 400 for status in statuses[label]} == {True, False}, label


def people(visitor: Program, me: Program, other: Program) -> list[int]:
    """Their accounts and profiles. The ids of `me` and `other`."""
    ids = []
    for number, program in enumerate((me, other), 1):
        typed = {"email": f"bot{number}@email.com", "password": PASSWORD}
        told = visitor.gets(201, "POST /user/registration/", typed)
        assert set(told) == {"email", "message", "profile"}
        assert set(told["profile"]) == PROFILE
        ids.append(told["profile"]["id"])
        signed_in = visitor.gets(200, "POST /user/login/", typed)
        assert set(signed_in) == {"message", "profile", "refresh", "access"}
        renewed = visitor.gets(200, "POST /user/token/refresh/", {"refresh": signed_in["refresh"]})
        visitor.gets(401, "POST /user/token/refresh/", {"refresh": signed_in["refresh"]})
        program.access = renewed["access"]
    taken = visitor.gets(400, "POST /user/registration/", typed)
    assert taken == {"email": ["A user is already registered with this e-mail address."]}
    assert set(visitor.gets(400, "POST /user/login/", typed | {"password": "wrong"})) == {"detail"}
    assert set(me.gets(200, "GET /user/profile/")) == PROFILE
    assert me.gets(200, "PATCH /user/profile/", {"status": "코딩 중"})["status"] == "코딩 중"
    assert me.gets(200, "PUT /user/profile/", {"skills": ["Go"]})["skills"] == [{"name": "Go", "level": 2}]
    for method in ("GET", "PUT", "PATCH"):
        visitor.gets(401, f"{method} /user/profile/", {} if method != "GET" else None)
    me.gets(400, "PATCH /user/profile/", {"links": ["javascript:alert(1)"]})
    return ids


def friends(visitor: Program, me: Program, ids: list[int]) -> None:
    mine, theirs = ids
    added = me.gets(200, "POST /user/add-friend/", {"email": "bot2@email.com"})
    assert added == {"message": "bot2@email.com님을 친구로 추가했습니다."}
    me.gets(400, "POST /user/add-friend/", {"id": mine})
    me.gets(404, "POST /user/add-friend/", {"email": "nobody@email.com"})
    (friend,) = me.gets(200, "GET /user/friends/")
    assert friend == {
        "id": theirs,
        "email": "bot2@email.com",
        "nickname": friend["nickname"],
        "profile_picture": None,
        "is_mutual": False,
        "is_online": None,
    }
    visitor.gets(401, "GET /user/friends/")
    assert set(me.gets(200, "GET /user/friend-profile/{id}/", id=theirs)) == PROFILE
    me.gets(404, "GET /user/friend-profile/{id}/", id=NOBODYS)
    (found,) = me.gets(200, "GET /user/search-friends/?keyword=bot")
    assert set(found) == {"id", "email", "nickname", "profile_picture", "is_friend"}
    me.gets(400, "GET /user/search-friends/?keyword=b")
    gone = me.gets(200, "POST /user/delete-friend/", {"email": "bot2@email.com"})
    assert gone == {"message": "bot2@email.com님을 친구 목록에서 삭제했습니다."}
    again = me.gets(404, "POST /user/delete-friend/", {"email": "bot2@email.com"})
    assert again == {"detail": "bot2@email.com님은 친구 목록에 없습니다."}


def posts(visitor: Program, me: Program, other: Program) -> int:
    """The id of one."""
    categories = visitor.gets(200, "GET /api/post/categories")
    assert visitor.gets(200, "POST /api/post/categories", {"name": "새것"}) == categories
    assert set(categories[0]) == {"id", "name"}
    typed = {"title": "계약서", "content": "줄마다", "category": categories[0]["id"], "tags": [{"name": "태그"}]}
    post = me.gets(201, "POST /api/post/write", typed)
    assert set(post) == POST
    assert set(me.gets(400, "POST /api/post/write", typed | {"category": NOBODYS})) == {"category"}
    visitor.gets(401, "POST /api/post/write", typed)
    assert visitor.gets(200, "GET /api/post/")[0] == post
    assert visitor.gets(200, "GET /api/post/?search=%EA%B3%84%EC%95%BD") == [post]
    assert visitor.gets(200, "POST /api/post/?search=%EC%A4%84%EB%A7%88%EB%8B%A4", {}) == [post]
    visitor.gets(400, "GET /api/post/?limit=1000")
    visitor.gets(400, "POST /api/post/?limit=x", {})
    detail = visitor.gets(200, "GET /api/post/detail/{id}/", id=post["id"])
    assert set(detail) == POST | {"room_data"}
    assert set(detail["room_data"]) == {"id", "name", "lines_url", "stream_url", "line_count", "people_here"}
    visitor.gets(404, "GET /api/post/detail/{id}/", id=NOBODYS)
    assert set(me.gets(200, "GET /api/post/detail/{id}/edit/", id=post["id"])) == POST
    assert me.gets(200, "POST /api/post/detail/{id}/edit/", {"title": "고친 글"}, id=post["id"])["title"] == "고친 글"
    for label in ("GET /api/post/detail/{id}/edit/", "POST /api/post/detail/{id}/edit/"):
        other.gets(403, label, {} if label.startswith("POST") else None, id=post["id"])
    other.gets(403, "POST /api/post/detail/{id}/delete/", {}, id=post["id"])
    number: int = post["id"]
    return number


def rooms(visitor: Program, me: Program, post: int) -> None:
    room = visitor.gets(200, "GET /api/chat/room/")[0]
    assert {"id", "name", "post", "verdict", "line_count", "people_here", "stream_url"} <= set(room)
    assert visitor.gets(200, "GET /api/chat/room/{id}/", id=post)["id"] == post
    visitor.gets(404, "GET /api/chat/room/{id}/", id=NOBODYS)
    line = me.gets(201, "POST /api/chat/room/{id}/message/", {"message": "들려요?"}, id=post)
    assert set(line) >= LINE
    me.gets(400, "POST /api/chat/room/{id}/message/", {"message": " "}, id=post)
    me.gets(201, "POST /api/chat/message/", {"room": post, "message": "네"})
    me.gets(400, "POST /api/chat/message/", b"{no json")
    assert [each["message"] for each in visitor.gets(200, "GET /api/chat/room/{id}/message/", id=post)] == [
        "들려요?",
        "네",
    ]
    visitor.gets(404, "GET /api/chat/room/{id}/message/", id=NOBODYS)
    visitor.gets(200, "GET /api/chat/room/{id}/stream/", id=post)
    visitor.gets(404, "GET /api/chat/room/{id}/stream/", id=NOBODYS)
