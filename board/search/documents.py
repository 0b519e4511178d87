"""What posts and lines are found by, read from their rows: their words as people see them, and facts about them."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from board.search.tokens import BETWEEN, PIECE, fact, in_title, tokens
from cobra.markdown.korean import WORD_JOINER

# A row of the index holds as much of a body as PostgreSQL keeps the places of (16,383 in all, 255 of each token).
BLOCK: Final = 12_000  # tokens
MOST_OF_ONE: Final = 200  # times the same token
OVERLAP: Final = 32  # tokens that the next block begins with again: no phrase is cut in two
# A row's number is its document's with the number of the block in the last ten bits; newer documents have higher ones.
BLOCK_BITS: Final = 10


class Row(NamedTuple):
    """One block of a document."""

    id: int
    tokens: list[str]


@dataclass(frozen=True, slots=True)
class Document:
    """`about`: words beside the title and the body; `source`: the body's Markdown. `facts`: see `tokens.fact`."""

    pk: int
    title: str
    about: str
    source: str
    html: str
    facts: Sequence[str]

    def rows(self) -> Iterator[Row]:
        head = self._head()
        for number, block in enumerate(blocks(tokens(visible(self.html, self.source)))):
            if number >> BLOCK_BITS:
                return
            yield Row(self.pk << BLOCK_BITS | number, head + block)

    def _head(self) -> list[str]:
        title = tokens(self.title)
        facts = [fact(name) for name in self.facts]
        if "<code" in self.html:
            facts.append(fact("has-code"))
        parts = [facts, title, [in_title(token) for token in title], tokens(self.about)]
        return [token for part in parts if part for token in (*part, BETWEEN)]


def blocks(body: list[str]) -> Iterator[list[str]]:
    """A body's tokens in as many parts as it takes; one, empty, of an empty body."""
    start = 0
    counts: Counter[str] = Counter()
    for at, token in enumerate(body):
        counts[token] += 1
        if counts[token] > MOST_OF_ONE or at - start >= BLOCK:
            yield body[start:at]
            start = max(at - OVERLAP, start + 1)
            counts = Counter(body[start : at + 1])
    yield body[start:]


# What begins on a line of its own, for a reader's eye.
_BREAK: Final = re.compile(r"</?(?:p|h\d|li|ul|ol|blockquote|pre|figure|figcaption|table|tr|td|th|div|hr|br)\b[^>]*>")
_TAG: Final = re.compile(r"<[^>]*>")
_ADDRESS: Final = re.compile(r'\bhref="([^"]*)"')


def plain(markup: str) -> str:
    """The words that a reader sees of what `cobra.markdown` made."""
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup))).replace(WORD_JOINER, "")


def visible(markup: str, source: str) -> str:
    """The words, where the links among them lead, and what else was written: the language of code, say."""
    addresses = [html.unescape(address) for address in _ADDRESS.findall(markup)]
    text = "\n".join([plain(markup), *addresses])
    seen = set(PIECE.findall(text))
    return "\n".join([text, *(word for word in dict.fromkeys(PIECE.findall(source)) if word not in seen)])


# --- Read from the tables. By name, so that migrations can do it too. ---


def post_documents(posts: Any, post_tags: Any) -> Iterator[Document]:
    """`posts`, `post_tags`: querysets of Post and PostTag; two queries."""
    found = list(posts.values_list("pk", "title", "body", "body_html", "category_id", "author_id"))
    tags: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    tagged = post_tags.filter(content_object__in=[row[0] for row in found]).order_by("pk")
    for post_id, tag_id, name in tagged.values_list("content_object_id", "tag_id", "tag__name"):
        tags[post_id].append((tag_id, name))
    for pk, title, source, markup, category_id, author_id in found:
        facts = [f"c{category_id}", f"a{author_id}", *(f"t{tag_id}" for tag_id, _name in tags[pk])]
        yield Document(pk, title, "\n".join(name for _tag_id, name in tags[pk]), source, markup, facts)


def line_documents(lines: Any) -> Iterator[Document]:
    """`lines`: a queryset of Line; those that say nothing (any more) have no document."""
    said = lines.filter(kind="said", deleted_at=None, hidden_at=None)
    for row in said.values_list("pk", "text", "html", "author_id", "room_id"):
        yield line_document(*row)


def line_document(pk: int, source: str, markup: str, author_id: int, room_id: int) -> Document:
    return Document(pk, "", "", source, markup, [f"a{author_id}", f"r{room_id}"])


def rows_of(documents: Iterable[Document]) -> list[Row]:
    return [row for document in documents for row in document.rows()]
