"""The other reference, where it is installed: nginx with nchan, which is written in C and holds messages in memory."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Where Debian, Fedora and Homebrew put the module.
MODULES = [
    Path(folder, "ngx_nchan_module.so")
    for folder in ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/opt/homebrew/lib/nginx/modules")
]

CONFIGURATION = """\
load_module {module};
daemon off;
pid {folder}/pid;
error_log stderr crit;
worker_processes 1;
events {{ worker_connections 16384; }}
http {{
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location = /stream {{
            nchan_subscriber eventsource;
            nchan_channel_id room;
            nchan_subscriber_first_message newest;
        }}
        location = / {{
            nchan_publisher;
            nchan_channel_id room;
            nchan_message_buffer_length 500;
        }}
    }}
}}
"""


def module() -> Path | None:
    """Its file; None where there is no nginx or no nchan."""
    there = [path for path in MODULES if path.exists()]
    return there[0] if there and shutil.which("nginx") else None


@contextmanager
def running(folder: Path, port: int) -> Iterator[int]:
    """nginx with one worker, of which this is the process id.

    Raises:
        RuntimeError: it did not start.
    """
    folder.mkdir()
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(module=module(), folder=folder, port=port))
    nginx = subprocess.Popen([str(shutil.which("nginx")), "-p", str(folder), "-c", str(configuration)])
    try:
        yield _worker_of(nginx)
    finally:
        nginx.send_signal(signal.SIGTERM)
        nginx.wait(10)


def _worker_of(nginx: "subprocess.Popen[bytes]") -> int:
    children = Path(f"/proc/{nginx.pid}/task/{nginx.pid}/children")
    until = time.monotonic() + 10
    while time.monotonic() < until and nginx.poll() is None:
        if workers := children.read_text().split():
            return int(workers[0])
        time.sleep(0.05)
    raise RuntimeError("nginx did not start.")
