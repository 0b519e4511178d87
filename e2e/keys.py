"""A keyboard, and nothing else."""

from typing import Any

from playwright.sync_api import Locator, Page

MOST = 150  # presses of Tab until something is called out of reach

# Where the focus is, whether it is where it should be, and whether its ring can be seen: on the element, or on what it
# stands for (a row, a label, the frame around a text box).
LOOK = """wanted => {
    const at = document.activeElement;
    if (!at || at === document.body) return { name: "", there: false, wrong: "" };
    const name = `<${at.localName}> ${(at.getAttribute("aria-label") ?? at.textContent ?? "").trim().slice(0, 30)}`
        + ` ${at.id || at.name || ""}`;
    const around = [];
    for (let each = at; each && around.length < 5; each = each.parentElement) around.push(each);
    const outlined = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
    const framed = at.closest("form.composer");
    const ringed = outlined(getComputedStyle(at, "::after")) || around.some((each) => outlined(getComputedStyle(each)))
        || (framed && getComputedStyle(framed).boxShadow !== "none");
    const box = (at.closest("label, summary") ?? at).getBoundingClientRect();
    const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
    const [right, bottom] = [Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
    const spots = [[.5, .5], [.5, .1], [.5, .9], [.1, .5], [.9, .5]];
    const seen = right > left && bottom > top && spots.some(([x, y]) => {
        const top_most = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
        return top_most && (at.contains(top_most) || top_most.contains(at) || at.closest("label")?.contains(top_most));
    });
    return { name, there: at === wanted, wrong: ringed ? (seen ? "" : "out of sight") : "no ring" };
}"""


class Keys:
    """Moves through a page by keys, and collects every place where the focus could not be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unseen: list[str] = []

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def to(self, wanted: Locator, key: str = "Tab") -> None:
        """Tab, or Shift+Tab, until the focus is there.

        Raises:
            AssertionError: it is out of reach.
        """
        handle = wanted.element_handle()
        passed = []
        for _ in range(MOST):
            self.press(key)
            seen = self.look(handle)
            passed.append(seen["name"])
            if seen["there"]:
                return
        raise AssertionError(f"{wanted} is out of reach. On the way: {passed}")

    def look(self, wanted: Any = None) -> dict[str, Any]:
        seen: dict[str, Any] = self.page.evaluate(LOOK, wanted)
        if seen["wrong"]:
            self.unseen.append(f"{seen['wrong']}: {seen['name']} on {self.page.url}")
        return seen

    def walk(self, key: str = "Tab") -> list[str]:
        """Tab, or Shift+Tab, from where the focus is to where the page ends: the names of all the stops.

        Raises:
            AssertionError: it never ends.
        """
        stops: list[str] = []
        for _ in range(MOST):
            self.press(key)
            name = self.look()["name"]
            if not name:
                return stops
            stops.append(name)
        raise AssertionError(f"the page never ends: {stops}")
