"""Pages of the React documentation as posts: links that lead somewhere, no MDX, the credit."""

import re

from board.importing.credits import LICENCE

SITE = "https://ko.react.dev"
_SOURCE = re.compile(r"src/content/(?P<page>.+)\.mdx?")

# Code first, so that nothing inside it is touched; then where a link's target begins; then what is left of MDX.
_PIECES = re.compile(
    r"""
      (?P<code>
          ^[ \t]*(?P<fence>`{3,}|~{3,}).*?(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)
        | (?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)
      )
    | \]\( (?P<target> [^\s()]+ )
    | ^[ \t]*<img\b[^>]*?\bsrc="(?P<picture>[^"]+)"[^>]*>[ \t]*$
    | ^[ \t]*<li>(?P<item>.*?)</li>
    | (?P<block> ^(?:[ \t]*</?(?:div|picture|source|ul)\b[^>]*>)+[ \t]*\n? )
    | (?P<badge> <CanaryBadge\s*/>[ ]* )
    | (?P<wrapping> </?(?:Canary|CodeStep|Hint|span)\b[^>\\]*> )
    """,
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)


def page_of(source: str) -> str | None:
    """The address of the page that a file of the documentation's repository became; None for other sources."""
    match = _SOURCE.fullmatch(source)
    return f"{SITE}/{match['page'].removesuffix('/index')}" if match else None


def title_of(title: str) -> str:
    """Without the quotes in which YAML keeps some titles."""
    return title[1:-1] if len(title) > 2 and title[0] == title[-1] and title[0] in "'\"" else title


def body_of(body: str, page: str) -> str:
    def rewritten(match: re.Match[str]) -> str:
        if match["target"]:
            return f"]({absolute(match['target'], page)}"
        if picture := match["picture"]:
            # Each picture stands there twice, for the light and for the dark.
            return "" if "dark" in match[0] else f"![그림]({absolute(picture, page)})"
        if match["item"] is not None:
            return f"- {match['item']}"
        return match["code"] or ""

    credit = f"*출처: [React 문서]({page}) · Meta와 기여자들 · {LICENCE} · MDX를 Markdown으로 바꾸어 옮겼어요.*"
    return f"{_PIECES.sub(rewritten, body).rstrip()}\n\n---\n\n{credit}"


def absolute(target: str, page: str) -> str:
    """Where a link of the documentation leads, seen from elsewhere. Its headings have other names here, so `#` too."""
    if target.startswith("#"):
        return page + target
    if re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.IGNORECASE):
        return target
    return f"{SITE}/{target.lstrip('/')}"
