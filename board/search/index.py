"""Where the rows of tokens are: a table of posts' and one of lines', by the engine that the database brings.

An engine knows tokens and numbers and nothing else. Rows may be found by anything in them (`Match`), highest number
first: the newest documents, since those have the highest.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, Self

from django.db import connection

from board.search.documents import BLOCK_BITS, Row
from board.search.tokens import fact

NEWEST: Final = 1 << 62  # higher than any row's number


@dataclass(frozen=True, slots=True)
class Phrase:
    """These tokens one after the other; with `is_prefix` the last may go on."""

    tokens: tuple[str, ...]
    is_prefix: bool = False

    def whole(self) -> "Phrase":
        return replace(self, is_prefix=False)

    @classmethod
    def fact(cls, name: str) -> Self:
        return cls((fact(name),))


# Any one of these.
Choice = tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """Rows in which every one of `every` is, and nothing of `none`."""

    every: tuple[Choice, ...]
    none: Choice = ()

    def and_also(self, *choices: Choice) -> "Match":
        return replace(self, every=(*self.every, *choices))

    def whole(self) -> "Match":
        """The same with whole words only."""
        return Match(tuple(tuple(map(Phrase.whole, choice)) for choice in self.every), self.none)


class Words(Protocol):
    """The rows of one kind of document."""

    def __init__(self, table: str) -> None: ...

    def create(self) -> None: ...

    def drop(self) -> None: ...

    def clear(self) -> None: ...

    def put(self, rows: Sequence[Row]) -> None:
        """Rows that are not there."""

    def take(self, rows: Sequence[Row]) -> None:
        """Rows that are there, with the tokens that they were put with."""

    def hits(self, match: Match, *, count: int, below: int = NEWEST, above: int = 0) -> list[int]:
        """The numbers of at most `count` rows from `above` to under `below`, highest first."""


class SqliteWords:
    """A contentless FTS5 table: tokens with their places, and nothing else. Its `delete` wants the tokens again."""

    def __init__(self, table: str) -> None:
        self.table = table

    def create(self) -> None:
        # To this tokenizer whatever is not ASCII is part of a token, and so is everything that our tokens are made of.
        # Words of three letters and more are looked up by their beginnings.
        self._execute(f"CREATE VIRTUAL TABLE {self.table} USING fts5(words, content='', tokenize='ascii', prefix='3')")

    def drop(self) -> None:
        self._execute(f"DROP TABLE {self.table}")

    def clear(self) -> None:
        self._execute(f"INSERT INTO {self.table} ({self.table}) VALUES ('delete-all')")  # noqa: S608

    def put(self, rows: Sequence[Row]) -> None:
        self._write(f"INSERT INTO {self.table} (rowid, words) VALUES (%s, %s)", rows)  # noqa: S608

    def take(self, rows: Sequence[Row]) -> None:
        self._write(f"INSERT INTO {self.table} ({self.table}, rowid, words) VALUES ('delete', %s, %s)", rows)  # noqa: S608

    def hits(self, match: Match, *, count: int, below: int = NEWEST, above: int = 0) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s AND rowid < %s AND rowid >= %s "  # noqa: S608
                "ORDER BY rowid DESC LIMIT %s",
                [self._query(match), below, above, count],
            )
            return [number for (number,) in cursor.fetchall()]

    def _query(self, match: Match) -> str:
        every = " AND ".join(f"({' OR '.join(map(self._phrase, choice))})" for choice in match.every)
        none = " OR ".join(map(self._phrase, match.none))
        return f"({every}) NOT ({none})" if none else every

    def _phrase(self, phrase: Phrase) -> str:
        return f'"{" ".join(phrase.tokens)}"{" *" if phrase.is_prefix else ""}'

    def _write(self, statement: str, rows: Sequence[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(statement, [(row.id, " ".join(row.tokens)) for row in rows])

    def _execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


class PostgresWords:
    """A table of tsvectors, each written out with our tokens at our places, under a GIN index.

    GIN gives all matches at once and in no order. So that the newest of a million need not wait for the million, each
    row also has facts that say in which stretches of documents it is, short ones and long ones, and a search asks for
    the last short stretch first.
    """

    # The bits of a document's number that are left out: stretches of 1,024, 16,384 and 262,144 documents.
    STRETCHES: Final = (10, 14, 18)

    def __init__(self, table: str) -> None:
        self.table = table

    def create(self) -> None:
        self._execute(f"CREATE TABLE {self.table} (id bigint PRIMARY KEY, words tsvector NOT NULL)")
        self.create_index()

    def create_index(self) -> None:
        # Without its list of pending entries, which every search would read from its beginning to its end.
        self._execute(f"CREATE INDEX {self.table}_words ON {self.table} USING gin (words) WITH (fastupdate = off)")

    def drop(self) -> None:
        self._execute(f"DROP TABLE {self.table}")

    def clear(self) -> None:
        self._execute(f"TRUNCATE {self.table}")

    def put(self, rows: Sequence[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {self.table} (id, words) "  # noqa: S608
                "SELECT id, words::tsvector FROM unnest(%s::bigint[], %s::text[]) new (id, words)",
                [[row.id for row in rows], [self.vector(row) for row in rows]],
            )

    def take(self, rows: Sequence[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table} WHERE id = ANY(%s)", [[row.id for row in rows]])  # noqa: S608

    def vector(self, row: Row) -> str:
        """No token has a quote or a backslash in it: such signs are spelled otherwise."""
        places: defaultdict[str, list[str]] = defaultdict(list)
        for place, token in enumerate(row.tokens, 1):
            places[token].append(str(place))
        stretches = [f"'{fact(name)}'" for name in self._stretches(row.id)]
        return " ".join([*stretches, *(f"'{token}':{','.join(where)}" for token, where in places.items())])

    def _stretches(self, number: int) -> Iterable[str]:
        pk = number >> BLOCK_BITS
        return (f"s{bits}-{pk >> bits}" for bits in self.STRETCHES)

    def hits(self, match: Match, *, count: int, below: int = NEWEST, above: int = 0) -> list[int]:
        end = min(below, self._end())
        for bits in self.STRETCHES:
            last = end >> BLOCK_BITS >> bits
            if last < 2:  # the next would be as good as everything
                break
            stretch = tuple(Phrase.fact(f"s{bits}-{number}") for number in (last, last - 1))
            found = self._newest(match.and_also(stretch), count, below, above)
            if len(found) == count or (last - 1) << bits << BLOCK_BITS <= above:
                return found
        return self._newest(match, count, below, above)

    def _end(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(id) FROM {self.table}")  # noqa: S608
            return cursor.fetchone()[0] or 0

    def _newest(self, match: Match, count: int, below: int, above: int) -> list[int]:
        # `+ 0`: else it might go through the rows by their numbers and look into each.
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id FROM {self.table} WHERE words @@ %s::tsquery AND id + 0 < %s AND id + 0 >= %s "  # noqa: S608
                "ORDER BY id + 0 DESC LIMIT %s",
                [self._query(match), below, above, count],
            )
            return [number for (number,) in cursor.fetchall()]

    def _query(self, match: Match) -> str:
        every = " & ".join(f"({' | '.join(map(self._phrase, choice))})" for choice in match.every)
        none = " | ".join(map(self._phrase, match.none))
        return f"{every} & !({none})" if none else every

    def _phrase(self, phrase: Phrase) -> str:
        return " <-> ".join(f"'{token}'" for token in phrase.tokens) + (":*" if phrase.is_prefix else "")

    def _execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


ENGINES: Final[dict[str, type[Words]]] = {"sqlite": SqliteWords, "postgresql": PostgresWords}


def post_words() -> Words:
    return ENGINES[connection.vendor]("board_postwords")


def line_words() -> Words:
    return ENGINES[connection.vendor]("board_linewords")
