"""A private PostgreSQL."""

import os
import secrets
import signal
import time
from contextlib import suppress
from pathlib import Path

from e2e.site import free_port
from services.engine import Engine, Failed, unprivileged

# Nothing here outlives the run, so nothing has to reach the disk. But what is committed is there after a crash.
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
max_connections = 100
fsync = off
full_page_writes = off
"""


class Postgres(Engine):
    """A throw-away cluster behind a random password."""

    name = "postgres"
    polite = signal.SIGQUIT  # "immediate": there is nothing to save, and what clients see is what a crash shows them

    def __init__(self, binaries: Path) -> None:
        super().__init__(unprivileged("postgres"))
        self.binaries, self.data = binaries, self.home / "data"
        self.password = secrets.token_hex(16)
        self.port = 0

    def url(self, database: str = "postgres") -> str:
        """Its DATABASE_URL."""
        return f"postgres://cobra:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self) -> None:
        secret = self.home / "password"
        secret.write_text(self.password)
        if self.who:
            for path in (self.home, secret):
                os.chown(path, self.who["user"], self.who["group"])
        options: list[str | Path] = ["-D", self.data, "-U", "cobra", "-A", "scram-sha-256", "--pwfile", secret]
        options += ["-E", "UTF8", "--no-sync"]
        # C.UTF-8 lowers and compares letters beyond ASCII; not every system has it.
        for locale in ("--locale=C.UTF-8", "--no-locale"):
            if self.spawn(self.binaries / "initdb", *options, locale).wait() == 0:
                return
        raise Failed(self.said())

    def start(self) -> None:
        """Start the server and wait until it answers; a second time on the same port."""
        tries = 1 if self.port else 3  # Somebody else may take the port between our finding and our using it.
        for _ in range(tries):
            self.port = self.port if tries == 1 else free_port()
            with (self.data / "postgresql.conf").open("a") as conf:
                conf.write(SETTINGS.format(port=self.port))
            self.process = self.spawn(self.binaries / "postgres", "-D", self.data)
            if self._is_ready():
                return
            self.stop()
        raise Failed(self.said())

    def _is_ready(self) -> bool:
        assert self.process
        for _ in range(600):
            # The last line of this file is the server's own word on its state, its first the process it is from.
            with suppress(OSError):
                text = (self.data / "postmaster.pid").read_text()
                if text.startswith(f"{self.process.pid}\n") and text.rstrip().endswith("ready"):
                    return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.05)
        return False
