"""A copy of everything that people wrote and uploaded, while the site runs; and the way back.

A backup is a folder: `database.sqlite3` (by SQLite's own online backup) or `database.dump` (by pg_dump), `media/`, and
`backup.json`, which says what is in it. Rows come before files: a file that nobody knows yet does no harm. Not in it:
the settings, `SECRET_KEY` among them, and the downloads that people have asked for: those are made anew.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

MANIFEST, MEDIA = "backup.json", "media"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class Failed(Exception):
    """A sentence about why there is no backup, or nothing was restored."""


@contextmanager
def _disk_errors_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Failed(f"{error.filename}: {error.strerror}" if error.filename else str(error)) from error


@_disk_errors_in_words()
def back_up(folder: Path) -> None:
    """Write a backup into `folder`, which appears only when it is whole.

    Raises:
        Failed: something is there already, there is nothing to back up, or a program failed.
    """
    if folder.exists():
        raise Failed(f"{folder} exists. A backup goes into a folder of its own.")
    if not MigrationRecorder(connection).has_table():
        raise Failed("This database is empty. Another one may be meant: look at DATABASE_URL and VAR_DIR.")
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)  # it holds what members wrote for members
    database = partial / DATABASES[connection.vendor]
    (_dump_sqlite if connection.vendor == "sqlite" else _dump_postgres)(database)
    media = media_folder()
    if media and media.is_dir():
        shutil.copytree(media, partial / MEDIA, copy_function=_copy)
    manifest = {
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "database": connection.vendor,
        "sha256": _sum(database),
        "has_media": media is not None,
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    partial.rename(folder)


def _copy(source: str, target: str) -> None:
    """A file that is gone meanwhile is a picture whose owner has chosen another one."""
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


@_disk_errors_in_words()
def restore(folder: Path) -> None:
    """Put what is in `folder` in the place of what the database and the media folder hold now: all of it or nothing.

    Raises:
        Failed: it is no backup, a broken one, one of another kind of database, or a program failed.
    """
    database = _checked(folder)
    (_load_sqlite if connection.vendor == "sqlite" else _load_postgres)(database)
    media = media_folder()
    if media and (folder / MEDIA).is_dir():
        shutil.copytree(folder / MEDIA, media, dirs_exist_ok=True)  # nothing is taken away: names are never used twice


def media_folder() -> Path | None:
    """Where uploaded files are; None where they are in somebody else's storage, which has backups of its own."""
    return Path(settings.MEDIA_ROOT) if isinstance(default_storage, FileSystemStorage) else None


def _checked(folder: Path) -> Path:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        kind = manifest["database"]
        database = folder / DATABASES[kind]
        is_whole = _sum(database) == manifest["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Failed(f"{folder} is no backup of a site.") from error
    if kind != connection.vendor:
        raise Failed(f"The backup is of {kind}, and this site runs on {connection.vendor}.")
    if not is_whole:
        raise Failed(f"{database} is not what was written when the backup was made.")
    return database


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- SQLite ---


@contextmanager
def _raw() -> Iterator[sqlite3.Connection]:
    connection.ensure_connection()
    yield connection.connection


def _dump_sqlite(path: Path) -> None:
    path.touch(mode=0o600)
    with _raw() as site, closing(sqlite3.connect(path)) as copy:
        site.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a journal beside it
        (verdict,) = copy.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok":
        raise Failed(f"The copy of the database is damaged: {verdict}")


def _load_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy, _raw() as site:
        copy.backup(site)


# --- PostgreSQL ---


def _postgres() -> tuple[list[str], dict[str, str]]:
    """Options that name the database, and an environment that opens it: no password among the arguments."""
    params: dict[str, Any] = connection.settings_dict
    (_psql, *options), secret = DatabaseClient.settings_to_cmd_args_env(params, ["-d"])
    return options, {**os.environ, **(secret or {})}


def _run(command: list[str], env: dict[str, str], **options: Any) -> None:
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, **options)  # noqa: S603
    except FileNotFoundError as error:
        raise Failed(f"{command[0]} is not installed (Debian: postgresql-client).") from error
    if done.returncode:
        raise Failed(f"{command[0]}: {done.stderr.strip()}")


def _dump_postgres(path: Path) -> None:
    where, env = _postgres()
    path.touch(mode=0o600)
    _run(["pg_dump", *where, "--format=custom", "--no-owner", "--no-privileges", "--file", str(path)], env)


def _load_postgres(path: Path) -> None:
    """As one transaction, in which the old tables go too: those of a newer release would be in its migrations' way."""
    where, env = _postgres()
    with TemporaryDirectory(dir=settings.VAR_DIR) as folder:  # nobody else's; beside the backup nothing may be writable
        script = Path(folder, "restore.sql")
        _run(["pg_restore", "--no-owner", "--no-privileges", "--file", str(script), str(path)], env)
        anew = ["-c", "DROP SCHEMA public CASCADE", "-c", "CREATE SCHEMA public"]
        quiet = ["--no-psqlrc", "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
        _run(["psql", *where, *quiet, *anew, "-f", str(script)], env)
