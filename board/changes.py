"""What changed between two versions of a text, for people to read."""

from typing import Literal, NamedTuple

from diff_match_patch import diff_match_patch

# Seconds after which the differ settles for a coarser answer.
PATIENCE = 0.5
CONTEXT = 120  # characters of what stayed that are shown on either side of a change


class Piece(NamedTuple):
    """A run of text that stayed, went or came; `gap`: something that stayed is left out here."""

    kind: Literal["same", "del", "ins", "gap"]
    text: str


def changes(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order, long unchanged parts shortened to the words around a change."""
    differ = diff_match_patch()
    differ.Diff_Timeout = PATIENCE
    found = differ.diff_main(before, after)
    differ.diff_cleanupSemantic(found)
    pieces: list[Piece] = []
    for number, (sign, text) in enumerate(found):
        if sign:
            pieces.append(Piece("ins" if sign > 0 else "del", text))
        else:
            pieces += _shortened(text, is_first=number == 0, is_last=number == len(found) - 1)
    return pieces


def _shortened(text: str, *, is_first: bool, is_last: bool) -> list[Piece]:
    head = "" if is_first else text[:CONTEXT]
    tail = "" if is_last else text[-CONTEXT:]
    if len(head) + len(tail) >= len(text):
        return [Piece("same", text)]
    # Cut between words, where there are any.
    head = head[: head.rfind(" ") + 1] or head
    tail = tail[tail.find(" ") + 1 :] or tail
    return [
        piece
        for piece in (Piece("same", head), Piece("gap", ""), Piece("same", tail))
        if piece.text or piece.kind == "gap"
    ]
