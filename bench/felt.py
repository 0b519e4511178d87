"""`python -m bench.felt`: what a person feels, in real Chromium.

From Enter to the other screen, the weight of a first visit, one room in eight tabs. CHROMIUM names the browser, else
one that is found on PATH.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, BrowserContext, CDPSession, Error, Page, Playwright, sync_playwright

from bench.people import Community, Person, settle
from bench.stage import bare_writer
from bench.table import HEAD, Row, limit, milliseconds, show
from e2e.room import RoomPage
from e2e.site import Site

ROUNDS, LINES = 5, 10
TABS = 8
# Up to here a reaction feels immediate (Miller 1968, Nielsen 1993).
AT_ONCE = 100  # ms
KILOBYTES, REQUESTS = 60, 12
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")

# Notes when Enter was pressed, and for each word of ours when the frame that shows it had been painted. The clocks of
# two browsers on one machine are the same.
WATCH = """() => {
    window.seen = {};
    const now = () => performance.timeOrigin + performance.now();
    addEventListener("keydown", (event) => event.key === "Enter" && (window.pressed = now()), { capture: true });
    new MutationObserver((changes) => {
        for (const node of changes.flatMap((change) => [...change.addedNodes]))
            for (const [word] of (node.textContent ?? "").matchAll(/felt\\d+z/g))
                if (!(word in seen)) {
                    seen[word] = 0;
                    requestAnimationFrame(() => setTimeout(() => (seen[word] = now())));
                }
    }).observe(document.body, { childList: true, subtree: true });
}"""
# The same on the bare writer, with nothing between key and fetch, nor between event and page.
BARE = """() => {
    document.body.innerHTML = "<input id=box><ol id=lines></ol>";
    document.getElementById("box").addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        const body = `data: <li>${event.target.value}</li>\\n\\n`;
        event.target.value = "";
        fetch("/", { method: "POST", body });
    });
    new EventSource("/stream").onmessage = (event) =>
        document.getElementById("lines").insertAdjacentHTML("beforeend", event.data);
}"""


def chromium(playwright: Playwright) -> Browser:
    named = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    args = ["--no-sandbox", "--disable-background-networking"]
    return playwright.chromium.launch(executable_path=named, args=args)


def context_of(browser: Browser, site: Site, person: Person | None = None) -> BrowserContext:
    context = browser.new_context(base_url=site.url, locale="ko-KR", timezone_id="Asia/Seoul")
    if person:
        context.add_cookies([{"name": "sessionid", "value": person.session, "url": site.url}])
    return context


class Pair:
    """Two screens on one conversation: who types, and who looks on."""

    def __init__(self, typing: Page, looking: Page, box: str) -> None:
        self.typing, self.looking, self.box = typing, looking, box
        self.own: list[float] = []
        self.other: list[float] = []
        for page in (typing, looking):
            page.evaluate(WATCH)

    def to_front(self) -> None:
        """A tab behind another one is painted once a second."""
        for page in (self.typing, self.looking):
            page.bring_to_front()

    def say(self, number: int) -> None:
        """One line; remembers in ms how long after Enter each screen showed it."""
        word = f"felt{number}z"
        self.typing.fill(self.box, f"{word} Has anybody seen why the second render happens only in development?")
        self.typing.press(self.box, "Enter")
        pressed = float(self.typing.evaluate("pressed"))
        self.own.append(_shown(self.typing, word) - pressed)
        self.other.append(_shown(self.looking, word) - pressed)


def _shown(page: Page, word: str) -> float:
    until = time.monotonic() + 10
    while not (at := page.evaluate("(word) => window.seen[word]", word)):
        if time.monotonic() > until:
            raise TimeoutError(f"{word} was not seen on {page.url}")
        page.wait_for_timeout(20)
    return float(at)


@contextmanager
def pairs(playwright: Playwright, site: Site, community: Community) -> Iterator[tuple[Pair, Pair]]:
    """In the same two browsers: our room, and the bare writer."""
    browsers = [chromium(playwright) for _ in range(2)]
    with bare_writer() as (port, _):
        rooms, blanks = [], []
        for browser, person in zip(browsers, community.people, strict=False):
            context = context_of(browser, site, person)
            rooms.append(context.new_page())
            rooms[-1].goto(f"/posts/{community.rooms[0]}/")
            RoomPage(rooms[-1]).is_live()
            blanks.append(context.new_page())
            blanks[-1].goto(f"http://127.0.0.1:{port}/")
            blanks[-1].evaluate(BARE)
        yield Pair(rooms[0], rooms[1], "#id_body"), Pair(blanks[0], blanks[1], "#box")
    for browser in browsers:
        browser.close()


def conversation(playwright: Playwright, site: Site, community: Community) -> Iterator[Row]:
    with pairs(playwright, site, community) as (ours, bare):
        for first in range(0, (ROUNDS + 1) * LINES, LINES):
            for pair in (ours, bare):
                pair.to_front()
                for number in range(first, first + LINES):
                    pair.say(number)
        yield from _rows(
            "Enter → the other's screen", ours.other[LINES:], bare.other[LINES:]
        )  # the first round warms up
        yield from _rows("Enter → one's own screen", ours.own[LINES:], bare.own[LINES:])


def _rows(what: str, mine: list[float], reference: list[float]) -> Iterator[Row]:
    p50, bare_p50, p95, bare_p95 = median(mine), median(reference), _p95(mine), _p95(reference)
    yield Row(f"{what}, p50", "", milliseconds(bare_p50), milliseconds(p50), p50 / bare_p50)
    row = limit("… p95", p95, AT_ONCE, milliseconds)
    yield row._replace(reference=milliseconds(bare_p95), ratio=p95 / bare_p95)


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


class Weight:
    """What a page fetches, as it went over the wire: heads and bodies, compressed."""

    def __init__(self, session: CDPSession) -> None:
        self.addresses: dict[str, str] = {}
        self.sizes: dict[str, int] = {}
        session.on("Network.requestWillBeSent", lambda event: self._asked(event["requestId"], event["request"]["url"]))
        session.on("Network.dataReceived", lambda event: self._got(event["requestId"], event["encodedDataLength"]))
        session.on("Network.responseReceived", lambda event: self._head(event["requestId"], event["response"]))
        session.on("Network.loadingFinished", lambda event: self._whole(event["requestId"], event["encodedDataLength"]))
        session.send("Network.enable")

    def _asked(self, request: str, address: str) -> None:
        if not address.startswith("data:"):
            self.addresses[request] = address

    def _got(self, request: str, count: int) -> None:
        self.sizes[request] = self.sizes.get(request, 0) + count

    def _head(self, request: str, response: dict[str, int]) -> None:
        self._got(request, response["encodedDataLength"])

    def _whole(self, request: str, count: int) -> None:
        self.sizes[request] = count


def first_visit(playwright: Playwright, site: Site, community: Community) -> Iterator[Row]:
    """A visitor's, of a post whose room shows fifty lines; until it is live."""
    browser = chromium(playwright)
    page = context_of(browser, site).new_page()
    weight = Weight(page.context.new_cdp_session(page))
    page.goto(f"/posts/{community.rooms[0]}/")
    RoomPage(page).is_live()
    page.wait_for_timeout(1_000)
    asked = [address for address in weight.addresses.values() if address.startswith(site.url)]
    yield limit(
        "first visit of a post page: KB over the wire", sum(weight.sizes.values()) / 1e3, KILOBYTES, "{:.1f}".format
    )
    yield limit("… requests", len(asked), REQUESTS)
    elsewhere = len(weight.addresses) - len(asked)
    yield limit("… of them to other hosts", elsewhere, 0)
    browser.close()


