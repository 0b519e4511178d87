"""How long somebody reads."""

import math
import re

# What a minute holds, reading quietly: Hangul syllables, words of letters and digits, lines of code looked over.
SYLLABLES, WORDS, LINES = 500, 230, 60
_FENCED = re.compile(r"^ *(`{3,}|~{3,})(?P<code>.*?)(^ *\1|\Z)", re.MULTILINE | re.DOTALL)
_ADDRESS = re.compile(r"\]\([^()\s]*\)?|https?://\S+")
_SYLLABLE = re.compile("[가-힣]")
_WORD = re.compile(r"[^\W가-힣]+")


def reading_minutes(text: str) -> int:
    """Whole minutes for this Markdown, one at least."""
    code = sum(match["code"].count("\n") for match in _FENCED.finditer(text))
    prose = _ADDRESS.sub(" ", _FENCED.sub("", text))
    minutes = len(_SYLLABLE.findall(prose)) / SYLLABLES + len(_WORD.findall(prose)) / WORDS + code / LINES
    return max(1, math.ceil(minutes))
