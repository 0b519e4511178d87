"""Runs a command beside a private PostgreSQL and takes the server away afterwards.

    python -m services COMMAND [ARGUMENT …]     # without a command: installs what the tests in here need

The command finds the server in DATABASE_URL, and a SECRET_KEY, which a site on a server must be given; its exit code is
ours.
"""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from services import programs
from services.engine import Failed
from services.postgres import Postgres


@contextmanager
def postgres() -> Iterator[str]:
    """A running server, as a DATABASE_URL."""
    binaries = programs.find_postgres()
    assert binaries
    cluster = Postgres(binaries)
    try:
        cluster.create()
        cluster.start()
        yield cluster.url()
    finally:
        # A second Ctrl-C must not leave the server behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        cluster.remove()


def run(command: list[str], url: str) -> int:
    env = {"SECRET_KEY": secrets.token_urlsafe(48), **os.environ, "DATABASE_URL": url}
    with subprocess.Popen(command, env=env) as child:
        try:
            return child.wait()
        except BaseException as interruption:
            # The terminal sends Ctrl-C to the child as well; a plain kill reaches only us.
            if not isinstance(interruption, KeyboardInterrupt):
                child.terminate()
            try:
                child.wait(30)
            except subprocess.TimeoutExpired:
                child.kill()
            raise


def stop(number: int, _frame: object) -> None:
    sys.exit(128 + number)


def main(command: list[str]) -> int:
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    if not programs.are_there((programs.POSTGRES,) if command else programs.ALL):
        return 1
    if not command:
        return 0
    try:
        with postgres() as url:
            return run(command, url)
    except FileNotFoundError as missing:
        print(f"{missing.filename}: 명령이 없습니다 · no such command", file=sys.stderr)
        return 127
    except Failed as failure:
        print(f"PostgreSQL이 시작되지 않았습니다 · PostgreSQL did not start: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
