"""What a process costs, asked of the kernel from outside. Linux only."""

import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Meter:
    pid: int

    def cpu(self) -> float:
        """Seconds of CPU that all its threads have used so far.

        The kernel keeps a clock for every process, to the nanosecond; `/proc/<pid>/stat` counts the same in steps of
        10 ms. The number of the clock is made as in the kernel's posix-timers.h: ~pid, then 2 for CPUCLOCK_SCHED.
        """
        return time.clock_gettime((~self.pid << 3) | 2)

    def memory(self) -> int:
        """Resident bytes of its own: what it maps of files, such as the database, the kernel takes back at will."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("RssAnon:")[2].split()[0]) * 1024

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def open_files(self) -> list[str]:
        """What its file descriptors are open on."""
        found = []
        for link in Path(f"/proc/{self.pid}/fd").iterdir():
            try:
                found.append(str(link.readlink()))
            except FileNotFoundError:  # closed in between
                continue
        return found

    def database_connections(self) -> int:
        """SQLite opens the database file once a connection."""
        return sum(name.endswith("cobra.sqlite3") for name in self.open_files())
