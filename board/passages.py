"""The text of kept thoughts: Markdown in which `[[12]]` cites line 12 of the room.

Alone in its paragraph, a citation is the place where the line is quoted. Within words it is a small link to the line,
which is then quoted after them. Code stays as it is typed.
"""

import re
from collections.abc import Iterator
from typing import TypedDict

from cobra.markdown import render_post

CITATION = re.compile(r"\[\[(\d{1,9})\]\]")
ALONE = re.compile(r" {0,3}(?:\[\[\d{1,9}\]\][ \t]*)+")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
CODE = re.compile(r"(`+)(?:.*?[^`])?\1(?!`)")


class Passage(TypedDict, total=False):
    """Either words as HTML, or the number of the line that is quoted here."""

    html: str
    number: int


def cited_numbers(text: str) -> list[int]:
    """The numbers of the lines a text cites, each once, in the order in which they are quoted."""
    return [each["number"] for each in _parts(text) if "number" in each]


def passages_of(text: str) -> list[Passage]:
    """What a text shows, from first to last."""
    return [each if "number" in each else Passage(html=render_post(each["html"])) for each in _parts(text)]


def _parts(text: str) -> Iterator[Passage]:
    """The Markdown between the quotes (as `html`), and the quotes; every line is quoted once."""
    quoted: set[int] = set()
    owed: list[int] = []  # cited within words, to be quoted after them
    words: list[str] = []
    for line, is_code in _lines(text):
        numbers = [] if is_code else [int(number) for number in CITATION.findall(CODE.sub("", line))]
        if numbers and ALONE.fullmatch(line):
            yield from _flush(words)
            yield from _quotes([*owed, *numbers], quoted)
            owed.clear()
            continue
        owed += numbers
        words.append(line if is_code else _linked(line))
    yield from _flush(words)
    yield from _quotes(owed, quoted)


def _flush(words: list[str]) -> Iterator[Passage]:
    if text := "\n".join(words).strip("\n"):
        yield Passage(html=text)
    words.clear()


def _quotes(numbers: list[int], quoted: set[int]) -> Iterator[Passage]:
    for number in numbers:
        if number not in quoted:
            quoted.add(number)
            yield Passage(number=number)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to a fenced block of code."""
    fence = ""
    for line in text.split("\n"):
        found = FENCE.fullmatch(line)
        if not fence:
            fence = found[1] if found else ""
            yield line, bool(fence)
            continue
        yield line, True
        if found and found[1].startswith(fence) and not found[2].strip():
            fence = ""


def _linked(line: str) -> str:
    """Citations within words become links to where the line is quoted; not those in code."""
    pieces, at = [], 0
    for code in CODE.finditer(line):
        pieces += [CITATION.sub(r"[[\1]](#cited-\1)", line[at : code.start()]), code[0]]
        at = code.end()
    pieces.append(CITATION.sub(r"[[\1]](#cited-\1)", line[at:]))
    return "".join(pieces)
