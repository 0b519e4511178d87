"""What Korean needs from Markdown: particles stick to the word before them, without a space."""

import re
from typing import Any, Final

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_core.state_core import StateCore
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

WORD_JOINER: Final = "\u2060"

_HANGUL: Final = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
_CJK: Final = re.compile(
    f"[{_HANGUL}\u2e80-\u2fdf\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff]"
)


class KoreanInline(ParserInline):
    """The inline parser, with `KoreanState` where upstream names its own class."""

    # The arguments' names are upstream's.
    def parse(self, src: str, md: Any, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Parse `src` into `tokens`, as upstream does."""
        state = KoreanState(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class KoreanState(StateInline):
    """Reads `**"인용"**은`, `**(괄호)**를` and ``**`code`**는`` as bold, which CommonMark does not.

    CommonMark lets `**` close after punctuation only where a space or more punctuation follows. Here a CJK letter may
    stand there too, before an opening run and after a closing one; nothing that was emphasis ceases to be. The rule is
    that of https://github.com/tats-u/markdown-cjk-friendly; between letters `_` stays plain, for `변수_이름`.
    """

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803
        """Say whether the run of markers at `start` may open and may close, and how long it is."""
        marker = self.src[start]
        end = start
        while end < self.posMax and self.src[end] == marker:
            end += 1
        # The edges of the text count as spaces.
        before = self.src[start - 1] if start > 0 else " "
        after = self.src[end] if end < self.posMax else " "

        mark_before, mark_after = _is_punctuation(before), _is_punctuation(after)
        space_before, space_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
        cjk_before, cjk_after = _is_cjk(before), _is_cjk(after)
        opening = not space_after and (not mark_after or space_before or mark_before or cjk_before)
        closing = not space_before and (not mark_before or space_after or mark_after or cjk_after)
        if not canSplitWord:
            opening, closing = (
                opening and (not closing or mark_before or (cjk_before and mark_after)),
                closing and (not opening or mark_after or (cjk_after and mark_before)),
            )
        return Scanned(opening, closing, end - start)


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)


def _is_cjk(character: str) -> bool:
    return _CJK.match(character) is not None


# What ends an address: quotes, brackets and marks of the sentence around it. One level of (…) may be part of it.
_STOP: Final = r"\s\x00-\x1f<>()\[\]{}\"`|\\^*“”‘’「」『』《》〈〉（）【】、。，！？：；…·"
_SCHEME: Final = re.compile(r"(?<![A-Za-z0-9.+-])https?$", re.IGNORECASE)
_ADDRESS: Final = re.compile(rf"://\w[\w.:@%~+-]*(?:[/?#](?:(?!~~)[^{_STOP}]|\([^{_STOP}]*\))*)?")
_AFTER_WORD: Final = re.compile(rf"(?<=[A-Za-z0-9)])'?[{_HANGUL}]+$")
_AFTER_SLASH: Final = re.compile(
    r"(?<=/)(?:은|는|이|가|을|를|에|에서|에는|로|으로|와|과|의|도|만|부터|까지|랑|이랑|보다|처럼|입니다|이에요|예요)$"
)
_ADDRESS_LIMIT: Final = 2_048


def bare_link(state: StateInline, silent: bool) -> bool:
    """Make links of `http://` and `https://` addresses in plain text, leaving the particle behind them outside.

    An inline rule in the place of upstream's, which uses linkify-it, for three reasons.

    Hangul. At the end of an address it is not part of it where it directly follows an ASCII letter, a digit or `)`
    (`https://example.com입니다`), or follows a slash and is a particle and nothing else (`http://localhost:8000/로`).
    Elsewhere it stays (`…/wiki/파이썬`), so `…/wiki/C언어` has to be written `<…/wiki/C언어>`.

    Names. `settings.py`, `main.rs` and `README.md` end in somebody's top-level domain, `git@github.com` is no mailbox.

    Time. Upstream's takes half a minute for 100,000 characters of `https://`. Here an address longer than 2,048
    characters stays text.

    The signs taken off the end are those of https://github.github.com/gfm/#autolinks-extension-.
    """
    if state.linkLevel > 0 or state.src[state.pos] != ":":
        return False
    scheme = _SCHEME.search(state.src[max(0, state.pos - 6) : state.pos])
    address = _ADDRESS.match(state.src, state.pos, min(state.posMax, state.pos + _ADDRESS_LIMIT))
    if scheme is None or address is None or address.end() == state.pos + _ADDRESS_LIMIT:
        return False
    rest = _AFTER_SLASH.sub("", _AFTER_WORD.sub("", address[0].rstrip("?!.,:;_~'")))
    if not silent:
        # Fails where the scheme is part of something else, as in an entity.
        if not state.pending.endswith(scheme[0]):
            return False
        state.pending = state.pending.removesuffix(scheme[0])
        _push_link(state, scheme[0] + rest)
    state.pos += len(rest)
    return True


def _push_link(state: StateInline, url: str) -> None:
    """A link that shows its address, which `info` says of it."""
    opening = state.push("link_open", "a", 1)
    opening.attrSet("href", state.md.normalizeLink(url))
    state.push("text", "", 0).content = state.md.normalizeLinkText(url)
    closing = state.push("link_close", "a", -1)
    opening.info = closing.info = "auto"


_PARENTHESIS_AND_SYLLABLE: Final = re.compile(r"\)(?=[가-힣])")
_SYLLABLE: Final = re.compile(r"[가-힣]")


def join_particles(state: StateCore) -> None:
    """Put a word joiner between `)` and a syllable, so that a line never breaks inside `(ASGI)으로` or `useState()는`.

    A core rule. Addresses that show themselves and code stay as they are, for they are copied.
    """
    for block in state.tokens:
        before = ""
        literal = 0
        for token in block.children or ():
            if token.type.endswith("break"):
                before = ""
            elif token.nesting and (token.tag == "code" or token.info == "auto"):
                literal += token.nesting
            elif token.type in ("text", "code_inline") and token.content:
                last = token.content[-1]
                if token.type == "text" and not literal:
                    if before == ")" and _SYLLABLE.match(token.content):
                        token.content = WORD_JOINER + token.content
                    token.content = _PARENTHESIS_AND_SYLLABLE.sub(f"){WORD_JOINER}", token.content)
                before = last
