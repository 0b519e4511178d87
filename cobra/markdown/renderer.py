"""The markup of what we read. Whatever is emitted here has to be allowed in `cleaner`."""

from collections.abc import Sequence
from typing import Final

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from cobra.markdown.code import figure

_LABEL_LIMIT: Final = 80
_ALIGNMENT: Final = {"text-align:right": ' class="num"', "text-align:center": ' class="center"'}


def plain_text(tokens: Sequence[Token]) -> str:
    """Return the words of inline tokens: links and images by their words, line breaks as spaces.

    A space goes before a <sup>, which in Korean texts is the foreign word for the one before it.
    """
    words: list[str] = []
    for token in tokens:
        if token.type in ("text", "code_inline"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or (token.type == "tag_open" and token.tag == "sup"):
            words.append(" ")
        elif token.type == "image":
            words.append(plain_text(token.children or ()))
    return "".join(words)


class Renderer(RendererHTML):
    """Upstream's renderer with our code blocks, tables and task lists. Each method renders the token of its name."""

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a fenced code block."""
        return figure(tokens[idx].content, tokens[idx].info, env)

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render an indented code block."""
        return figure(tokens[idx].content, "", env)

    def list_item_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a list item. A task's state is text, not a form control that nobody could use or name."""
        checked = tokens[idx].meta.get("checked")
        if checked is None:
            return "<li>"
        return '<li class="task done"><span>☑</span> ' if checked else '<li class="task"><span>☐</span> '

    def bullet_list_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a list's start, without upstream's class for task lists."""
        return "<ul>\n"

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a table's start, in a box that can be scrolled from the keyboard and is named after the columns."""
        cells: list[str] = []
        for token in tokens[idx:]:
            if token.type == "inline" and (cell := plain_text(token.children or ()).strip()):
                cells.append(cell)
            elif token.type == "tr_close" and cells:
                break
        label = escapeHtml(", ".join(cells)[:_LABEL_LIMIT] or "…")
        return f'<div class="tbl" tabindex="0" role="group" aria-label="{label}"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a table's end."""
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a header cell's start. An empty one heads nothing and is a plain cell."""
        name = 'th scope="col"' if tokens[idx + 1].content else "td"
        return f"<{name}{_alignment(tokens[idx])}>"

    def th_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a header cell's end."""
        return "</th>\n" if tokens[idx - 1].content else "</td>\n"

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a cell's start."""
        return f"<td{_alignment(tokens[idx])}>"


def _alignment(cell: Token) -> str:
    return _ALIGNMENT.get(str(cell.attrs.get("style", "")), "")
