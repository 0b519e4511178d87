"""What holds for every address of the JSON API, whatever it is about."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.db import OperationalError
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse
from hypothesis import strategies
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi import checks

from accounts.models import User
from board.models import Post
from cobra.api import api
from cobra.api.request import MOST_BYTES
from cobra.tests.api import PASSWORD, Bot
from rooms.models import Room


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site as WSGI, on the connection that the test's transaction lives on."""
    response = ClientHandler(enforce_csrf_checks=True)(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    body: bytes = response.content  # type: ignore[attr-defined]  # the stubs think of a stream
    return [body]


load_all_checks()
reverse("api:openapi-json")  # the addresses are put together now
DOCUMENT = json.loads(json.dumps(api.get_openapi_schema()))
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SCHEMA.app = application
_operations: list[Any] = [result.ok() for result in SCHEMA.get_all_operations()]  # type: ignore[union-attr]
OPERATIONS = {operation.label: operation for operation in _operations}
# Everything that the documentation promises; an address missing here or there is a broken promise.
DOCUMENTED = {
    "POST /user/registration/",
    "POST /user/login/",
    "POST /user/token/refresh/",
    "POST /user/logout/",
    "POST /user/add-friend/",
    "GET /user/friends/",
    "GET /user/friend-profile/{friend_id}/",
    "GET /user/search-friends/",
    "POST /user/delete-friend/",
    "GET /user/profile/",
    "PUT /user/profile/",
    "PATCH /user/profile/",
    "GET /api/post/categories",
    "POST /api/post/categories",
    "GET /api/post/",
    "POST /api/post/",
    "POST /api/post/write",
    "GET /api/post/detail/{post_id}/",
    "GET /api/post/detail/{post_id}/edit/",
    "POST /api/post/detail/{post_id}/edit/",
    "POST /api/post/detail/{post_id}/delete/",
    "GET /api/chat/room/",
    "GET /api/chat/room/{room_id}/",
    "GET /api/chat/room/{room_id}/message/",
    "POST /api/chat/room/{room_id}/message/",
    "POST /api/chat/message/",
    "GET /api/chat/room/{room_id}/stream/",
}
OPEN_TO_VISITORS = {
    "POST /user/registration/",
    "POST /user/login/",
    "POST /user/token/refresh/",
    "GET /api/post/categories",
    "POST /api/post/categories",
    "GET /api/post/",
    "POST /api/post/",
    "GET /api/post/detail/{post_id}/",
    "GET /api/chat/room/",
    "GET /api/chat/room/{room_id}/",
    "GET /api/chat/room/{room_id}/message/",
    "GET /api/chat/room/{room_id}/stream/",
}
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    schemathesis.checks.not_a_server_error,
]
every_operation = pytest.mark.parametrize("label", sorted(DOCUMENTED))
every_change = pytest.mark.parametrize("label", sorted(label for label in DOCUMENTED if not label.startswith("GET")))


def split(label: str, number: int = 1) -> tuple[str, str]:
    method, path = label.split()
    return method, re.sub(r"{\w+}", str(number), path)


@pytest.fixture
def world(post: Post, owner: User, stranger: User) -> Post:
    """Something behind every address."""
    post.room.say(author=owner, text="안녕")
    stranger.add_friend(owner)
    return post


def test_the_document_has_what_is_documented() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    assert set(OPERATIONS) == DOCUMENTED


def test_generated_clients_call_an_operation_by_its_app_and_name_whichever_file_it_stands_in() -> None:
    called = [operation["operationId"] for address in DOCUMENT["paths"].values() for operation in address.values()]
    assert {"accounts_api_login", "accounts_api_profile_edit", "rooms_api_line_new", "board_api_post_new"} <= {*called}
    assert len(called) == len(set(called)), "Two operations of one name: no client could be generated."


