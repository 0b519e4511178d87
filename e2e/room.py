"""A room as somebody sees it in a browser."""

from typing import Any

from playwright.sync_api import Page, expect


class RoomPage:
    """The page of a post's room, by ids and classes: the words differ by language."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stream = page.locator("live-stream")
        self.log = page.locator("chat-log")
        self.lines = page.locator("#lines > .line:not(.pending)")
        self.words = self.lines.locator(".tx")
        self.pending = page.locator("#lines > .pending")
        self.box = page.locator("#id_body")
        self.error = page.locator("#composer-error")
        self.strip = page.locator("#strip")
        self.jump = page.locator("#jump")

    def open(self, post: Any, query: str = "?view=room") -> "RoomPage":
        """Go there and wait until the room is live."""
        self.page.goto(f"{post.get_absolute_url()}{query}")
        self.is_live()
        return self

    def is_live(self) -> None:
        expect(self.stream).to_have_attribute("data-state", "live")

    def connect_now(self) -> None:
        """Press the strip's button, unless the page's own next try has been faster and taken it away."""
        self.strip.locator("button").evaluate_all("(buttons) => buttons.forEach((button) => button.click())")

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def show(self, *, visible: bool) -> None:
        """Hide the tab or bring it back, as far as the page can tell: a headless browser has no tabs to switch."""
        self.page.evaluate(
            """(visible) => {
                Object.defineProperty(document, "hidden", { configurable: true, value: !visible });
                Object.defineProperty(document, "visibilityState",
                    { configurable: true, value: visible ? "visible" : "hidden" });
                document.dispatchEvent(new Event("visibilitychange"));
            }""",
            visible,
        )

    def from_end(self) -> float:
        """Pixels between the end of the log and the bottom edge of what is seen."""
        return float(
            self.page.evaluate(
                """() => document.querySelector("#lines").getBoundingClientRect().bottom
                    - document.querySelector("chat-log").getBoundingClientRect().bottom"""
            )
        )

    def scroll_by(self, pixels: int) -> None:
        self.log.evaluate("(log, pixels) => { log.scrollTop += pixels }", pixels)

    def top_of(self, line_id: int) -> float:
        """Where a line stands in the window."""
        box = self.page.locator(f"#line-{line_id}").bounding_box()
        assert box is not None
        return box["y"]
