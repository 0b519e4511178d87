"""What a big community is filled with: paragraphs of real posts and lines of real rooms, each rendered once."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from e2e.site import ROOT

DEMO = ROOT / "board" / "demo"
# Says itself nowhere else, and is put into as many posts and lines however many there are.
RARE = "희귀조랑말벌레"


class Piece(NamedTuple):
    """A text with what is made of it: its markup, and the tokens it is found by."""

    text: str
    html: str
    tokens: list[str]


class Content:
    """`files`: JSON lines as `load_community` takes them; with none, the demo's own."""

    def __init__(self, files: Sequence[Path], seed: int = 4) -> None:
        self.random = random.Random(seed)
        records = list(_records(files))
        bodies = [record["body"] for record in records if "room" not in record]
        said = [record["body"] for record in records if "room" in record and record.get("kind", "line") == "line"]
        self.titles = [record["title"][:100] for record in records if "title" in record]
        self.paragraphs = [_piece(text, is_post=True) for body in bodies for text in _paragraphs(body)]
        # Half of what is said is Korean: sentences of the posts, where the rooms have none.
        sentences = [sentence for body in bodies for sentence in re.findall(r"[가-힣][^\n]{10,90}?[.?]\s", body)]
        said = said[:5_000] + self.random.sample(sentences, min(5_000, len(sentences)))
        self.lines = [_piece(text.strip(), is_post=False) for text in said]
        self.rare = _piece(f"여기에만 {RARE}가 살아요.", is_post=True)
        self.rare_line = _piece(f"{RARE}를 본 사람?", is_post=False)

    def body(self) -> list[Piece]:
        """Paragraphs of one to three kilobytes."""
        wanted, size, found = self.random.randint(1_000, 3_000), 0, []
        while size < wanted:
            found.append(piece := self.random.choice(self.paragraphs))
            size += len(piece.text.encode())
        return found


def _records(files: Sequence[Path]) -> Iterator[dict[str, str]]:
    for path in files or sorted((DEMO / "excerpt").glob("*.jsonl")):
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
    for path in sorted((DEMO / "posts").glob("*.md")):
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        yield {"title": re.findall(r"^title: (.*)$", head, re.MULTILINE)[0], "body": body}
    for path in sorted((DEMO / "rooms").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield {"room": path.stem, "body": json.loads(line)["body"]}


def _paragraphs(body: str) -> list[str]:
    """Between empty lines; code with empty lines of its own comes in parts."""
    return [text for text in re.split(r"\n\s*\n", body) if 20 < len(text) < 2_000 and "```" not in text]


def _piece(text: str, *, is_post: bool) -> Piece:
    from board.search.documents import visible
    from board.search.tokens import tokens
    from cobra.markdown import render_line, render_post

    html = render_post(text) if is_post else render_line(text)
    return Piece(text, html, tokens(visible(html, text)))
