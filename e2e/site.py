"""The real server as a process of its own, on a free port, over a database of its own."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
# Nothing is limited unless a test is about limits: tests are many people in one.
UNLIMITED = {"LINE_RATE": "0", "POST_RATE": "0", "SEARCH_RATE": "0", "AUTH_RATE": "0", "STREAM_RATE": "0"}
UNLIMITED |= {"NEWCOMER_FOR": "0", "REPEAT_FOR": "0"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Site:
    """A running site. `env` is laid over the environment of the tests."""

    def __init__(self, var_dir: Path, **env: str) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.var_dir = var_dir
        self.log = var_dir / "server.log"
        self.env = {**os.environ, **UNLIMITED, "VAR_DIR": str(var_dir), "PORT": str(self.port), **env}
        self.process: subprocess.Popen[bytes] | None = None

    def manage(self, *command: str) -> None:
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=self.env, check=True)

    def prepare(self) -> None:
        """Tables and static files."""
        self.manage("migrate", "-v0")
        self.manage("collectstatic", "--noinput", "-v0")

    @classmethod
    def prepared(cls, var_dir: Path, *, shared: Path) -> Self:
        """A site with tables and static files, which the first worker to come makes in `shared` for all of them.

        Its secret key stays its own: the tests' process has read it already.
        """
        shared.mkdir(exist_ok=True)
        with (shared / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (shared / "static").exists():
                cls(shared).prepare()
        shutil.copytree(shared, var_dir, dirs_exist_ok=True, ignore=shutil.ignore_patterns("secret*", "*.log"))
        return cls(var_dir)

    def start(self) -> None:
        """Start serving; returns when `/healthz` answers.

        Raises:
            RuntimeError: it did not come up within 60 s; the message ends with its log.
        """
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cobra.serve"], cwd=ROOT, env=self.env, stdout=log, stderr=log
            )
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1):
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"The site did not start:\n{self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """As a crash does: SIGKILL, nothing is tidied up."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=15)
