"""What the renderer promises of its HTML, and what is read in it, for tests."""

import re
from html import unescape
from html.parser import HTMLParser

REL = "nofollow ugc noopener"

TARGET = re.compile(r"https?://[^/]|mailto:|/(?![/\\])|#|$", re.IGNORECASE)

TEXT_TAGS = (
    "b blockquote br code del em figcaption hr i ins kbd mark p s small strong sub sup table tbody thead tr u ul"
)

ATTRIBUTES: dict[str, dict[str, str]] = {
    **{tag: {} for tag in TEXT_TAGS.split()},
    "a": {"class": "image", "href": ".*", "rel": REL, "title": ".*"},
    "div": {"class": "tbl", "tabindex": "0", "role": "group", "aria-label": ".+"},
    "figure": {"class": "code"},
    "h2": {"id": r"h-\S+"},
    "h3": {"id": r"h-\S+"},
    "h4": {"id": r"h-\S+"},
    "li": {"class": "task( done)?"},
    "ol": {"start": r"\d+"},
    "pre": {"tabindex": "0", "role": "group", "aria-label": ".+"},
    "span": {"class": "[a-z0-9]{1,3}"},
    "td": {"class": "num|center"},
    "th": {"class": "num|center", "scope": "col"},
}


class Inspector(HTMLParser):
    """Reads HTML as a browser would and refuses what the renderer does not promise."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            assert re.fullmatch(ATTRIBUTES[tag][name], value or "", re.DOTALL), (tag, name, value)
            if name == "href":
                assert TARGET.match(value or ""), value
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def words(html: str) -> str:
    return Inspector(html).words


def targets(html: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]*)"', html)]
