"""The beginning of a post in plain words."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from markdown_it.token import Token

from cobra.markdown.korean import WORD_JOINER
from cobra.markdown.parser import POST_PARSER
from cobra.markdown.renderer import plain_text

_ELLIPSIS: Final = "…"
# Enough source for the words of a card, unless a post begins with a long listing.
_BEGINNING: Final = 4_000
# How far back to look for a space before cutting a word.
_WORD: Final = 24


def excerpt_of(text: str, length: int) -> str:
    """Return at most `length` characters of words from the beginning of `text`, which holds no lone surrogates."""
    words = _words(text[:_BEGINNING])
    if len(words) <= length and len(text) > _BEGINNING:
        words = _words(text)
    return words if len(words) <= length else _cut(words, length)


def _words(text: str) -> str:
    blocks = " ".join(plain_text(token.children or ()) for token in _paragraphs(POST_PARSER.parse(text)))
    return " ".join(unicodedata.normalize("NFC", blocks).replace(WORD_JOINER, "").split())


def _paragraphs(tokens: Iterable[Token]) -> Iterator[Token]:
    """Yield the inline tokens outside of tables and headings; code blocks have none."""
    left_out = 0
    for token in tokens:
        if token.type == "inline" and not left_out:
            yield token
        elif token.type.startswith(("table_", "heading_")):
            left_out += token.nesting


def _cut(text: str, length: int) -> str:
    end = max(length - len(_ELLIPSIS), 0)
    space = text.rfind(" ", max(end - _WORD, 1), end + 1)
    if space > 0:
        end = space
    else:
        while end > 0 and _joins(text[end - 1], text[end]):
            end -= 1
    return text[:end].rstrip(" ,.;:·") + _ELLIPSIS if length > 0 else ""


def _joins(before: str, after: str) -> bool:
    """Tell whether a reader sees the two characters as one sign: an accent, an emoji of several parts, half a flag.

    Close to the rules of https://unicode.org/reports/tr29/ and on the safe side: of a row of flags it cuts none.
    """
    joiner = "\u200d"
    return (
        unicodedata.category(after).startswith("M")
        or joiner in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or ("\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff")
        or ("\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff")
    )
