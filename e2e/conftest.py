"""A running site, real Chromium, and people with pages of their own."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import DjangoDbBlocker

from e2e.site import Site

# Longer than anything takes on a busy machine; what is right is seen at once and waits for nothing.
expect.set_options(timeout=15_000)


# What takes long comes first, so that no worker is left with it at the end while the others are done.
LONG = ("axe", "test_accessibility", "test_safety", "test_reconnect", "test_scroll")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((place for place, word in enumerate(LONG) if word in item.nodeid), len(LONG)))


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The site that most tests share; the tests' own process reads and writes the same database."""
    site = Site.prepared(Path(os.environ["VAR_DIR"]), shared=Path(os.environ["COBRA_TEST_DIR"]) / "prepared")
    site.start()
    yield site
    site.stop()


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    return site.url


@pytest.fixture(autouse=True)
def _database(site: Site, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Every test may look into the site's database, which is no test database: tests make people of their own."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    args = {**browser_type_launch_args, "args": ["--no-sandbox", "--disable-quic", "--disable-background-networking"]}
    if path := os.environ.get("CHROMIUM"):
        args["executable_path"] = path
    return args


class Member:
    """Somebody with a browser of their own."""

    def __init__(self, user: Any, context: BrowserContext) -> None:
        self.user = user
        self.context = context
        self.page: Page = context.new_page()


@pytest.fixture
def new_context(browser: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context(locale="en", …)`: a fresh browser profile; Playwright's own options."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        options.setdefault("locale", "ko-KR")
        options.setdefault("timezone_id", "Asia/Seoul")
        options.setdefault("reduced_motion", "reduce")  # a live dot is drawn sixty times a second in every page
        context = browser.new_context(base_url=site.url, **options)
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def member(new_context: Callable[..., BrowserContext], site: Site) -> Callable[..., Member]:
    """`member("민서", language="ko")`: a signed-in person with a page; a number is added to the nickname."""
    from accounts.models import User

    def make(nickname: str = "민서", *, language: str = "ko", **options: Any) -> Member:
        unique = uuid.uuid4().hex[:6]
        user = User.objects.create_user(f"{unique}@example.com", nickname=f"{nickname}{unique}", language=language)
        options.setdefault("locale", "ko-KR" if language == "ko" else "en-US")
        context = new_context(**options)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": site.url}])
        return Member(user, context)

    return make


def session_of(user: Any) -> str:
    """The key of a new session of this person, as signing in makes it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@pytest.fixture
def new_post(site: Site) -> Callable[..., Any]:
    """`new_post(by=user, title=…)`: a post with its room."""
    from board.models import Category, Post

    def make(*, by: Any, title: str = "", body: str = "본문이에요.", tags: tuple[str, ...] = (), **more: Any) -> Post:
        title = title or f"글 {uuid.uuid4().hex[:8]}"
        category = Category.objects.get(slug="debugging")
        return Post.publish(by=by, title=title, body=body, category=category, tags=list(tags), **more)

    return make
