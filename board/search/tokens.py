"""A text as the tokens it is found by: made here once, for both engines, for what is written and what is asked.

A run of Hangul, Han or Kana becomes its overlapping pairs (커넥션: 커넥, 넥션), so that a part of a longer word is
found as a phrase of tokens; a single syllable stands alone. Latin letters and digits make words. Every other sign is a
token of its own: `useEffect(`, `C++` and `a->b` are phrases like any others.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

# Jamo, syllables, kana, ideographs.
CJK: Final = (
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7ff"
    "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
PIECE: Final = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+|[^\s\w]|_")
LONGEST: Final = 64  # characters of a token; engines know limits of their own

# Where one field ends and the next begins: no phrase goes across. Private use, as are the next three: no text has them
# as part of a longer token.
BETWEEN: Final = "\uf8fd"
_TITLE: Final = "\uf8fe"
_FACT: Final = "\uf8ff"
# ASCII signs are spelled in private use too: the engines would drop some, and read others as their own syntax.
_SIGNS: Final = 0xE000


def normal(text: str) -> str:
    """NFC and case folded."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def tokens(text: str) -> list[str]:
    return list(_tokens(PIECE.findall(normal(text))))


def _tokens(pieces: list[str]) -> Iterator[str]:
    for piece in pieces:
        first = piece[0]
        if first < "\x80" and not first.isalnum():
            yield chr(_SIGNS + ord(first))
        elif not is_cjk(first):
            yield piece[:LONGEST]
        elif len(piece) == 1:
            yield piece
        else:
            yield from map("".join, itertools.pairwise(piece))


_CJK_SIGN: Final = re.compile(rf"[{CJK}]")


def is_cjk(sign: str) -> bool:
    return sign >= "\u1100" and bool(_CJK_SIGN.match(sign))


def in_title(token: str) -> str:
    """The token as it stands in a title, where it is kept a second time.

    PostgreSQL's index knows no weights: what stands in few titles and in most bodies would have it read most rows.
    """
    return _TITLE + token


def fact(name: str) -> str:
    """Something to be found by that is no word: `c7`, of the category 7."""
    return _FACT + name
