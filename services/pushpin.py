"""A private Pushpin, with the configuration of `deploy/` made to point at free ports."""

import http.client
import json
import os
import re
import secrets
import signal
import socket
import time
from pathlib import Path

from cobra.grip import Told
from e2e.site import ROOT, free_port
from services.engine import Engine, Failed

DEPLOY = ROOT / "deploy" / "pushpin"
BATCH = ("chrt", "--batch", "0")  # as in deploy/


class Pushpin(Engine):
    """In front of processes on these ports: the second is asked where the first does not answer."""

    name = "pushpin"

    def __init__(self, binary: Path) -> None:
        super().__init__()
        self.binary, self.port, self.control = binary, free_port(), free_port()
        self.key = secrets.token_hex(32)
        self.url = f"http://127.0.0.1:{self.control}?key={self.key}&verify-iss=pushpin"
        self.conf = self.home / "pushpin.conf"
        self._configure()

    def _configure(self) -> None:
        """Sockets are named by their paths, which may be as long as 107 bytes."""
        run = self.home / "run"
        run.mkdir(mode=0o700)
        zurl = {f"zurl_{name}": f"ipc://{run}/pushpin-zurl-{end}" for name, end in ZURL.items()}
        values = {
            "rundir": run,
            "logdir": self.home,
            "services": "condure,zurl,pushpin-proxy,pushpin-handler",
            "http_port": f"127.0.0.1:{self.port}",
            "push_in_http_port": self.control,
            "sig_key": self.key,
            "client_maxconn": 5_000,
        }
        text = (DEPLOY / "pushpin.conf").read_text()
        for name, value in values.items():
            text, found = re.subn(rf"(?m)^{name}=.*$", f"{name}={value}", text)
            assert found == 1, name
        text = text.replace("[proxy]\n", "[proxy]\n" + "".join(f"{name}={value}\n" for name, value in zurl.items()))
        self.conf.write_text(text)

    def lead_to(self, *origins: int) -> None:
        """Before it is started."""
        (self.home / "routes").write_text(f"* {' '.join(f'127.0.0.1:{port}' for port in origins)}\n")

    def start(self) -> None:
        """Start it and wait until it takes requests and items; a second time on the same ports."""
        self.process = self.spawn(*BATCH, self.binary, f"--config={self.conf}")
        until = time.monotonic() + 20
        while not self._answers():
            if time.monotonic() > until or self.process.poll() is not None:
                raise Failed(self.said())
            time.sleep(0.02)

    def _answers(self) -> bool:
        """It takes connections before its parts know each other, and drops them."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            asked.request("GET", "/healthz")
            socket.create_connection(("127.0.0.1", self.control), timeout=1).close()
            return asked.getresponse().status < 600
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()

    def publish(self, items: list[Told]) -> None:
        """Tell it this, as the site would."""
        control = http.client.HTTPConnection("127.0.0.1", self.control, timeout=2)
        control.request("POST", "/publish/", json.dumps({"items": items}), {"Content-Type": "application/json"})
        assert control.getresponse().status == 200
        control.close()

    def kill(self) -> None:
        """All of its processes at once: the one that was started here, and each of its services."""
        if self.process and self.process.poll() is None:
            for each in (self.process.pid, *self.services()):
                os.kill(each, signal.SIGKILL)
            self.process.wait()

    def services(self) -> list[int]:
        """The ids of the processes that it has started."""
        pid = self.process.pid if self.process else 0
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


ZURL = {"out_specs": "in", "out_stream_specs": "in-stream", "in_specs": "out"}
