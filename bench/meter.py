"""What a process costs, asked of the kernel from outside. Linux only."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Meter:
    """Of one process or of several together; `database_port` is where they reach a database server."""

    pids: Sequence[int]
    database_port: int = 0

    def cpu(self) -> float:
        """Seconds of CPU that all their threads have used so far.

        The kernel keeps a clock for every process, to the nanosecond; `/proc/<pid>/stat` counts the same in steps of
        10 ms. The number of the clock is made as in the kernel's posix-timers.h: ~pid, then 2 for CPUCLOCK_SCHED.
        """
        return sum(time.clock_gettime((~pid << 3) | 2) for pid in self.pids)

    def memory(self) -> int:
        """Resident bytes of their own: what they map of files, such as the database, the kernel takes back at will."""
        statuses = (Path(f"/proc/{pid}/status").read_text() for pid in self.pids)
        return sum(int(status.partition("RssAnon:")[2].split()[0]) * 1024 for status in statuses)

    def threads(self) -> int:
        """Of the one that has most."""
        return max(len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in self.pids)

    def database_connections(self) -> int:
        """Of the one that has most. SQLite opens the database file once a connection."""
        return max(self._connections(pid) for pid in self.pids)

    def _connections(self, pid: int) -> int:
        files = open_files(pid)
        if not self.database_port:
            return sum(name.endswith("cobra.sqlite3") for name in files)
        rows = [row.split() for row in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
        sockets = {f"socket:[{row[9]}]" for row in rows if row[2].endswith(f":{self.database_port:04X}")}
        return sum(name in sockets for name in files)


def open_files(pid: int) -> list[str]:
    """What its file descriptors are open on."""
    found = []
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except FileNotFoundError:  # closed in between
            continue
    return found
