"""What a tag is: one key for all its spellings."""

import re
import unicodedata
from typing import NamedTuple

from django.utils.text import slugify

MOST = 5  # tags a post
LONGEST = 30  # characters
LONGEST_KEY = 100  # characters: some signs are many once folded
# Commas of a Latin and of a Korean or Chinese keyboard, and white space: tags have no spaces, so `파이썬 장고` is two.
_BETWEEN = re.compile(r"[,、，;\s]+")
# Signs that a slug would drop, and which tell languages apart.
_SPOKEN = {"+": "-plus", "#": "-sharp", ".": "-dot-", "*": "-star"}


def tag_key(label: str) -> str:
    """NFKC and case folded, without outer spaces and `#`: `Django`, `django` and `#DJANGO` are one tag."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).casefold())
    return folded.strip().lstrip("#").strip()


def tag_slug(key: str) -> str:
    """The key as it stands in an address: `c++` is `c-plus-plus`, `파이썬` stays. Never empty, never another tag's."""
    spoken = "".join(_SPOKEN.get(sign, sign) for sign in key)
    return slugify(spoken, allow_unicode=True) or "-".join(f"{ord(sign):x}" for sign in key)


def last_word(text: str) -> tuple[list[str], str]:
    """Of what somebody is typing, the keys of the tags that are complete, and the one under way."""
    *complete, word = _BETWEEN.split(text)
    return [tag_key(label) for label in complete if label], tag_key(word)


def split_tags(text: str) -> list[str]:
    """The labels in what somebody typed, each once by its key, as first written. taggit's TAGGIT_TAGS_FROM_STRING."""
    labels: dict[str, str] = {}
    for piece in _BETWEEN.split(text):
        label = unicodedata.normalize("NFC", piece).strip().lstrip("#")
        if key := tag_key(label):
            labels.setdefault(key, label)
    return list(labels.values())


# The first consonants of Hangul syllables, in the order of Unicode: each begins 588 of them.
_FIRST = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
# And the last ones; 28 syllables differ by theirs alone, the first of them has none.
_LAST = "-ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_LONE = re.compile(r"[\u1100-\u1112ㄱ-ㅎ]")


def tag_initials(key: str) -> str:
    """The key with each syllable's first consonant in its place: `파이썬3` is `ㅍㅇㅆ3`, as people type it in haste."""
    return "".join(map(_first_of, key))


def _first_of(sign: str) -> str:
    if "가" <= sign <= "힣":
        return _FIRST[(ord(sign) - ord("가")) // 588]
    # NFKC makes of a consonant that stands alone one that waits for its vowel.
    return _FIRST[ord(sign) - 0x1100] if "\u1100" <= sign <= "\u1112" else sign


class Begun(NamedTuple):
    """The beginning of a tag as somebody types it: whole letters, and the first consonants up to where they are."""

    whole: str
    initials: str


def begun(key: str) -> Begun | None:
    """What a key may be on the way to: `ㅍㅇ`, `파ㅇ`, and `팡`, which an input method shows before `파이`.

    None where all of it is whole, as `파이` and `c++` are.
    """
    if lone := _LONE.search(key):
        return Begun(key[: lone.start()], tag_initials(key))
    last = (ord(key[-1]) - ord("가")) % 28 if key and "가" <= key[-1] <= "힣" else 0
    if not last:
        return None
    whole = key[:-1] + chr(ord(key[-1]) - last)
    return Begun(whole, tag_initials(whole) + _LAST[last])
