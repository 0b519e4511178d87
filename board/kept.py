"""Kept thoughts as a page shows them: words, and quotes read from the lines themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from board.models import Digest, Post
from board.passages import Passage, cited_numbers, passages_of
from rooms.models import Line
from rooms.querysets import Reader, folded_for


@dataclass(frozen=True)
class Quote:
    """A line of the room. `is_folded`: the reader has blocked who said it. `anchor`: a name for links, once a page."""

    line: Line
    is_folded: bool
    anchor: str


@dataclass(frozen=True)
class Section:
    """A digest: its parts in reading order, and who said what it quotes."""

    digest: Digest
    parts: list[SafeString | Quote] = field(default_factory=list)

    @property
    def quotes(self) -> list[Quote]:
        return [part for part in self.parts if isinstance(part, Quote)]

    @property
    def authors(self) -> list[User]:
        """Everybody whose words still stand here, each once."""
        said = (quote.line.author for quote in self.quotes if not quote.line.is_gone)
        return list({author.pk: author for author in said}.values())


def sections_of(digests: Iterable[Digest], reader: Reader) -> list[Section]:
    """Of digests fetched `with_quotes`. A line that two of them quote has its anchor in the first."""
    folded = folded_for(reader)
    anchors: set[int] = set()
    sections = []
    for digest in digests:
        lines = {each.line.seq: each.line for each in digest.citations.all()}
        sections.append(Section(digest, list(_parts(digest.passages, lines, folded, anchors))))
    return sections


def preview_of(post: Post, *, by: User, title: str, text: str) -> Section:
    """What somebody is still writing, as it would stand in the post."""
    digest = Digest(post=post, title=title, text=text, passages=passages_of(text), proposed_by=by)
    cited = post.room.lines.said().filter(seq__in=cited_numbers(text)).select_related("author__profile")
    return Section(digest, list(_parts(digest.passages, {line.seq: line for line in cited}, folded_for(by), set())))


def published_in(post: Post, reader: Reader) -> list[Section]:
    """What stands in the post."""
    return sections_of(Digest.objects.filter(post=post).published().with_quotes(), reader)


def _parts(
    passages: Iterable[Passage], lines: dict[int, Line], folded: frozenset[int], anchors: set[int]
) -> Iterator[SafeString | Quote]:
    for passage in passages:
        if "html" in passage:
            yield mark_safe(passage["html"])  # noqa: S308  made by cobra.markdown
        elif line := lines.get(passage["number"]):
            anchor = "" if line.seq in anchors else f"cited-{line.seq}"
            anchors.add(line.seq)
            yield Quote(line, line.author_id in folded, anchor)
