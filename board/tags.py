"""What a tag is: one key for all its spellings."""

import re
import unicodedata

from django.utils.text import slugify

MOST = 5  # tags a post
LONGEST = 30  # characters
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


def tag_initials(key: str) -> str:
    """The key with each syllable's first consonant in its place: `파이썬3` is `ㅍㅇㅆ3`, as people type it in haste."""
    return "".join(_FIRST[(ord(sign) - 0xAC00) // 588] if "가" <= sign <= "힣" else sign for sign in key)
