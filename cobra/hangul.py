"""What somebody means who has typed the beginning of a Korean word: its first consonants, or a syllable half made."""

import re
import unicodedata
from typing import Final

_FIRST, _LAST = ord("가"), ord("힣")
_FINALS: Final = 28  # a syllable's ends, no end among them
_PER_LEAD: Final = 21 * _FINALS
_LEADS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# Each end in Unicode's order; behind it what stays and what goes when its last consonant goes to the next syllable.
_MOVED: Final = """
    ㄱㄱ ㄲㄲ ㄳㄱㅅ ㄴㄴ ㄵㄴㅈ ㄶㄴㅎ ㄷㄷ ㄹㄹ ㄺㄹㄱ ㄻㄹㅁ ㄼㄹㅂ ㄽㄹㅅ ㄾㄹㅌ ㄿㄹㅍ ㅀㄹㅎ
    ㅁㅁ ㅂㅂ ㅄㅂㅅ ㅅㅅ ㅆㅆ ㅇㅇ ㅈㅈ ㅊㅊ ㅋㅋ ㅌㅌ ㅍㅍ ㅎㅎ
"""
_MOVES: Final = {moved[0]: moved[1:] for moved in _MOVED.split()}
_ENDS: Final = ["", *_MOVES]


def beginning(words: str) -> str:
    """A regular expression of what begins with `words`, case folded.

    A lone consonant stands for every syllable that it leads (`ㅈㅇ` finds 지우). The last syllable may be on its way to
    another: 주 to 준, and 징 to 지우, since an input method first puts the next consonant under the syllable before it.
    """
    signs = unicodedata.normalize("NFC", words).casefold()
    return "^" + "".join(map(_syllables, signs[:-1])) + _on_its_way(signs[-1:])


def _syllables(sign: str) -> str:
    if sign not in _LEADS or not sign:
        return re.escape(sign)
    start = _FIRST + _LEADS.index(sign) * _PER_LEAD
    # The sign itself as nicknames are kept: NFKC makes another character of it.
    return f"[{unicodedata.normalize('NFKC', sign)}{chr(start)}-{chr(start + _PER_LEAD - 1)}]"


def _on_its_way(sign: str) -> str:
    if not sign or not _FIRST <= ord(sign) <= _LAST:
        return _syllables(sign)
    end = (ord(sign) - _FIRST) % _FINALS
    open_syllable = ord(sign) - end
    if not end:
        return f"[{sign}-{chr(open_syllable + _FINALS - 1)}]"
    moved = _MOVES[_ENDS[end]]
    stays, moves = moved[:-1], moved[-1]
    left = chr(open_syllable + _ENDS.index(stays))
    return f"(?:{sign}|{left}{_syllables(moves)})"
