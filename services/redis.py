"""A private Redis."""

import secrets
from pathlib import Path

from e2e.site import free_port
from services.engine import Engine


class RedisServer(Engine):
    """In memory only, behind a random password."""

    name = "redis"

    def __init__(self, binary: Path) -> None:
        super().__init__()
        self.binary, self.port = binary, free_port()
        password = secrets.token_hex(16)
        self.conf = self.home / "redis.conf"
        self.conf.write_text(f'bind 127.0.0.1\nport {self.port}\nrequirepass {password}\nsave ""\ndir {self.home}\n')
        self.url = f"redis://:{password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start the server and wait until it takes connections; a second time on the same port."""
        self.process = self.spawn(self.binary, self.conf)
        self.wait_for(self.port)
