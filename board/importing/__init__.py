"""Posts and chat logs from elsewhere, as JSON lines: read, and put in with their authors and times."""

from board.importing.loading import Tally, check, load
from board.importing.records import BadRecord

__all__ = ["BadRecord", "Tally", "check", "load"]
