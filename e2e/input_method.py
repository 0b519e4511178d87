"""A Korean input method, as Chromium hears it: every key is 229 while a syllable is under way."""

from playwright.sync_api import CDPSession, Page


class InputMethod:
    """Types into whatever has the focus of the page."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)

    def key(self, kind: str, code: str, key: str, number: int) -> None:
        self.cdp.send(
            "Input.dispatchKeyEvent",
            {"type": kind, "code": code, "key": key, "windowsVirtualKeyCode": number},
        )

    def compose(self, *steps: str) -> None:
        """One syllable growing, key by key."""
        for step in steps:
            self.key("rawKeyDown", "KeyA", "Process", 229)
            self.cdp.send("Input.imeSetComposition", {"text": step, "selectionStart": 1, "selectionEnd": 1})
            self.key("keyUp", "KeyA", "Process", 229)

    def commit(self, text: str) -> None:
        self.cdp.send("Input.insertText", {"text": text})

    def type(self, syllables: str) -> None:
        """Whole syllables, each composed and then done with."""
        for syllable in syllables:
            self.compose(syllable)
            self.commit(syllable)

    def composing_enter(self, text: str, *, is_passed_on: bool) -> None:
        """The Enter that ends the syllable; some systems pass a second, plain one on."""
        self.key("rawKeyDown", "Enter", "Process", 229)
        self.commit(text)
        if is_passed_on:
            self.key("rawKeyDown", "Enter", "Enter", 13)
        self.key("keyUp", "Enter", "Enter", 13)
