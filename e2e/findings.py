"""What axe and a ruler find wrong with a page."""

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Scheme = Literal["light", "dark"]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "preload": False}
# Nothing but colours differs between light and dark.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"], "preload": False}
DESK, PHONE = (1280, 900), (390, 844)
WIDTHS = (320, 390, 768, 1280)

# The page itself clips what sticks out, so its scroll width tells nothing: every box is measured that nothing else
# clips or scrolls.
STICKING_OUT = """() => {
    const clipped = (each) => {
        for (let up = each; up && up !== document.body; up = up.parentElement) {
            const { position, overflowX, clipPath } = getComputedStyle(up);
            if ((up !== each && overflowX !== "visible") || clipPath !== "none") return true;
            if (position === "fixed") return false;
        }
        return false;
    };
    return [...document.body.querySelectorAll("*")].filter((each) => {
        if (each.matches(".skip, svg *") || !each.checkVisibility()) return false;
        const { left, right, width } = each.getBoundingClientRect();
        return width > 0 && (right > innerWidth + 1 || left < -1) && !clipped(each);
    }).map((each) => `<${each.localName} class="${each.className}"> ${each.textContent.trim().slice(0, 30)}`);
}"""


class Findings(list[str]):
    """Everything that was found on the pages looked at so far."""

    def look(self, page: Page, *, thorough: bool = True) -> None:
        """At the page as it is now: on a desk and on a phone, in daylight and at night, and at four widths.

        Not `thorough`: on a desk in daylight only, for the same page in another language.
        """
        where = f"{page.url} ({page.locator('html').get_attribute('lang')})"
        page.evaluate(Axe().axe_script)
        self._axe(page, where, DESK, "light", EVERYTHING)
        if thorough:
            self._axe(page, where, PHONE, "light", EVERYTHING)
            self._axe(page, where, PHONE, "dark", COLOURS)
            self._axe(page, where, DESK, "dark", COLOURS)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            self.extend(f"{where} at {width} px: sticks out: {each}" for each in page.evaluate(STICKING_OUT))
        self._set(page, DESK, "light")

    def _axe(self, page: Page, where: str, size: tuple[int, int], scheme: Scheme, options: dict[str, Any]) -> None:
        self._set(page, size, scheme)
        found = page.evaluate("options => axe.run(document, options).then(({ violations }) => violations)", options)
        for violation in found:
            for node in violation["nodes"]:
                data = [check["message"] for check in node["any"] + node["all"] + node["none"]]
                self.append(
                    f"{where} at {size[0]} px, {scheme}: {violation['id']}: {node['target']} {'; '.join(data)}\n"
                    f"    {node['html'][:160]}"
                )

    def _set(self, page: Page, size: tuple[int, int], scheme: Scheme) -> None:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    def none(self) -> None:
        """
        Raises:
            AssertionError: there were some.
        """
        assert not self, f"{len(self)} findings:\n" + "\n".join(self)
