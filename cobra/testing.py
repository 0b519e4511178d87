"""The pytest plugin of the whole suite: settings for tests, and the people who appear in them."""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from accounts.models import User
    from board.models import Post

# Playwright keeps an event loop in the test's thread, where Django then refuses to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

_WORKER = os.environ.get("PYTEST_XDIST_WORKER")
_OWNS_FOLDER = not _WORKER
if _WORKER:
    os.environ["VAR_DIR"] = str(Path(os.environ["COBRA_TEST_DIR"]) / _WORKER)
else:
    # A folder of the run's own: no test sees the site that somebody runs beside it.
    os.environ["VAR_DIR"] = os.environ["COBRA_TEST_DIR"] = tempfile.mkdtemp(prefix="cobra-test-")

_numbers = itertools.count(1)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings
    from django.test.signals import setting_changed

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the real one takes half a second
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "whitenoise" not in name]  # it warns under ASGI
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # Tests are many people in one.
    settings.LINE_RATE = settings.POST_RATE = settings.SEARCH_RATE = settings.STREAM_RATE = None
    settings.NEWCOMER_FOR = settings.REPEAT_FOR = None
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    for name in ("STORAGES", "TASKS"):  # the models are loaded already, and with them what these say
        setting_changed.send(sender=None, setting=name, value=getattr(settings, name), enter=True)

    _let_tables_be_emptied()


def _let_tables_be_emptied() -> None:
    """After a test with real transactions Django empties all tables, and the moderation log refuses that on SQLite."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return
    from django.db.backends.sqlite3.operations import DatabaseOperations

    def execute_sql_flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'deed_%'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
        super(DatabaseOperations, self).execute_sql_flush(sql_list)
        with connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)

    DatabaseOperations.execute_sql_flush = execute_sql_flush  # type: ignore[method-assign, assignment]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`-m database` on another database runs those again that may differ there."""
    for item in items:
        named = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or "db" in named or "transactional_db" in named:
            item.add_marker("database")


def pytest_unconfigure(config: pytest.Config) -> None:
    if _OWNS_FOLDER:
        shutil.rmtree(os.environ["COBRA_TEST_DIR"], ignore_errors=True)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """allauth counts its limits in the cache, which outlives a test."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def new_member(db: None) -> "Callable[..., User]":
    """`new_member("민서")`: a person; without a nickname one nobody has."""
    from accounts.models import User

    def make(nickname: str = "", **fields: Any) -> User:
        number = next(_numbers)
        fields.setdefault("email", f"person{number}@example.com")
        return User.objects.create_user(nickname=nickname or f"사람{number}", **fields)

    return make


@pytest.fixture
def owner(new_member: "Callable[..., User]") -> "User":
    """The author of `post`, and so the owner of its room."""
    return new_member("민서")


@pytest.fixture
def stranger(new_member: "Callable[..., User]") -> "User":
    """A member who has nothing to do with `post`."""
    return new_member("지우")


@pytest.fixture
def staff(new_member: "Callable[..., User]") -> "User":
    """Somebody who looks after what is written, after people and after the site."""
    return as_staff(new_member("운영자"), "moderators", "administrators")


def as_staff(user: "User", *groups: str) -> "User":
    """The same person, in these groups of the staff."""
    from django.contrib.auth.models import Group, Permission

    user.is_staff = True
    user.save(update_fields=["is_staff"])
    for name in groups:
        group, is_new = Group.objects.get_or_create(name=name)
        if is_new:  # tests with real transactions start from empty tables
            codename = {"moderators": "moderate", "administrators": "administer"}[name]
            group.permissions.add(Permission.objects.get(codename=codename))
        user.groups.add(group)
    return user


@pytest.fixture
def suspend(staff: "User") -> "Callable[[User], None]":
    """`suspend(user)`: for a day."""
    from django.utils import timezone

    def do(user: "User") -> None:
        user.suspend(by=staff, until=timezone.now() + timedelta(days=1), reason="광고를 되풀이했어요.")

    return do


@pytest.fixture
def new_post(db: None) -> "Callable[..., Post]":
    """`new_post(by=user, title=…)`: a post with its room."""
    from board.models import Category, Post

    def make(*, by: "User", **fields: Any) -> Post:
        fields.setdefault("title", f"글 {next(_numbers)}")
        fields.setdefault("body", "본문이에요.")
        fields.setdefault("tags", [])
        if "category" not in fields:  # tests with real transactions start from empty tables
            names = {"name_ko": "디버깅", "name_en": "Debugging"}
            fields["category"], _ = Category.objects.get_or_create(slug="debugging", defaults=names)
        return Post.publish(by=by, **fields)

    return make


@pytest.fixture
def post(new_post: "Callable[..., Post]", owner: "User") -> "Post":
    return new_post(by=owner)
