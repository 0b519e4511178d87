"""Keeping the index in step with posts and lines, in the transaction that changes them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from board.search.documents import Row, line_document, line_documents, post_documents, rows_of
from board.search.index import Words, line_words, post_words

if TYPE_CHECKING:
    from rooms.models import Line


def published(pks: Sequence[int]) -> None:
    """These posts are new, saved and tagged."""
    post_words().put(_post_rows(pks))


@contextmanager
def revising(pks: Sequence[int]) -> Iterator[None]:
    """Around the saving of a change to these posts or their tags."""
    before = _post_rows(pks)
    yield
    _replace(post_words(), before, _post_rows(pks))


class LineKeeper:
    """What `rooms.words` tells."""

    def said(self, lines: "Sequence[Line]") -> None:
        documents = (line_document(line.pk, line.text, line.html, line.author_id, line.room_id) for line in lines)
        line_words().put(rows_of(documents))

    @contextmanager
    def rewording(self, pks: Sequence[int]) -> Iterator[None]:
        before = _line_rows(pks)
        yield
        _replace(line_words(), before, _line_rows(pks))


def _replace(words: Words, before: list[Row], after: list[Row]) -> None:
    if before != after:
        words.take(before)
        words.put(after)


def _post_rows(pks: Sequence[int]) -> list[Row]:
    from board.models import Post, PostTag

    return rows_of(post_documents(Post.objects.filter(pk__in=pks), PostTag.objects))


def _line_rows(pks: Sequence[int]) -> list[Row]:
    from rooms.models import Line

    return rows_of(line_documents(Line.objects.filter(pk__in=pks)))
