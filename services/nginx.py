"""A private nginx, with the configuration of `deploy/` made to point at free ports, over plain HTTP."""

import os
import re
from pathlib import Path

from e2e.site import ROOT, free_port
from services.engine import Engine

# Else its workers are nobody, who may not look into a folder of ours.
USER = "user root;" if os.geteuid() == 0 else ""
DEPLOY = ROOT / "deploy" / "nginx"
OURS = ("/etc/nginx/certificates/", "/etc/nginx/", "/var/log/nginx/", "/var/cache/nginx/", "/run/")


class Nginx(Engine):
    """In front of processes on these ports; `rooms` is who is asked for the streams of rooms, else the same."""

    name = "nginx"

    def __init__(self, binary: Path, *origins: int, rooms: int = 0) -> None:
        super().__init__()
        self.binary, self.port = binary, free_port()
        (self.home / "mime.types").write_text("types { text/html html; }\n")
        for name in ("nginx.conf", "site.conf", "streams.conf", "upstream-systemd.conf"):
            text = (DEPLOY / name).read_text()
            for folder in OURS:
                text = text.replace(folder, f"{self.home}/")
            (self.home / name.replace("-systemd", "")).write_text(self._adapted(name, text, origins, rooms))

    def _adapted(self, name: str, text: str, origins: tuple[int, ...], rooms: int) -> str:
        if name == "nginx.conf":
            text = text.replace("worker_processes auto;", f"worker_processes 1;\ndaemon off;\n{USER}")
            return text.replace("worker_connections 32768;", "worker_connections 4096;")
        if name == "site.conf":
            # No certificates here, and nothing to be redirected to.
            _, _, site = text.partition("\nserver {\n    # Many tabs")
            site = re.sub(r"(?m)^ *(ssl_|listen \[|http2_).*\n", "", site)
            return "server {\n    # Many tabs" + re.sub(r"listen 443 .*;", f"listen 127.0.0.1:{self.port};", site)
        if name.startswith("upstream"):
            for there, here in zip((8001, 8002), origins, strict=True):
                text = text.replace(f"127.0.0.1:{there}", f"127.0.0.1:{here}")
            if rooms:
                text = re.sub(r"(?s)(upstream rooms \{).*# (server 127.0.0.1:)7999", rf"\1\n    \g<2>{rooms}", text)
        return text

    def start(self) -> None:
        self.process = self.spawn(self.binary, "-p", self.home, "-e", "stderr", "-c", self.home / "nginx.conf")
        self.wait_for(self.port)
