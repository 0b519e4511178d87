"""The whole index anew, from what posts and lines say now."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from board.search.documents import line_documents, post_documents, rows_of
from board.search.index import Words, line_words, post_words

BATCH: Final = 200  # documents of one statement

Progress = Callable[[int], object]


def rebuild(posts: Any, post_tags: Any, lines: Any, progress: Progress = lambda count: None) -> None:
    """In the caller's transaction, so that nobody searches half of it. `progress` is told how many more are in.

    The querysets are those of Post, PostTag and Line; migrations have theirs.
    """
    _refill(post_words(), posts, lambda some: post_documents(some, post_tags), progress)
    _refill(line_words(), lines, line_documents, progress)


def _refill(words: Words, things: Any, documents: Callable[[Any], Any], progress: Progress) -> None:
    words.clear()
    for pks in _batches(things):
        words.put(rows_of(documents(things.filter(pk__in=pks))))
        progress(len(pks))


def _batches(things: Any) -> Iterator[list[int]]:
    """By their keys and not all at once: there may be millions."""
    last = 0
    while pks := list(things.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield pks
        last = pks[-1]