def tabs(playwright: Playwright, site: Site, community: Community) -> Iterator[Row]:
    """One room in many tabs of one browser, which has six connections to a host.

    A headless browser shows all its tabs at once, so those behind are told that they are hidden, as in `e2e`.
    """
    browser, speaker = chromium(playwright), chromium(playwright)
    context = context_of(browser, site, community.people[0])
    context.set_default_timeout(5_000)
    open_tabs: list[RoomPage] = []
    loaded = 0
    for _ in range(TABS):
        if open_tabs:
            open_tabs[-1].show(visible=False)
        tab = RoomPage(context.new_page())
        open_tabs.append(tab)
        try:
            tab.page.goto(f"/posts/{community.rooms[0]}/")
            tab.is_live()
            loaded += 1
        except (Error, AssertionError):
            continue
    yield Row(f"{TABS} tabs of one room over HTTP/1.1: loaded", f"{TABS}", "", f"{loaded}", holds=loaded == TABS)
    other = context_of(speaker, site, community.people[1]).new_page()
    other.goto(f"/posts/{community.rooms[0]}/")
    RoomPage(other).is_live()
    for name, tab in (("the newest, visible", open_tabs[-1]), ("the first, visible again", open_tabs[0])):
        for one in open_tabs:
            one.show(visible=one is tab)
        tab.is_live()
        tab.page.evaluate(WATCH)
        pair = Pair(other, tab.page, "#id_body")
        pair.say(1_000 + open_tabs.index(tab))
        yield limit(f"… {name}: Enter → this screen", pair.other[0], 1_000, milliseconds)
    browser.close()
    speaker.close()


def main() -> int:
    """0 when every bar holds."""
    with tempfile.TemporaryDirectory(prefix="cobra-bench-") as folder, sync_playwright() as playwright:
        site = Site(Path(folder))
        site.prepare()
        community = settle(site, 2, rooms=1)
        site.start()
        try:
            print(HEAD, flush=True)
            held = [show(case(playwright, site, community)) for case in (conversation, first_visit, tabs)]
        finally:
            site.stop()
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