@pytest.mark.django_db
@every_operation
def test_whatever_is_sent_the_answer_is_as_described(label: str, world: Post, owner: User) -> None:
    bot = Bot(owner)
    operation = OPERATIONS[label]
    modes = [operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode]

    @hypothesis.settings(
        max_examples=10,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=strategies.one_of(*modes), is_there=strategies.booleans())
    def ask(case: Any, is_there: bool) -> None:
        if is_there and isinstance(case.path_parameters, dict):
            for name in case.path_parameters:
                case.path_parameters[name] = owner.pk if name == "friend_id" else world.pk
        headers = {"Authorization": f"Bearer {bot.access}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()


@pytest.mark.django_db
@every_operation
def test_only_what_is_documented_is_open_to_visitors(label: str, world: Post) -> None:
    method, path = split(label, world.pk)
    answer = Bot().ask(method, path, {})
    assert (answer.status_code != 401) == (label in OPEN_TO_VISITORS) or label == "POST /user/token/refresh/"


@pytest.mark.django_db
@every_operation
def test_every_address_answers_with_and_without_its_last_slash(label: str, world: Post, owner: User) -> None:
    method, path = split(label, world.pk)
    path = path.replace(f"friend-profile/{world.pk}", f"friend-profile/{owner.pk}").rstrip("/")
    for each in (path, f"{path}/"):
        answer = Bot(owner).ask(method, each, [])
        assert answer.status_code != 404 or "stream" in path
        Room.objects.update(deleted_at=None)


@pytest.mark.django_db
@every_operation
def test_a_token_that_does_not_hold_is_401(label: str, world: Post) -> None:
    method, path = split(label, world.pk)
    if path in ("/user/login/", "/user/registration/", "/user/token/refresh/"):
        return
    answer = Bot().ask(method, path, {}, Authorization="Bearer x.y.z")
    assert answer.status_code == 401
    assert answer.json().keys() == {"detail"}


UNREADABLE = {
    "no JSON": b"{",
    "no UTF-8": b'{"a":"\xff"}',
    "NaN": b"NaN",
    "very deep": b"[" * 100_000,
    "a long number": b"9" * 5000,
    "NUL": b'{"a":"\\u0000"}',
    "NUL in a name": b'{"\\u0000":1}',
    "a lone surrogate": b'{"a":[{"b":"\\ud800"}]}',
}


@pytest.mark.django_db
@every_change
def test_what_cannot_be_read_is_refused_with_a_sentence(label: str, world: Post, owner: User) -> None:
    bot, (method, path) = Bot(owner), split(label, world.pk)
    for name, body in UNREADABLE.items():
        answer = bot.ask(method, path, body)
        assert (answer.status_code, list(answer.json())) == (400, ["detail"]), name
    answer = bot.ask(method, path, b" " * (MOST_BYTES + 1))
    assert (answer.status_code, list(answer.json())) == (413, ["detail"])
    for body in (b"[]", b"5", b"null", b'"x"', b"true"):
        assert bot.ask(method, path, body).status_code < 500


@pytest.mark.django_db
def test_a_nul_in_an_address_is_400(owner: User) -> None:
    for path in ("/api/post/?search=%00", "/api/post/?tag=a%00", "/user/search-friends/?keyword=a%00b"):
        assert Bot(owner).get(path).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/", "/api/nothing/", "/user/", "/user/nothing", "/api/post/detail/x/"])
def test_an_unknown_address_is_404_in_json(path: str) -> None:
    for method in ("GET", "POST"):
        answer = Bot().ask(method, path)
        assert answer.status_code == 404
        assert answer.json().keys() == {"detail"}


@pytest.mark.django_db
def test_a_wrong_method_is_405_in_json(world: Post) -> None:
    answer = Bot().ask("DELETE", "/api/post/")
    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}
    assert Client().head("/api/post/").status_code == 200


@pytest.mark.django_db
def test_a_locked_database_is_503(world: Post, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    bot = Bot(owner)

    def locked(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(Room, "say", locked)
    answer = bot.post("/api/chat/message/", {"room": world.pk, "message": "안녕"})
    assert answer.status_code == 503
    assert answer["Retry-After"]


@pytest.mark.django_db
def test_korean_stands_as_korean_and_nobody_keeps_an_answer(world: Post) -> None:
    answer = Bot().get("/api/post/")
    assert "본문이에요" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.django_db
def test_no_answer_tells_a_secret(world: Post, owner: User, stranger: User) -> None:
    """Walks all addresses as three people. Secrets: passwords' hashes, others' e-mails, tokens in addresses."""
    secret = "nobody-may-see-this@example.com"
    User.objects.filter(pk=owner.pk).update(email=secret, is_findable_by_email=False)
    bots = [Bot(), Bot(stranger)]
    typed = {"email": secret, "id": owner.pk, "keyword": "nobody", "search": "민서", "password": PASSWORD}
    for bot in bots:
        for label in sorted(DOCUMENTED - {"POST /user/logout/"}):
            method, path = split(label, owner.pk if "friend_id" in label else world.pk)
            query = "?keyword=nobody-may" if "search-friends" in path else ""
            bot.ask(method, path + query, None if method == "GET" else typed)
            bot.ask(method, path, None if method == "GET" else {**typed, "email": "other@example.com"})
    for answer in (answer for bot in bots for answer in bot.seen):
        told = answer.content.decode() + str(dict(answer.headers))
        # What was typed may be said again, in the one sentence that does.
        assert secret not in told.replace(f"{secret}님은 친구 목록에 없습니다.", ""), told
        assert "md5$" not in told
        assert "pbkdf2" not in told
        assert not re.search(r"https?://[^\"\s]*(eyJ|token=|access=)", told)
        for word in ("password", "is_staff", "is_superuser", "last_login", "auth_stamp"):
            assert f'"{word}":' not in told.replace('"password": [', ""), told


@pytest.mark.django_db
def test_the_page_of_the_api_is_made_of_our_own_files(client: Client) -> None:
    answer = client.get("/api/docs")
    assert answer.status_code == 200
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?://", answer.text)
    assert all('src="/static/' in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", answer.text))
    assert client.get("/api/openapi.json").json()["openapi"].startswith("3.1")
