"""Code blocks: which language, which caption, which colours."""

import logging
import re
import time
from functools import lru_cache
from itertools import count
from typing import Final

import pygments
from markdown_it.common.utils import escapeHtml
from markdown_it.utils import EnvType
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name, find_lexer_class_for_filename, get_lexer_by_name
from pygments.util import ClassNotFound

HIGHLIGHT_LIMIT: Final = 10 * 1024
"""Characters of a code block; a longer one is shown without colours."""

# Of one thread, for all blocks of a document. Many lexers are quadratic in runs of some sign (C in empty lines); real
# posts take a tenth of this.
_SECONDS: Final = 1.0
_SPENT: Final = "seconds_of_colouring"

_CAPTION_LIMIT: Final = 80
_NAME_LIMIT: Final = 40

logger = logging.getLogger(__name__)

_WORDS: Final = re.compile(r"""\{[^}]*\}|[\w-]+="[^"]*"|[\w-]+='[^']*'|\S+""")
_TITLES: Final = frozenset({"title", "filename", "file", "name"})
_FILE: Final = re.compile(r"[^{}=]*[./][^{}=]*")

# A lexer is a set of regular expressions by somebody else, and a match holds the interpreter: nothing can end it. In
# some (devicetree, Janet, Maple) a block of one repeated sign is a match of half a minute and more. So only these are
# used, each tried on blocks of some ninety signs repeated; the slowest single match (MATLAB) took 2.3 s, most take
# milliseconds.
_NAMES: Final = """
    ada apacheconf applescript arduino awk bash batch bnf c clojure cmake cobol coffeescript common-lisp console coq
    cpp cr csharp css css+django cuda cython d dart delphi diff django docker ebnf elixir elm emacs-lisp erb erlang
    fish forth fortran fsharp gas gdscript gherkin gleam glsl go graphql groovy haml haskell haxe hlsl html
    html+django html+php http idris iex ini java javascript json jsonnet jsx julia kotlin lean4 less liquid llvm lua
    make markdown mathematica matlab meson mojo mysql nasm nginx nimrod nixos objective-c ocaml perl php plpgsql
    postgresql postscript powershell prolog promql properties protobuf psql pug purescript pwsh-session pycon pytb
    python qml racket rbcon rconsole reasonml rego restructuredtext robotframework ruby rust sass scala scheme scss
    sed smalltalk solidity sparql splus sql sqlite3 stata swift systemd systemverilog tcl terraform tex thrift toml
    tsx turtle typescript typst vb.net verilog vhdl vim vyper wast wgsl xml xslt yaml yaml+jinja zig
"""
_LANGUAGES: Final = frozenset(_NAMES.split())

# Written on fences, unknown to Pygments under this name.
_NICKNAMES: Final = {"jsonc": "json", "plaintext": "text", "svelte": "html", "vue": "html"}


def language_name(info: str) -> tuple[str, str]:
    """Resolve what stands behind a fence into (Pygments alias, caption).

    The caption is the file where one is named, else the language as it was written, else "text":

    >>> language_name("py title=rooms/views.py")
    ('python', 'rooms/views.py')
    >>> language_name("js {1,3} App.js")
    ('javascript', 'App.js')
    """
    first, *others = _WORDS.findall(info) or [""]
    name, colon, file = first.strip("{}.").partition(":")
    files = [file] if colon else []
    if first.partition("=")[0].lower() in _TITLES:
        name, others = "", [first, *others]
    for word in others:
        key, equals, value = word.partition("=")
        files.append(value.strip("\"'") if equals and key.lower() in _TITLES else word if _FILE.fullmatch(word) else "")
    title = next(filter(None, files), "")[:_CAPTION_LIMIT]
    alias = _alias(name[:_NAME_LIMIT].lower()) or _alias_of_file(title)
    written = name if _FILE.fullmatch(name) else name.lower()
    return alias or "text", title or written[:_CAPTION_LIMIT] or "text"


def figure(code: str, info: str, env: EnvType) -> str:
    """Return the markup of a code block; `code` ends with the line break before the closing fence.

    `env` is the document's: it keeps the seconds that its blocks have taken so far.
    """
    alias, caption = language_name(info)
    label = escapeHtml(caption)
    return (
        f'<figure class="code"><figcaption><span>{label}</span></figcaption><pre tabindex="0" role="group" '
        f'aria-label="{label}"><code>{_coloured(code.removesuffix("\n"), alias, env)}</code></pre></figure>\n'
    )


_BLOCK: Final = re.compile(r"(<pre\b[^>]*><code>)(.*?)(</code></pre>)", re.DOTALL)


def numbered(html: str, name: str) -> str:
    """Give every row of the code in rendered `html` an id: `name-L1` and so on, in the second block `name-2-L1`.

    Colours end with their row, so a row is an element of its own. For what is shown: stored HTML has no ids of rows.
    """
    blocks = count(1)

    def number(match: re.Match[str]) -> str:
        block = next(blocks)
        prefix = name if block == 1 else f"{name}-{block}"
        rows = match[2].split("\n")
        return (
            match[1] + "\n".join(f'<span id="{prefix}-L{n}">{row}</span>' for n, row in enumerate(rows, 1)) + match[3]
        )

    return _BLOCK.sub(number, html) if "<pre" in html else html


_FORMATTER: Final = HtmlFormatter[str](nowrap=True)

# Spans that nobody colours: spaces, names, punctuation; what is no token of the language (an excerpt is not wrong); and
# token types of a lexer's own.
_PLAIN: Final = re.compile(r'<span class="(?:w|n|nx|p|err|-[^"]*)">([^<]*)</span>')

_JSX: Final = re.compile(r"</|/>")


def _coloured(code: str, alias: str, env: EnvType) -> str:
    """Return `code` as HTML, in colours unless it is too long or its document has had its share of time."""
    spent: float = env.get(_SPENT, 0.0)
    if alias == "text" or len(code) > HIGHLIGHT_LIMIT or spent > _SECONDS:
        return escapeHtml(code)
    if alias == "javascript" and _JSX.search(code):
        alias = "jsx"
    # The first lexer of a language compiles its expressions, which is not this document's time.
    lexer = get_lexer_by_name(alias, stripnl=False)
    start = time.thread_time()
    deadline = start + _SECONDS - spent
    tokens = []
    try:
        for token in lexer.get_tokens(f"{code}\n"):
            if time.thread_time() > deadline:
                return escapeHtml(code)
            tokens.append(token)
    except Exception:
        # Somebody else's mistake costs the colours, not the post.
        logger.exception("The lexer %s failed.", alias)
        return escapeHtml(code)
    finally:
        env[_SPENT] = spent + time.thread_time() - start
    html = pygments.format(tokens, _FORMATTER).removesuffix("\n")
    return _PLAIN.sub(r"\1", html)


@lru_cache(maxsize=512)
def _alias(name: str) -> str:
    """Return Pygments' first alias of a language, given any alias or file extension in lower case.

    "" where there is no such language, or none that we colour.
    """
    try:
        return _known(find_lexer_class_by_name(_NICKNAMES.get(name, name)))
    except ClassNotFound:
        return _alias_of_file(f"x.{name}")


@lru_cache(maxsize=512)
def _alias_of_file(path: str) -> str:
    return _known(find_lexer_class_for_filename(path))


def _known(lexer: type[Lexer] | None) -> str:
    return next((alias for alias in lexer.aliases[:1] if alias in _LANGUAGES), "") if lexer is not None else ""
