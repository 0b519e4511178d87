"""What we read from Markdown: which rules are on, and the few of our own."""

import re
import unicodedata
from collections.abc import Container, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core.state_core import StateCore
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token

from cobra.markdown.calls import call_people
from cobra.markdown.korean import KoreanInline, bare_link, join_particles
from cobra.markdown.renderer import Renderer, plain_text

# Upstream's own default for CommonMark. Beyond this depth of quotes and lists (a list counts twice) text is dropped; it
# bounds Python's stack, and the time that unclosed brackets take.
_NESTING: Final = 20


class Parser(MarkdownIt):
    """markdown-it-py with our links, Korean and images. Raw HTML is text."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Build a parser with every rule of CommonMark, tables and strikethrough on."""
        super().__init__("js-default", {"maxNesting": _NESTING, "html": False, **options}, renderer_cls=Renderer)
        self.inline = KoreanInline()
        self.inline.ruler.at("linkify", bare_link)
        self.core.ruler.push("images_as_links", images_as_links)
        self.core.ruler.push("join_particles", join_particles)

    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Tell whether `url`, normalised and with its entities decoded, may be the target of a link."""
        return is_safe_target(url)


_TARGET: Final = re.compile(r"https?://[^/]|mailto:.|/(?![/\\])|#", re.IGNORECASE)


def is_safe_target(url: str) -> bool:
    """Tell whether `url` is http, https or mailto, a path of this site or a place on this page.

    `//host` and `/\\host` are other sites for a browser.
    """
    return _TARGET.match(url) is not None


def images_as_links(state: StateCore) -> None:
    """Turn images into links, and give links without words their address to show. A core rule."""
    for block in state.tokens:
        if block.children:
            block.children = _with_named_links(block.children)


def _with_named_links(tokens: Sequence[Token]) -> list[Token]:
    named: list[Token] = []
    start: int | None = None
    for token in tokens:
        if token.type == "image":
            # A link in a link is no HTML: a badge that links somewhere is the link's words.
            named.extend(_image_link(token) if start is None else [_text(_image_name(token))])
            continue
        if token.type == "link_open":
            start = len(named)
        elif token.type == "link_close" and start is not None:
            if not plain_text(named[start:]).strip():
                named.append(_text(str(named[start].attrs.get("href", ""))))
            start = None
        named.append(token)
    return named


def _image_link(image: Token) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"class": "image", "href": image.attrs.get("src", "")})
    if "title" in image.attrs:
        opening.attrSet("title", str(image.attrs["title"]))
    return [opening, _text(_image_name(image)), Token("link_close", "a", -1)]


def _image_name(image: Token) -> str:
    """Return what stands for an image: its description, else the name of its file, else its address."""
    address = str(image.attrs.get("src", ""))
    return plain_text(image.children or ()).strip() or unquote(address.rpartition("/")[2]) or address


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


TAGS: Final = ("b", "code", "del", "em", "i", "ins", "kbd", "mark", "s", "small", "strong", "sub", "sup", "u")
"""What people write where Markdown has no sign for it. Without attributes these can do no more than Markdown can."""

_TAG: Final = re.compile(rf"<(?:(/?)({'|'.join(TAGS)})|br */?)>", re.IGNORECASE)
_TAG_DEPTH: Final = 20


def inline_tag(state: StateInline, silent: bool) -> bool:
    """Read `<br>`, and opening and closing tags of the allow-list as text that `pair_tags` may lift. An inline rule."""
    match = _TAG.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        if match[2] is None:
            state.push("hardbreak", "br", 0)
        else:
            token = state.push("text", "", 0)
            token.content = match[0]
            token.meta = {"tag": match[2].lower(), "closes": bool(match[1])}
    state.pos = match.end()
    return True


def pair_tags(state: StateInline) -> None:
    """Make elements of the tags that open and close within the same element; the others stay text.

    Runs after emphasis.
    """
    around: list[list[Token]] = []
    waiting: list[Token] = []
    for token in state.tokens:
        if token.nesting > 0:
            around.append(waiting)
            waiting = []
        elif token.nesting < 0:
            waiting = around.pop() if around else []
        elif "tag" in token.meta:
            _pair(token, waiting)


def _pair(token: Token, waiting: list[Token]) -> None:
    """Let a tag wait for its end, or end the last one of its name; those between them will never end."""
    name = token.meta["tag"]
    if not token.meta["closes"]:
        # Bounded, so that what follows does not search thousands of tags that nobody closed.
        if len(waiting) < _TAG_DEPTH:
            waiting.append(token)
    elif any(tag.meta["tag"] == name for tag in waiting):
        while (opening := waiting.pop()).meta["tag"] != name:
            pass
        _become_element(opening, 1)
        _become_element(token, -1)


def _become_element(token: Token, nesting: Any) -> None:
    token.type = "tag_open" if nesting > 0 else "tag_close"
    token.tag = token.meta["tag"]
    token.nesting = nesting
    token.content = ""


def shape_headings(state: StateCore) -> None:
    """Fit headings under the post's own h1 and name them. A core rule.

    They become h2 to h4 by their place in the outline, not by their number of `#`, so that no level is skipped. Each
    gets an id, `h-` and its words, and links to `#its-words` lead there. A heading without words is left out.
    """
    kept: list[Token] = []
    outline: list[int] = []
    names: dict[str, int] = {}
    tokens = iter(state.tokens)
    for token in tokens:
        if token.type != "heading_open":
            kept.append(token)
            continue
        words, closing = next(tokens), next(tokens)
        text = plain_text(words.children or ())
        if not text.strip():
            continue
        level = int(token.tag[1])
        while outline and outline[-1] >= level:
            outline.pop()
        outline.append(level)
        token.tag = closing.tag = f"h{min(1 + len(outline), 4)}"
        token.attrSet("id", f"h-{_unique(_slug(text), names)}")
        kept += [token, words, closing]
    state.tokens = kept
    _lead_links(kept, names)


def _lead_links(tokens: list[Token], names: Container[str]) -> None:
    """To the headings of these names."""
    for token in tokens:
        for child in token.children or ():
            target = str(child.attrs.get("href", "")) if child.type == "link_open" else ""
            if target.startswith("#") and (slug := _slug(unquote(target[1:]))) in names:
                child.attrSet("href", f"#h-{quote(slug)}")


def keep_words(state: StateCore) -> None:
    """Show a text that is nothing but markup, such as `+` or an open fence, as it was typed. A core rule."""
    typed = state.src.strip()
    if typed and not any(token.content.strip() for token in state.tokens):
        words = Token("inline", "", 0, content=typed, children=[_text(typed)])
        state.tokens = [Token("paragraph_open", "p", 1), words, Token("paragraph_close", "p", -1)]


def _slug(text: str) -> str:
    text = re.sub(r"[^\w\s-]", "", unicodedata.normalize("NFC", text).lower())
    return re.sub(r"\s+", "-", text.strip())[:60]


def _unique(slug: str, names: dict[str, int]) -> str:
    """Return `slug`, or `slug-2`, `slug-3`… where an earlier heading has it, noting it in `names`."""
    candidate = slug = slug or "section"
    while candidate in names:
        names[slug] += 1
        candidate = f"{slug}-{names[slug]}"
    names[candidate] = 1
    return candidate


def _post_parser() -> Parser:
    parser = Parser({"tasklists": True})
    parser.inline.ruler.before("autolink", "inline_tag", inline_tag)
    parser.inline.ruler2.after("emphasis", "pair_tags", pair_tags)
    parser.core.ruler.before("join_particles", "shape_headings", shape_headings)
    return parser


def _line_parser() -> Parser:
    # What is said in a room is shown as said: a "# " or "---" is no structure, an indent no code, and a
    # "[name]: address" no definition that vanishes.
    parser = Parser({"breaks": True})
    parser.disable(["code", "heading", "lheading", "hr", "reference", "table"])
    parser.core.ruler.push("keep_words", keep_words)
    parser.core.ruler.push("call_people", call_people)
    return parser


POST_PARSER: Final = _post_parser()
LINE_PARSER: Final = _line_parser()
