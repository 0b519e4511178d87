"""`python -m bench.replay [LOG] [--lines 1000] [--pace 20]`: how a page feels while a real conversation pours in.

LOG is a file in the format of `load_community`, all of its lines in their order; without it the 300 lines of
`e2e/data`, again and again. CHROMIUM names the browser, else one that is found on PATH.
"""

import argparse
import html
import http.client
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, Playwright, sync_playwright

from bench.felt import AT_ONCE, BARE, chromium, context_of
from bench.people import Community, settle
from bench.stage import bare_writer
from bench.table import HEAD, Row, limit, milliseconds, show
from e2e.replay import EXCERPT, Said, lines_of, say
from e2e.room import RoomPage
from e2e.site import Site

SPEAKERS = 20
KEY_EVERY = 25  # lines: how often somebody types a letter meanwhile
BEFORE = 200  # lines that are there already, of which the history is read
PATIENCE = 10  # seconds in which the last lines may still come

# Long tasks (to the browser: of more than 50 ms), and from every key press until the frame that shows its letter has
# been painted.
WATCH = """() => {
    window.tasks = [];
    window.keys = [];
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((task) => task.duration)))
        .observe({ entryTypes: ["longtask"] });
    addEventListener("keydown", ({ timeStamp }) => {
        requestAnimationFrame(() => setTimeout(() => keys.push(performance.now() - timeStamp)));
    }, { capture: true });
}"""
COUNT = """() => {
    window.came = new Set(); // what stands in the log, and what is counted because the reader is far up
    document.querySelector(".room").addEventListener("lines-came", ({ detail }) => {
        for (const li of [...detail.added, ...detail.unseen]) came.add(li.id);
    });
}"""
READ_HISTORY = "() => { const log = document.querySelector('chat-log'); log.scrollTop = -log.scrollHeight / 2; }"


class Felt:
    """One page, watched while lines come."""

    def __init__(self, page: Page, box: str) -> None:
        self.page, self.box = page, box
        page.evaluate(WATCH)
        self.tasks: list[float] = []
        self.keys: list[float] = []

    def type(self) -> None:
        self.page.press(self.box, "a")

    def read(self) -> None:
        self.page.wait_for_timeout(500)
        self.tasks, self.keys = self.page.evaluate("[tasks, keys]")


def pour(lines: list[Said], pace: float, send: Callable[[Said], None], felt: Felt) -> float:
    """All of the lines, at most `pace` a second; the seconds it took."""
    began = time.monotonic()
    for number, line in enumerate(lines):
        time.sleep(max(0.0, began + number / pace - time.monotonic()))
        send(line)
        if number % KEY_EVERY == 0:
            felt.type()
    took = time.monotonic() - began
    felt.read()
    return took


def room(
    playwright: Playwright, site: Site, community: Community, lines: list[Said], pace: float, *, history: bool
) -> tuple[Felt, float, int]:
    """Ours: what was felt, the seconds it took, and how many of the lines did not reach the page."""
    browser = chromium(playwright)
    page = context_of(browser, site, community.people[0]).new_page()
    post = community.rooms[int(history)]
    page.goto(f"/posts/{post}/?view=room&at=newest")
    RoomPage(page).is_live()
    if history:
        page.evaluate(READ_HISTORY)
    page.evaluate(COUNT)
    felt = Felt(page, "#id_body")
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    people = dict(zip({line.author: None for line in lines}, cycle(community.people[1:]), strict=False))
    took = pour(lines, pace, lambda line: say(connection, post, people[line.author].session, line.text), felt)
    until = time.monotonic() + PATIENCE
    while (lost := len(lines) - int(page.evaluate("came.size"))) and time.monotonic() < until:
        page.wait_for_timeout(100)
    browser.close()
    return felt, took, lost


def bare(playwright: Playwright, site: Site, lines: list[Said], pace: float) -> Felt:
    """The reference: the same lines as bare list items, from the bare writer into a page with nothing on it."""
    browser = chromium(playwright)
    with bare_writer() as (port, _):
        page = context_of(browser, site).new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.evaluate(BARE)
        felt = Felt(page, "#box")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

        def send(line: Said) -> None:
            connection.request("POST", "/", f"data: <li>{html.escape(line.text)}</li>\n\n".encode())
            connection.getresponse().read()

        pour(lines, pace, send, felt)
    browser.close()
    return felt


def rows(what: str, felt: Felt, reference: Felt, took: float, lost: int, count: int) -> Iterator[Row]:
    yield limit(f"{what}: lines that did not reach the page", lost, 0)
    yield Row("… lines a second", "", "", f"{count / took:.1f}")
    yield Row("… long tasks: how many, together", "", _long(reference), _long(felt))
    longest, other = (max(each.tasks, default=0.0) for each in (felt, reference))
    yield Row("… the longest", "", milliseconds(other), milliseconds(longest))
    yield Row("… key → letter, p50", "", milliseconds(median(reference.keys)), milliseconds(median(felt.keys)))
    p95 = limit("… key → letter, p95", quantiles(felt.keys, n=20)[-1], AT_ONCE, milliseconds)
    yield p95._replace(reference=milliseconds(quantiles(reference.keys, n=20)[-1]))


def _long(felt: Felt) -> str:
    return f"{len(felt.tasks)}, {sum(felt.tasks):.0f} ms"


def main() -> int:
    """0 when every bar holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", nargs="?", type=Path)
    parser.add_argument("--lines", type=int, default=1_000)
    parser.add_argument("--pace", type=float, default=20, help="lines a second, at most")
    options = parser.parse_args()
    lines = lines_of(options.log) if options.log else list(islice(cycle(lines_of(EXCERPT)), options.lines))
    with tempfile.TemporaryDirectory(prefix="cobra-bench-") as folder, sync_playwright() as playwright:
        site = Site(Path(folder))
        site.prepare()
        community = settle(site, SPEAKERS + 1, rooms=2)
        site.start()
        try:
            print(HEAD, flush=True)
            connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
            for line in islice(cycle(lines_of(EXCERPT)), BEFORE):
                say(connection, community.rooms[1], community.people[1].session, line.text)
            reference = bare(playwright, site, lines, options.pace)
            held = []
            for what, history in (("at the newest line", False), ("reading history", True)):
                felt, took, lost = room(playwright, site, community, lines, options.pace, history=history)
                held.append(show(rows(f"{len(lines):,} lines, {what}", felt, reference, took, lost, len(lines))))
        finally:
            site.stop()
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
