"""What somebody typed into the search box, read.

커넥션 풀            both of these, anywhere
"커넥션 풀"          these, one after the other
-redis              not this
tag:django  category:설계  author:민서  in:room  has:code
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from accounts.querysets import UNFINISHED
from board.search.index import Phrase
from board.search.tokens import PIECE, is_cjk, tokens

LONGEST: Final = 200  # characters that are read
MOST: Final = 12  # words
# A Latin word of fewer letters is only itself: `go` is not Google.
SHORTEST_BEGINNING: Final = 3

# In both languages, as somebody may write them.
OPERATORS: Final = {
    "tag": "tag",
    "태그": "tag",
    "category": "category",
    "분류": "category",
    "author": "author",
    "글쓴이": "author",
}
FLAGS: Final = {("in", "room"): "room", ("in", "방"): "room", ("has", "code"): "code", ("has", "코드"): "code"}

_TERM: Final = re.compile(r"""(-(?=[\w"]))?(?:([^\W\d_]+):(?=\S))?(?:"([^"]*)(?:"|$)|(\S+))""")
# What ends a sentence is not looked for: 왜 바닥나요?
_SENTENCE: Final = re.compile(r"(?<=[가-힣])[?!.,…~]+$")


@dataclass(frozen=True, slots=True)
class Clause:
    """A word, or words in quotes, to be found as one phrase. `pieces`: what it is made of, as typed."""

    phrase: Phrase
    pieces: tuple[str, ...]

    @classmethod
    def of(cls, text: str, *, is_quoted: bool = False) -> "Clause | None":
        """None: there is nothing in it to look for."""
        pieces = PIECE.findall(text if is_quoted else _SENTENCE.sub("", text))
        # A particle behind Latin or a sign: React를 looks for React.
        if not is_quoted and len(pieces) > 1 and len(pieces[-1]) == 1 and is_cjk(pieces[-1]):
            pieces.pop()
        if not pieces:
            return None
        found = tuple(tokens(" ".join(pieces)))
        return cls(Phrase(found, _goes_on(pieces[-1])), tuple(pieces))


def _goes_on(last: str) -> bool:
    """Is what stands last looked for as a beginning? Pairs of syllables find longer words by themselves."""
    if is_cjk(last[0]):
        return len(last) == 1
    return last[0].isalnum() and len(last) >= SHORTEST_BEGINNING


@dataclass(frozen=True, slots=True)
class Narrowing:
    """`tag:django`, or with `is_not` `-tag:django`."""

    operator: str
    value: str
    is_not: bool


@dataclass(slots=True)
class Query:
    """`text`: as it is shown again; the rest: what it asks for."""

    text: str
    clauses: list[Clause] = field(default_factory=list)
    without: list[Clause] = field(default_factory=list)
    narrowings: list[Narrowing] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    @property
    def is_empty(self) -> bool:
        """There is nothing to look for; something to leave out may be there."""
        wanted = [each for each in self.narrowings if not each.is_not]
        return not (self.clauses or wanted or "code" in self.flags)

    @property
    def in_rooms_only(self) -> bool:
        return "room" in self.flags

    @property
    def words(self) -> str:
        """What is left without the operators: for people and tags, which have none."""
        return " ".join("".join(clause.pieces) for clause in self.clauses)


def read(text: str) -> Query:
    """Everything can be read, if only as words."""
    shown = unicodedata.normalize("NFC", text.replace("\0", "")).strip()[:LONGEST]
    asked = UNFINISHED.sub("", shown).replace("“", '"').replace("”", '"')
    query = Query(shown)
    for found in list(_TERM.finditer(asked))[:MOST]:
        _read_term(query, found)
    return query


def _read_term(query: Query, found: re.Match[str]) -> None:
    minus, operator, quoted, word = found.groups()
    value = quoted if quoted is not None else word
    name = (operator or "").casefold()
    if flag := FLAGS.get((name, value.casefold())):
        query.flags.add(flag)
    elif name in OPERATORS and value.strip():
        query.narrowings.append(Narrowing(OPERATORS[name], value.strip(), bool(minus)))
    else:
        # An unknown operator is a word like `std::vector`.
        if operator:
            value = f"{operator}:{value}"
        clause = Clause.of(value, is_quoted=quoted is not None and not operator)
        if clause:
            (query.without if minus else query.clauses).append(clause)


def as_phrase(clauses: Sequence[Clause]) -> Phrase:
    """All of them one after the other, as they were typed."""
    parts = [token for clause in clauses for token in clause.phrase.tokens]
    return Phrase(tuple(parts), clauses[-1].phrase.is_prefix)
