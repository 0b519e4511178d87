"""The one place that makes user text into HTML.

Both renderers go markdown-it-py -> our tokens and markup -> nh3 with an allow-list of exactly that markup, so a mistake
in one of the first two steps shows as missing formatting and never as a script. The HTML knows no reader and no
language: it is stored once beside the text, with `RENDERER`, and made again when that number grows.

The parsers are built once, at import, and keep nothing between calls: any thread may call any function here.
"""

import re
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from cobra.markdown.calls import PEOPLE, Calls, names_in
from cobra.markdown.cleaner import CLEANER
from cobra.markdown.code import HIGHLIGHT_LIMIT, language_name, numbered
from cobra.markdown.excerpts import excerpt_of
from cobra.markdown.parser import LINE_PARSER, POST_PARSER, Parser
from cobra.markdown.reading import reading_minutes

__all__ = [
    "HIGHLIGHT_LIMIT",
    "LINE_LIMIT",
    "POST_LIMIT",
    "RENDERER",
    "Calls",
    "excerpt",
    "language_name",
    "names_in",
    "numbered",
    "reading_minutes",
    "render_line",
    "render_post",
]

RENDERER: Final = 1
"""Version of the markup made here, stored beside it; to be raised when the same text would come out differently."""

POST_LIMIT: Final = 100_000
"""Characters of a post's body. Forms hold to it; rendering itself takes text of any length."""

LINE_LIMIT: Final = 4_000
"""Characters of a room line, likewise."""


def render_post(text: str) -> SafeString:
    """Render a post's body: CommonMark, GFM tables, task lists and strikethrough, links found in plain text.

    Headings become h2 to h4 under the post's own h1, never skipping a level. Raises nothing, whatever the text.
    """
    return _render(POST_PARSER, text)


def render_line(text: str, calls: Calls | None = None) -> SafeString:
    """Render a room line: code, emphasis, links, quotes and lists; a line break stays one. Raises nothing.

    `calls`: whom it may call by `@`. It knows afterwards who is called.
    """
    return _render(LINE_PARSER, text, {PEOPLE: calls})


def excerpt(text: str, length: int = 160) -> str:
    """Return the plain words a post's body begins with, in at most `length` characters, for cards and descriptions.

    Code blocks, tables and headings are left out. The result is not HTML: templates escape it like any other string.
    """
    return excerpt_of(printable(text), length)


def _render(parser: Parser, text: str, env: dict[str, Any] | None = None) -> SafeString:
    # Printable a second time: decoding a link's %00 for display can bring a control character back.
    html = printable(str(parser.render(printable(text), env)))
    return mark_safe(CLEANER.clean(html).strip())  # noqa: S308


# What XML 1.0 (feeds), UTF-8 or PostgreSQL cannot hold. https://www.w3.org/TR/xml/#charsets
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """Show control characters as their pictures (an escape as ␛) and what is no character at all as U+FFFD."""
    return _UNPRINTABLE.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0 < code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


# Rules are compiled at first use, into a dictionary that another thread could see half filled: use them here, while
# there is one thread.
for _parser in (POST_PARSER, LINE_PARSER):
    _render(_parser, "- [a](/) https://example.com\n\n> `a`\n\n```python\na\n```")
