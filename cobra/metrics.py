"""What this process counts, for Prometheus to ask at `/metrics`. Each process has its own numbers and is asked itself.

What can be seen at the moment of asking (who listens, what waits) is not counted but looked at: `rooms.gauges`.
"""

from prometheus_client import Counter, Histogram

# Seconds. A page takes a few milliseconds, a locked database five seconds.
REQUESTS = Histogram(
    "cobra_request_seconds",
    "From a request's coming to its answer's first byte, streams excepted.",
    ["method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LINES = Counter("cobra_lines_said", "Lines that were said in this process and committed.")
DELIVERY = Histogram(
    "cobra_delivery_seconds",
    "From the bell of a change, which rings at its commit, until it was handed to everybody who listens here.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)

# As labels they are few, whatever somebody sends.
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def count_request(method: str | None, status: int, seconds: float) -> None:
    name = method if method in METHODS else "other"
    REQUESTS.labels(name, f"{status // 100}xx").observe(seconds)
