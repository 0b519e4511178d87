"""What the servers have in common here: a process of ours, in a temporary folder, on a free loopback port."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any


class Failed(Exception):
    """What the program said when it gave up."""


def unprivileged(name: str) -> pwd.struct_passwd | None:
    """Who a server runs as that refuses root (PostgreSQL). None: as ourselves."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return pwd.getpwnam("nobody")


class Engine:
    """One server process, which is stopped by its own id and leaves nothing behind."""

    name = ""
    polite: signal.Signals = signal.SIGTERM

    def __init__(self, user: pwd.struct_passwd | None = None) -> None:
        # The server's user may not be able to reach root's own temporary folder.
        self.home = Path(tempfile.mkdtemp(prefix=f"cobra-{self.name}-", dir="/tmp" if user else None))
        self.log = self.home / "log"
        # No further groups: root's own would otherwise stay with the process.
        self.who: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        self.process: subprocess.Popen[bytes] | None = None

    def spawn(self, *command: str | Path) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # The terminal's Ctrl-C is not for the server: tests still clean up on it.
                **self.who,
            )

    def wait_for(self, port: int) -> None:
        """Until something answers on that port.

        Raises:
            Failed: the server has ended, or nothing did for 20 seconds.
        """
        until = time.monotonic() + 20
        while time.monotonic() < until and self.process and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise Failed(self.said())

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.polite)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
