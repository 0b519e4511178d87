"""The allow-list behind everything else: exactly the elements, attributes and values that the renderer emits."""

from typing import Final

import nh3
from pygments.token import STANDARD_TYPES

from cobra.markdown.parser import TAGS, is_safe_target

_SCROLLABLE: Final = {"tabindex": {"0"}, "role": {"group"}}

CLEANER: Final = nh3.Cleaner(
    tags={
        *TAGS,
        *("a", "blockquote", "br", "div", "figcaption", "figure", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre"),
        *("span", "table", "tbody", "td", "th", "thead", "tr", "ul"),
    },
    attributes={
        "a": {"href", "title", "data-person"},
        "div": {"aria-label"},
        "h2": {"id"},
        "h3": {"id"},
        "h4": {"id"},
        "ol": {"start"},
        "pre": {"aria-label"},
    },
    tag_attribute_values={"div": _SCROLLABLE, "pre": _SCROLLABLE, "th": {"scope": {"col"}}},
    allowed_classes={
        "a": {"at", "image"},
        "div": {"tbl"},
        "figure": {"code"},
        "li": {"task", "done"},
        "span": {name for name in STANDARD_TYPES.values() if name},
        "td": {"num", "center"},
        "th": {"num", "center"},
    },
    url_schemes={"http", "https", "mailto"},
    url_relative=lambda url: url if is_safe_target(url) else None,
    link_rel="nofollow ugc noopener",
)
