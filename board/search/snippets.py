"""The part of a text that a query found, with the words marked."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from board.search.query import Clause
from board.search.tokens import CJK, is_cjk

BEFORE: Final = 40  # characters of context before the first hit
LENGTH: Final = 160
_ELLIPSIS: Final = "…"


def finder(clauses: Sequence[Clause]) -> re.Pattern[str] | None:
    """What the clauses look for, as an expression over text in NFC; None for nothing."""
    return re.compile("|".join(map(_expression, clauses)), re.IGNORECASE) if clauses else None


def _expression(clause: Clause) -> str:
    """Its pieces with any space between, as the index has it; Latin from the beginning of a word."""
    pieces = clause.pieces
    is_word = pieces[0][0].isalnum() and not is_cjk(pieces[0][0])
    start = rf"(?<![^\W_{CJK}])" if is_word else ""
    return start + r"\s*".join(re.escape(piece) for piece in pieces)


def marked(text: str, finder: re.Pattern[str] | None) -> SafeString:
    """All of it, escaped, with what is found in <mark>."""
    if finder is None:
        return format_html("{}", text)
    at, parts = 0, []
    for found in finder.finditer(text):
        parts.append((text[at : found.start()], found.group()))
        at = found.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), text[at:])


def snippet(text: str, finder: re.Pattern[str] | None, *, before: int = BEFORE) -> SafeString:
    """Some `LENGTH` characters around the first hit, `before` of them before it; the beginning where there is none."""
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    first = finder.search(flat) if finder else None
    start = _cut(flat, first.start() - before) if first else 0
    end = len(flat)
    if end > start + LENGTH:
        end = max(_cut(flat, start + LENGTH), first.end() if first else 0)
    head, tail = (_ELLIPSIS if start else ""), (_ELLIPSIS if end < len(flat) else "")
    return format_html("{}{}{}", head, marked(flat[start:end], finder), tail)


def _cut(text: str, at: int) -> int:
    """The beginning of the word there, unless it is a very long one."""
    if at <= 0:
        return 0
    space = text.rfind(" ", max(at - 24, 0), at)
    return space + 1 if space >= 0 else at
