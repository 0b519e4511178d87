"""One stream and what is heard on it, for what a crowd does not count: names, numbers, the end."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


class Ear:
    """Reads a stream of a process until it ends."""

    def __init__(self, port: int, path: str, cookies: str = "") -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port)
        self._http.request("GET", path, headers={"Cookie": cookies} if cookies else {})
        self._response = self._http.getresponse()
        self.status = self._response.status
        self.text = ""
        self.is_over = False
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with suppress(OSError, ValueError, http.client.HTTPException, AttributeError):
            for row in self._response:
                self.text += row.decode()
        self.is_over = True

    def forget(self) -> None:
        self.text = ""

    def close(self) -> None:
        if sock := self._http.sock:
            with suppress(OSError):
                sock.shutdown(2)
        self._thread.join(5)
        self._response.close()
        self._http.close()


@contextmanager
def listening(port: int, path: str, cookies: str = "") -> Iterator[Ear]:
    ear = Ear(port, path, cookies)
    try:
        yield ear
    finally:
        ear.close()


def until(is_true: Callable[[], object], seconds: float = 15) -> float:
    """Wait for the thing itself; how many seconds it took.

    Raises:
        TimeoutError: it did not come.
    """
    began = time.monotonic()
    while not is_true():
        if time.monotonic() - began > seconds:
            raise TimeoutError
        time.sleep(0.02)
    return time.monotonic() - began
