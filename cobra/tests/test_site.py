"""What holds for the whole site."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from board.models import Post
from cobra.asgi import application

ROOT = Path(__file__).resolve().parent.parent.parent
# Every address that answers without a login. A new one is added here on purpose, or it is a hole.
OPEN_TO_VISITORS = {
    "board:post_list",
    "board:category_detail",
    "board:tag_detail",
    "board:tag_list",
    "board:tag_suggestion",
    "board:post_detail",
    "board:post_history",
    "board:post_view",
    "board:post_feed",
    "board:search_list",
    "board:search_suggest",
    "board:room_list",
    "board:post_room",
    "board:digest_list",
    "board:digest_detail",
    "board:post_transcript",
    "board:post_export",
    "rooms:line_detail",
    "rooms:room_beat",
    "accounts:person_detail",
    "accounts:picture_detail",
    "metrics",
    "readyz",
    "favicon",
    "nothing_here",
    "accounts:language_edit",
    "accounts:account_goodbye",
    "board:deed_list",
    "board:rules",
    "security_txt",
    "accounts:accessibility_edit",
    "accounts:keyboard_detail",
}


def views(resolver: URLResolver, namespace: str = "") -> dict[str, Any]:
    """Our own views by name; allauth, the admin and the API (test_api_contract) guard themselves."""
    found: dict[str, Any] = {}
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.app_name not in ("admin", "ninja") and "accounts/" not in str(entry.pattern):
                inner = f"{entry.namespace}:" if entry.namespace else namespace
                found |= views(entry, inner)
        elif isinstance(entry, URLPattern):
            found[f"{namespace}{entry.name}"] = entry.callback
    return found


def test_only_the_listed_addresses_are_open_to_visitors() -> None:
    is_open = {name for name, view in views(get_resolver()).items() if not getattr(view, "login_required", True)}
    assert is_open == OPEN_TO_VISITORS


def test_health_is_answered_on_the_loop_without_the_database() -> None:
    sent: list[Mapping[str, Any]] = []

    async def ask() -> None:
        async def send(message: Mapping[str, Any]) -> None:
            sent.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request"}

        await application({"type": "http", "method": "GET", "path": "/healthz", "headers": []}, receive, send)

    asyncio.run(ask())
    assert sent[0]["status"] == 200


class Sender:
    """Somebody who posts this many bytes to the site, a MiB at a time. `says_so`: with their number in the head."""

    def __init__(self, path: str, length: int, *, says_so: bool, headers: Mapping[str, str] | None = None) -> None:
        self.length, self.taken = length, 0
        self.sent: list[Mapping[str, Any]] = []
        head = {"host": "localhost", "content-type": "application/x-www-form-urlencoded", **(headers or {})}
        if says_so:
            head["content-length"] = str(length)
        self.scope = {"type": "http", "method": "POST", "path": path, "raw_path": b"", "query_string": b""}
        self.scope |= {"server": ("localhost", 80), "client": ("127.0.0.1", 1), "http_version": "1.1"}
        self.scope["headers"] = [(name.encode(), value.encode()) for name, value in head.items()]

    async def receive(self) -> dict[str, Any]:
        if self.taken >= self.length:
            await asyncio.sleep(60)
        self.taken += 1024 * 1024
        return {"type": "http.request", "body": b"x" * 1024 * 1024, "more_body": self.taken < self.length}

    async def send(self, message: Mapping[str, Any]) -> None:
        self.sent.append(message)

    def post(self) -> list[int]:
        """The statuses that came back."""
        asyncio.run(application(self.scope, self.receive, self.send))
        return [message["status"] for message in self.sent if "status" in message]

    @property
    def answer(self) -> str:
        return b"".join(message.get("body", b"") for message in self.sent).decode()


@pytest.mark.parametrize(
    ("length", "says_so", "statuses"), [(90, True, [413]), (50, False, [])], ids=["with its length", "in pieces"]
)
@pytest.mark.django_db(transaction=True)
def test_an_endless_body_is_not_even_taken_in(length: int, says_so: bool, statuses: list[int]) -> None:
    sender = Sender("/accounts/login/", length * 1024 * 1024, says_so=says_so)
    assert sender.post() == statuses
    assert sender.taken <= 7 * 1024 * 1024


@pytest.mark.parametrize(
    ("path", "headers", "words"),
    [
        ("/settings/profile/", {"accept-language": "en"}, "A picture may have 5 MB."),
        ("/settings/profile/", {"hx-request": "true"}, "6 MB가 넘어요."),
        ("/user/profile/", {}, '{"detail": "6 MB가 넘어요."}'),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_photograph_that_is_too_large_is_heard_out_and_refused_with_a_sentence(
    path: str, headers: dict[str, str], words: str
) -> None:
    sender = Sender(path, 12 * 1024 * 1024, says_so=True, headers=headers)
    assert sender.post() == [413]
    assert sender.taken == sender.length  # a browser reads no answer before
    assert words in sender.answer


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/posts/{}/", "/posts/{}/room/", "/posts/{}/history/", "/lines/{}/", "/posts/{}/edit/"]
)
def test_a_number_that_no_database_can_count_to_is_nobodys(client: Client, owner: User, path: str) -> None:
    client.force_login(owner)
    for number in (2**63, 10**40):
        assert client.get(path.format(number)).status_code == 404
    assert client.get("/api/post/detail/9223372036854775808/").json() == {"post_id": ["수가 너무 작거나 커요."]}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/people/a%00/", "/tags/a%00/", "/posts/1%00/"])
def test_what_has_a_nul_in_its_address_is_nowhere(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_nul_that_is_hidden_in_another_one_is_none(client: Client) -> None:
    assert client.get("/feed/?author=a%0%000").status_code in (200, 404)


def test_a_browser_finds_the_icon_where_it_always_looks(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"].endswith(".svg")


def test_who_finds_a_hole_finds_whom_to_write_to(client: Client) -> None:
    fields = dict(row.split(": ", 1) for row in client.get("/.well-known/security.txt").text.splitlines())
    assert fields["Contact"].startswith("mailto:")
    until = datetime.fromisoformat(fields["Expires"]) - timezone.now()
    assert timedelta(days=30) < until < timedelta(days=365)


@pytest.mark.django_db
def test_ready_when_the_database_answers(client: Client) -> None:
    assert client.get("/readyz").status_code == 200


def test_not_ready_when_it_does_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").status_code == 503  # this test may not touch the database: pytest-django refuses


@pytest.mark.django_db
def test_every_page_carries_the_security_headers(client: Client, post: Post) -> None:
    for path in ("/", post.get_absolute_url(), "/accounts/login/", "/nothing/here/"):
        response = client.get(path)
        policy = response["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_no_page_has_inline_scripts_or_styles(client: Client, post: Post, owner: User) -> None:
    post.room.say(author=owner, text="```python\nprint(1)\n```\n[글](https://example.com)")
    client.force_login(owner)
    settings_pages = [f"/settings/{name}/" for name in ("profile", "skills", "account", "privacy")]
    pages = ("/posts/new/", "/drafts/", "/friends/", "/friends/search/", "/inbox/", *settings_pages)
    for path in ("/", "/tags/", post.get_absolute_url(), owner.get_absolute_url(), *pages):
        text = client.get(path).text
        assert "<style" not in text, path
        assert " style=" not in text, path
        assert " onclick" not in text, path
        assert text.count("<script") == text.count("<script src="), path


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("profile", "cookie", "browser", "language"),
    [
        ("", "", "", "ko"),
        ("", "", "en-US,en;q=0.9,ko;q=0.5", "en"),
        ("", "", "fr", "ko"),
        ("", "ko", "en", "ko"),
        ("en", "ko", "ko", "en"),
        ("ko", "en", "en", "ko"),
    ],
)
def test_the_language_is_the_profiles_then_the_cookies_then_the_browsers(
    client: Client, new_member: Any, profile: str, cookie: str, browser: str, language: str
) -> None:
    if profile:
        client.force_login(new_member(language=profile))
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    response = client.get("/", headers={"Accept-Language": browser})
    assert f'<html lang="{language}"' in response.text


@pytest.mark.django_db
def test_a_member_who_switches_the_language_switches_the_profile(client: Client, owner: User) -> None:
    client.force_login(owner)
    client.post("/settings/language/", {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/").text
