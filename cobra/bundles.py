"""One CSS file and one JavaScript file, joined from the small sources in `static/`."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage
from rjsmin import jsmin


def css_sources() -> list[Path]:
    """Alphabetical; `0-layers.css` names the layers first, after which the order does not matter."""
    return sorted((settings.STATIC_SOURCES / "css").glob("*.css"))


def js_sources() -> list[Path]:
    """htmx, its SSE extension, then ours.

    In one file because htmx 4 may start between two deferred ones, before the extension is there, and then never
    opens a stream (bigskysoftware/htmx#3693).
    """
    vendor = settings.STATIC_SOURCES / "vendor"
    return [
        *sorted(vendor.glob("htmx-*.js")),
        *sorted(vendor.glob("hx-*.js")),
        *sorted((settings.STATIC_SOURCES / "js").glob("*.js")),
    ]


def join_css(sources: Iterable[Path]) -> str:
    """Without the comments and the spaces, which are for those who read the sources; no text in them has any."""
    text = re.sub(r"/\*.*?\*/", "", "\n".join(source.read_text() for source in sources), flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", text).replace(": ", ":").replace(";}", "}").strip() + "\n"


def join_js(sources: Iterable[Path]) -> str:
    """Each of our files without its comments, in a block of its own, so that no name of one is seen by another."""
    parts = [
        text if source.parent.name == "vendor" else f"{{\n{jsmin(text)}\n}}"
        for source in sources
        for text in [source.read_text().strip()]
    ]
    return ";\n".join(parts) + "\n"


def are_stale() -> bool:
    """Has a source of any static file changed since the files were collected?"""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return True
    collected = manifest.stat().st_mtime
    found = (storage.path(path) for finder in get_finders() for path, storage in finder.list([]))
    return any(os.stat(path).st_mtime > collected for path in found)


BUNDLES = {"cobra.css": (css_sources, join_css), "cobra.js": (js_sources, join_js)}


class BundleFinder(BaseFinder):
    """Finds `cobra.css` and `cobra.js`, joining them anew when a source has changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.VAR_DIR / "bundles")

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in BUNDLES:
            return [] if find_all else None
        built = self.build(path)
        return [built] if find_all else built

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in BUNDLES:
            self.build(name)
            yield name, self.storage

    def build(self, name: str) -> str:
        """The joined file's path; written by renaming, so that nobody reads half of it."""
        sources, join = BUNDLES[name]
        text = join(sources())
        path = Path(self.storage.path(name))
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            half = path.with_suffix(f".{os.getpid()}")
            half.write_text(text)
            half.replace(path)
        return str(path)
