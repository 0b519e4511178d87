"""The programs that the tests need, and how they come here: Debian's packages, as root or with CI set."""

import glob
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

OLDEST_POSTGRES = 15  # Django 6.1 refuses older ones.
POSTGRES_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


def find_postgres() -> Path | None:
    """The folder of the newest usable PostgreSQL, or None."""
    folders = [folder for place in POSTGRES_PLACES for folder in glob.glob(place)]
    if on_path := shutil.which("initdb"):
        folders.append(os.path.dirname(os.path.realpath(on_path)))
    found = []
    for folder in folders:
        if not all(os.access(f"{folder}/{name}", os.X_OK) for name in ("initdb", "postgres")):
            continue
        answer = subprocess.run([f"{folder}/postgres", "--version"], capture_output=True, text=True, check=False).stdout
        if (version := re.search(r"\d+", answer)) and int(version[0]) >= OLDEST_POSTGRES:
            found.append((int(version[0]), folder))
    return Path(max(found)[1]) if found else None


def find_redis() -> Path | None:
    found = shutil.which("redis-server")
    return Path(found) if found else None


def find_faketime() -> Path | None:
    """The library that shows a process another time; macOS has no place for it."""
    found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    return Path(found[0]) if found else None


def find_pushpin() -> Path | None:
    """With zurl beside it, by which Debian's asks the site."""
    found = shutil.which("pushpin")
    return Path(found) if found and shutil.which("zurl") else None


def find_nginx() -> Path | None:
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/opt/homebrew/bin")
    return Path(found) if found else None


class Program(NamedTuple):
    name: str
    package: str
    find: Callable[[], Path | None]


POSTGRES = Program(f"PostgreSQL {OLDEST_POSTGRES}+", "postgresql", find_postgres)
REDIS = Program("Redis", "redis-server", find_redis)
FAKETIME = Program("libfaketime", "faketime", find_faketime)
PUSHPIN = Program("Pushpin", "pushpin", find_pushpin)
NGINX = Program("nginx", "nginx", find_nginx)
ALL = (POSTGRES, REDIS, FAKETIME, PUSHPIN, NGINX)


def missing(programs: tuple[Program, ...]) -> list[Program]:
    return [program for program in programs if program.find() is None]


def install(programs: list[Program]) -> None:
    if not shutil.which("apt-get") or not (os.geteuid() == 0 or os.environ.get("CI")):
        return
    packages = [program.package for program in programs]
    print(f"설치 중 · installing with apt-get: {' '.join(packages)}", file=sys.stderr)
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    add = [*apt, "install", "-y", "--no-install-recommends", *packages]
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    # The package lists may be missing (a fresh container) or old: then fetch them and try once more.
    for command in (add, [*apt, "update"], add):
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if command is add and done.returncode == 0:
            return
    print(done.stderr, file=sys.stderr)


def are_there(programs: tuple[Program, ...]) -> bool:
    """True when all of them are installed, after an attempt to install; what still lacks is said on stderr."""
    if lacking := missing(programs):
        install(lacking)
    if not (lacking := missing(programs)):
        return True
    names = ", ".join(program.name for program in lacking)
    hint = f"apt-get install {' '.join(program.package for program in lacking)}"
    print(f"필요한 프로그램이 없습니다: {names} (Debian·Ubuntu: {hint})", file=sys.stderr)
    print(f"Not installed: {names} (Debian, Ubuntu: {hint})", file=sys.stderr)
    return False
