"""What the environment says of a site: read at the start, refused in a sentence where it is wrong."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings

from cobra import addresses
from e2e.site import ROOT, free_port

LEFT_OUT = {"SECRET_KEY", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}


def manage(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=clean | env, capture_output=True, text=True, check=False
    )


def test_the_deployment_check_is_clean_with_the_deployment_settings(tmp_path: Path) -> None:
    done = manage(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        VAR_DIR=str(tmp_path),
        SECRET_KEY="".join(map(chr, range(48, 123))),
        ALLOWED_HOSTS="cobra.example",
        MAIL_URL="smtp+tls://user:pass@mail.example:587",
        DATABASE_URL="postgres://user:pass@db.example/cobra",
    )
    assert done.returncode == 0, done.stderr


def test_the_deployment_check_says_what_a_second_process_needs(tmp_path: Path) -> None:
    public = {
        "VAR_DIR": str(tmp_path),
        "SECRET_KEY": "".join(map(chr, range(48, 123))),
        "DATABASE_URL": "postgres://user:pass@db.example/cobra",
    }
    assert "set REDIS_URL" in manage("check", "--deploy", **public).stderr
    assert "set REDIS_URL" not in manage("check", "--deploy", REDIS_URL="redis://cache.example", **public).stderr


@pytest.mark.parametrize(
    "env", [{"ALLOWED_HOSTS": "cobra.example"}, {"DATABASE_URL": "postgres://db.example/cobra"}], ids=str
)
def test_a_public_site_without_a_secret_key_does_not_start(tmp_path: Path, env: dict[str, str]) -> None:
    done = manage("check", VAR_DIR=str(tmp_path), **env)
    assert done.returncode != 0
    assert "Set SECRET_KEY" in done.stderr


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    show = ("shell", "-v0", "-c", "from django.conf import settings; print(settings.SECRET_KEY)")
    keys = {manage(*show, VAR_DIR=str(tmp_path)).stdout for _ in range(2)}
    assert len(keys) == 1
    assert len(keys.pop().strip()) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_debug_is_off_unless_asked() -> None:
    assert settings.DEBUG is False


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"LINE_RATE": "fast"}, "'fast' is not a rate such as 20/10s"),
        ({"AUTH_RATE": "fast"}, "'fast' is not a rate such as 20/10s"),
        ({"EMAIL_VERIFICATION": "maybe"}, "mandatory"),
        ({"PORT": "abc"}, "PORT is a number such as 8000."),
        *(({"SITE_URL": url}, "such as https://cobra.example") for url in ("", "cobra.example", "https://", "//a.b")),
        *(({"REDIS_URL": url}, "such as redis://") for url in ("localhost:6379", "redis://:secret@host:port/0")),
        *(({"MAIL_URL": url}, "such as smtp+tls://") for url in ("mail.example", "smtp://me:secret@host:port")),
        *(({"DATABASE_URL": url}, "percent-encoded") for url in ("", "nonsense", "postgres://me@host:port/name")),
    ],
    ids=str,
)
def test_a_wrong_setting_is_told_at_the_start(tmp_path: Path, env: dict[str, str], sentence: str) -> None:
    done = manage("check", VAR_DIR=str(tmp_path), SECRET_KEY="s" * 50, **env)
    assert done.returncode != 0
    assert sentence in done.stderr.splitlines()[-1]
    assert "secret" not in done.stderr


@pytest.mark.parametrize("path", ["/dev/null/var", "/dev/null"])
def test_a_folder_that_cannot_be_made_is_told_at_the_start(path: str) -> None:
    done = manage("check", VAR_DIR=path)
    assert done.returncode != 0
    assert f"VAR_DIR is a folder to write into, and {path} cannot be made" in done.stderr.splitlines()[-1]


@contextmanager
def without_roots_powers() -> Iterator[None]:
    """As `nobody`, where it is root who tests: no mode of a folder keeps root out."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(me)


def test_an_address_may_end_with_a_slash() -> None:
    assert addresses.site("https://cobra.example/") == "https://cobra.example"


@pytest.mark.parametrize(
    ("url", "port"),
    [("smtp://a.b", 25), ("smtp+tls://a.b", 587), ("smtp+ssl://a.b", 465), ("smtp+tls://a.b:2525", 2525)],
)
def test_mail_goes_to_the_port_of_its_protocol(url: str, port: int) -> None:
    assert addresses.mail(url)["OPTIONS"]["port"] == port


def test_mail_may_go_into_a_folder(tmp_path: Path) -> None:
    send = "from django.core.mail import send_mail; send_mail('제목', '내용', None, ['doyun@example.com'])"
    url = f"filemail://{tmp_path}/mail"
    done = manage("shell", "-v0", "-c", send, VAR_DIR=str(tmp_path), MAIL_URL=url)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "mail").iterdir())) == 1


def test_a_folder_that_may_not_be_written_to_is_told_at_the_start() -> None:
    with TemporaryDirectory() as theirs:
        Path(theirs).chmod(0o555)
        with without_roots_powers(), pytest.raises(ValueError, match="may not be written to"):
            addresses.folder(theirs)


@pytest.mark.parametrize(
    "storage", ["nowhere.Storage", "django.core.files.storage.FileSystemStorage?color=red"], ids=str
)
def test_a_storage_that_cannot_be_had_is_told_by_the_check(tmp_path: Path, storage: str) -> None:
    done = manage("check", VAR_DIR=str(tmp_path), MEDIA_STORAGE=storage)
    assert done.returncode != 0
    assert "MEDIA_STORAGE: " in done.stderr


def test_why_a_database_does_not_answer_is_told(tmp_path: Path) -> None:
    nobody = f"postgres://me:secret@127.0.0.1:{free_port()}/cobra"
    done = manage("migrate", VAR_DIR=str(tmp_path), SECRET_KEY="s" * 50, DATABASE_URL=nobody)
    assert done.returncode != 0
    assert "onnection refused" in done.stderr
    assert "secret" not in done.stderr


def test_a_password_is_not_told_with_an_address_that_cannot_be_read(tmp_path: Path) -> None:
    done = manage("check", VAR_DIR=str(tmp_path), SECRET_KEY="s" * 50, DATABASE_URL="postgres://me:my/secret@host/name")
    assert "percent-encoded" in done.stderr
    assert "'my'" not in done.stderr


def test_files_are_two_bundles_with_hashes(tmp_path: Path) -> None:
    assert manage("collectstatic", "--noinput", "-v0", VAR_DIR=str(tmp_path)).returncode == 0
    names = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
    for name in ("cobra.css", "cobra.js"):
        bundle = tmp_path / "static" / names[name]
        assert bundle.exists()
        assert bundle.with_name(bundle.name + ".br").exists()
    assert (tmp_path / "static" / names["cobra.css"]).read_text().index("@layer reset") < 200
