"""The server: `python -m cobra.serve`. `runserver`, `make run`, the tests and the benchmarks all start this one."""

import asyncio
import contextlib
import gc
import logging
import os
import resource
import socket
import sys
import time
import warnings
from email.utils import formatdate
from types import FrameType

import uvicorn
from uvicorn.server import ServerState

logger = logging.getLogger("cobra.serve")  # by `python -m` this module has another name

# Listeners are cheap, so the limit of open files comes first: let it be as high as the system allows.
FILES = 65_536
# Unread bytes the kernel keeps for a listener; the rest is ours to count (`rooms.listener.MOST_BEHIND`).
SEND_BUFFER = 64 * 1024
# Milliseconds after which the kernel gives up on a peer that acknowledges nothing.
USER_TIMEOUT = 60_000
GRACE = 3  # seconds that requests under way are given when the server stops


def raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def bind(host: str, port: int) -> socket.socket:
    """A listening socket whose accepted ones inherit a small send buffer and a user time-out.

    Raises:
        OSError: the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, USER_TIMEOUT)
    listening.bind((host, port))
    listening.set_inheritable(True)
    return listening


class State(ServerState):
    """What each answer begins with: the date, made when it is wanted and kept for that second."""

    _second = 0
    _headers: list[tuple[bytes, bytes]]

    @property
    def default_headers(self) -> list[tuple[bytes, bytes]]:
        if (now := int(time.time())) != self._second:
            self._second, self._headers = now, [(b"date", formatdate(now, usegmt=True).encode())]
        return self._headers

    @default_headers.setter
    def default_headers(self, headers: list[tuple[bytes, bytes]]) -> None:
        """uvicorn's own come from a clock that does not run here, nor from its settings: nothing sets any."""


class Server(uvicorn.Server):
    """uvicorn, which ends the open streams itself before it waits for the requests under way, and opens the way to the
    other processes when it starts."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.server_state = State()
        self._signalled = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self._loop:  # which may be anywhere: a handler comes between two steps of what runs
            self._loop.call_soon_threadsafe(self._signalled.set)

    async def main_loop(self) -> None:
        """Until a signal comes. Left to itself uvicorn looks for one ten times a second, and makes the date once: more
        than half of what an idle process cost."""
        self._loop = asyncio.get_running_loop()
        if not self.should_exit:
            await self._signalled.wait()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        from cobra.asgi import begin_streams

        await super().startup(sockets)
        await begin_streams()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        from cobra.asgi import end_streams

        for server in self.servers:
            server.close()
        await end_streams()
        await super().shutdown(sockets)


def make_server() -> Server:
    from django.conf import settings

    config = uvicorn.Config(
        "cobra.asgi:application",
        loop="uvloop",
        http="httptools",
        lifespan="off",
        log_level="warning",
        log_config=None,  # what it says goes where all else goes, and looks the same (`cobra.logs`)
        access_log=False,
        backlog=4_096,
        timeout_graceful_shutdown=GRACE,
        proxy_headers=bool(settings.TRUSTED_PROXIES),
        forwarded_allow_ips=",".join(settings.TRUSTED_PROXIES) or None,
        server_header=False,
    )
    return Server(config)


def calm_the_collector() -> None:
    """Look for garbage less often, and never among what stays: a full round over thousands of listeners stops them all.

    Almost everything is freed by its reference count; a request's few cycles can wait. But not for a long round: the
    second generation, looked at every 25,000 objects, takes 3 ms, every 100,000 it took 30.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 5, 40)


def log_warnings() -> None:
    """They go, and look, as all else that is logged does."""
    logging.captureWarnings(True)
    # WhiteNoise hands over files, which are iterators; Django says so once a process.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")


def _listen(host: str, port: int) -> socket.socket:
    """`bind`, and say so, or why not, to the person at the terminal."""
    try:
        listening = bind(host, port)
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}). Try another one: PORT=8001")
    _say(f"Cobra Space: http://localhost:{port}")
    return listening


def _say(text: str) -> None:
    """To the person at the terminal, or to the program that reads the log."""
    from django.conf import settings

    if settings.LOG_FORMAT == "json":
        logger.info(text)
    else:
        print(text, flush=True)  # noqa: T201


def main(host: str = "127.0.0.1", port: int | None = None) -> None:
    """Serve until SIGINT or SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cobra.settings")
    import django

    django.setup(set_prefix=False)
    from django.conf import settings

    from cobra import grip

    try:
        grip.proxy()
    except ValueError as error:
        sys.exit(str(error))
    log_warnings()
    raise_file_limit()
    listening = _listen(os.environ.get("BIND_HOST") or host, port or settings.PORT)
    server = make_server()
    server.config.load()
    calm_the_collector()
    with (
        contextlib.suppress(KeyboardInterrupt),  # raised again by uvicorn once all has ended well
        asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner,
    ):
        runner.run(server.serve(sockets=[listening]))


if __name__ == "__main__":
    main()
