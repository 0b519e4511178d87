"""What waits for the staff."""

from dataclasses import dataclass

from accounts.models import User
from board.models import Report
from board.moderation import Case

MOST = 50  # things


@dataclass(frozen=True)
class Waiting:
    """A thing somebody reported: its first report, and how many there are."""

    report: Report
    case: Case
    count: int


@dataclass(frozen=True)
class Queue:
    """The things that have waited longest, and how many there are in all."""

    waiting: list[Waiting]
    count: int


def queue_of(staff: User) -> Queue:
    rows = Report.objects.for_queue()
    first = list(rows[:MOST])
    reports = Report.objects.for_case().in_bulk([row["first"] for row in first])
    waiting = [
        Waiting(reports[row["first"]], Case.of(reports[row["first"]], staff=staff), row["count"]) for row in first
    ]
    return Queue(waiting, rows.count())
