"""Posts and lines that a query finds, for one reader: best first."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db.models import Q

from accounts.models import User
from board.models import Category, Post, Tag
from board.search.documents import BLOCK_BITS
from board.search.index import NEWEST, Choice, Match, Phrase, Words, line_words, post_words
from board.search.query import Clause, Narrowing, Query, as_phrase
from board.search.tokens import in_title, normal
from board.tags import tag_key
from rooms.models import Line
from rooms.querysets import Reader

if TYPE_CHECKING:
    from datetime import datetime

COUNTED: Final = 1_000  # results; what is more is not counted
TITLED: Final = 200  # candidates with the words in their title, however old
# Rows of the index looked at when hardly any of them are for this reader.
LOOKED_AT: Final = 10_000


class Hit(NamedTuple):
    """A candidate and what it is ranked by, best highest."""

    in_title: bool
    is_close: bool
    at: "datetime"
    pk: int


@dataclass(frozen=True)
class Hits:
    """`pks`: best first. `has_more`: there are more than these."""

    pks: Sequence[int] = ()
    has_more: bool = False

    def __len__(self) -> int:
        return len(self.pks)


@dataclass(frozen=True)
class Search:
    """A query as it can be put to the index: what its operators name is looked up. `unknown`: what names nothing."""

    query: Query
    reader: Reader
    facts: tuple[Choice, ...] = ()
    none: Choice = ()
    # Of lines, what their posts are narrowed by.
    posts_q: Q = field(default_factory=Q)
    unknown: Narrowing | None = None

    @property
    def finds_nothing(self) -> bool:
        return (self.query.is_empty and not self.facts) or self.unknown is not None


def search(query: Query, reader: Reader, *, facts: Sequence[str] = ()) -> Search:
    """Look up what the operators name, one small query each. `facts`: what else has to be so (`tokens.fact`)."""
    none = tuple(clause.phrase for clause in query.without)
    made = Search(query, reader, tuple((Phrase.fact(name),) for name in facts), none)
    if "code" in query.flags:
        made = replace(made, facts=(*made.facts, (Phrase.fact("has-code"),)))
    for each in query.narrowings:
        if (name := _NAMES[each.operator](each.value, reader)) is None:
            return replace(made, unknown=each)
        made = _narrowed(made, each, name)
    return made


def _narrowed(made: Search, by: Narrowing, name: str) -> Search:
    phrase = Phrase.fact(name)
    if by.operator != "author":  # a line has its own author, and its post's tags
        posts = Post.objects.order_by().filter(**{"tags" if by.operator == "tag" else "category": int(name[1:])})
        at_post = Q(room__in=posts.values("pk"))
        made = replace(made, posts_q=made.posts_q & (~at_post if by.is_not else at_post))
    if by.is_not:
        return replace(made, none=(*made.none, phrase))
    return replace(made, facts=(*made.facts, (phrase,)))


def _tag(value: str, _reader: Reader) -> str | None:
    found = Tag.objects.filter(key=tag_key(value)).values_list("pk", flat=True).first()
    return f"t{found}" if found else None


def _category(value: str, _reader: Reader) -> str | None:
    wanted = normal(value)
    found = (each.pk for each in Category.objects.all() if wanted in map(normal, _names_of(each)))
    return f"c{pk}" if (pk := next(found, None)) else None


def _author(value: str, reader: Reader) -> str | None:
    found = User.objects.visible_to(reader).named(value).values_list("pk", flat=True).first()
    return f"a{found}" if found else None


_NAMES: Final[dict[str, Callable[[str, Reader], str | None]]] = {"tag": _tag, "category": _category, "author": _author}


def _names_of(category: Category) -> tuple[str, str, str]:
    return category.slug, category.name_ko, category.name_en


# --- Posts ---


def find_posts(search: Search, *, count: int = COUNTED) -> Hits:
    """At most `count` of the newest that this reader may see, with what has the words in its title among them."""
    if search.finds_nothing or search.query.in_rooms_only:
        return Hits()
    clauses = search.query.clauses
    shelves = list(Category.objects.all()) if clauses else []
    match = Match((*(_anywhere(clause, shelves) for clause in clauses), *search.facts), search.none)
    match = _enough(post_words(), match, count)
    visible = Post.objects.visible_to(search.reader)

    def seen(pks: Iterable[int]) -> dict[int, Any]:
        return dict(visible.filter(pk__in=list(pks)).values_list("pk", "created_at").order_by())

    found, has_more = _newest(post_words(), match, seen, count)
    titled = set(_docs(post_words().hits(_in_title(match, clauses), count=min(TITLED, count))) if clauses else ())
    close = _close(post_words(), match, clauses, found)
    found |= seen(pk for pk in titled if pk not in found)
    ranked = sorted((Hit(pk in titled, pk in close, at, pk) for pk, at in found.items()), reverse=True)
    return Hits([hit.pk for hit in ranked[:count]], has_more or len(ranked) > count)


def _anywhere(clause: Clause, shelves: list[Category]) -> Choice:
    """In a post; or it is on a shelf that is called so."""
    wanted = normal("".join(clause.pieces))
    named = [each for each in shelves if any(wanted in normal(name) for name in (each.name_ko, each.name_en))]
    return (clause.phrase, *(Phrase.fact(f"c{each.pk}") for each in named if len(wanted) > 1))


def _in_title(match: Match, clauses: Sequence[Clause]) -> Match:
    words, facts = match.every[: len(clauses)], match.every[len(clauses) :]
    titled = (replace(phrase, tokens=tuple(map(in_title, phrase.tokens))) for phrase, *_shelves in words)
    return Match((*((phrase,) for phrase in titled), *facts), match.none)


def _close(words: Words, match: Match, clauses: Sequence[Clause], found: Collection[int]) -> set[int]:
    """Those in which several words stand as they were typed, one after the other.

    Not looked for further back than the last of them: two frequent words may stand together nowhere.
    """
    if len(clauses) < 2 or not found:
        return set()
    together, last = match.and_also((as_phrase(clauses),)), min(found) << BLOCK_BITS
    return set(_docs(words.hits(together, count=2 * len(found), above=last)))


# --- Lines ---


def find_lines(search: Search, *, count: int = COUNTED) -> Hits:
    """At most `count` of the newest that this reader may see and that nobody said whom they have blocked."""
    if search.finds_nothing:
        return Hits()
    reader, clauses = search.reader, search.query.clauses
    match = Match((*((clause.phrase,) for clause in clauses), *_facts_of_lines(search)), _none_of_lines(search))
    if not match.every:
        return Hits()
    match = _enough(line_words(), match, count)
    lines = Line.objects.visible_to(reader).filter(search.posts_q, deleted_at=None, hidden_at=None)
    if isinstance(reader, User):
        lines = lines.exclude(author__in=reader.folded)

    def seen(pks: Iterable[int]) -> dict[int, Any]:
        return dict(lines.filter(pk__in=list(pks)).values_list("pk", "created_at").order_by())

    found, has_more = _newest(line_words(), match, seen, count)
    close = _close(line_words(), match, clauses, found)
    ranked = sorted((Hit(False, pk in close, at, pk) for pk, at in found.items()), reverse=True)
    return Hits([hit.pk for hit in ranked], has_more)


def _facts_of_lines(search: Search) -> tuple[Choice, ...]:
    return tuple(choice for choice in search.facts if not _is_of_posts(choice[0]))


def _none_of_lines(search: Search) -> Choice:
    return tuple(phrase for phrase in search.none if not _is_of_posts(phrase))


def _is_of_posts(phrase: Phrase) -> bool:
    return phrase.tokens[0][:2] in _OF_POSTS


_OF_POSTS: Final = {Phrase.fact(kind).tokens[0] for kind in "ct"}


# --- Both ---


def _docs(numbers: Iterable[int]) -> list[int]:
    """The documents that these rows are blocks of, each once, newest first."""
    return list(dict.fromkeys(number >> BLOCK_BITS for number in numbers))


def _enough(words: Words, match: Match, count: int) -> Match:
    """The match with whole words only, where those are more than are asked for.

    Beginnings of words are put together out of all the words that begin so, before the first is known.
    """
    whole = match.whole()
    return whole if whole != match and len(words.hits(whole, count=count + 1)) > count else match


def _newest(
    words: Words, match: Match, seen: Callable[[Iterable[int]], dict[int, Any]], count: int
) -> tuple[dict[int, Any], bool]:
    """The newest `count` that are `seen`, and whether there are more.

    What this reader may not see is passed over, in steps that grow, up to `LOOKED_AT` rows.
    """
    found: dict[int, Any] = {}
    below, step, looked_at = NEWEST, count + 1, 0
    while looked_at < LOOKED_AT:
        numbers = words.hits(match, count=step, below=below)
        found |= seen(_docs(numbers))
        if len(numbers) < step or len(found) > count:
            break
        below, looked_at, step = numbers[-1], looked_at + step, step * 3
    newest = dict(sorted(found.items(), key=lambda item: -item[0])[:count])
    return newest, len(found) > count
