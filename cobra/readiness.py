"""May this process be asked for pages?"""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class NotReadyError(Exception):
    """What is missing is there, and answers, and is not what this release needs."""


def what_is_missing() -> str:
    """A sentence about the first thing that this process lacks to answer for the site; empty: nothing."""
    for sentence, ask in NEEDED.items():
        try:
            ask()
        except Exception:  # whatever it is, the answer is the same: not ready
            return sentence
    return ""


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_redis() -> None:
    if settings.REDIS_URL:
        caches["default"].ping()  # type: ignore[attr-defined]  # cobra.cache.SharedCache


@cache  # a success: tables do not go back under a running process
def _ask_tables() -> None:
    """Tables of a later release are fine: during an upgrade its migrations come first."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReadyError


def _ask_static_files() -> None:
    """Their names are read once, by the first who wants one: what is collected later is known after a restart."""
    has_names = getattr(staticfiles_storage, "hashed_files", True)  # a storage without a table of them needs none
    if not (has_names or settings.DEBUG):
        raise NotReadyError


NEEDED: dict[str, Callable[[], None]] = {
    "database does not answer": _ask_database,
    "Redis does not answer": _ask_redis,
    "the database has not been migrated to this release": _ask_tables,
    "static files were not collected before the start": _ask_static_files,
}
