"""Both languages are complete: English stands in the sources, Korean in what is compiled."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = settings.BASE_DIR
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# What templatize() makes of a template: calls with one or two literal texts.
IN_TEMPLATE = re.compile(r"""\b(?:n?gettext|_)\(\s*u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


def texts_of_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
            yield from [text for text in texts if isinstance(text, str)][:1]


def texts_of_template(path: Path) -> Iterator[str]:
    for found in IN_TEMPLATE.finditer(templatize(path.read_text(), origin=str(path))):
        yield ast.literal_eval(found[1])


def sources() -> list[tuple[str, Path]]:
    python = [
        path
        for app in ("accounts", "board", "cobra", "rooms")
        for path in (ROOT / app).rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
    ]
    return [("python", path) for path in python] + [("template", path) for path in (ROOT / "templates").rglob("*.html")]


def korean() -> set[str]:
    """The English texts that have a Korean one."""
    known: set[str] = set()
    for folder in settings.LOCALE_PATHS:
        catalogue = gettext.translation("django", folder, ["ko"])._catalog  # type: ignore[attr-defined]  # private
        known |= {key if isinstance(key, str) else key[0] for key, text in catalogue.items() if text}
    return {key.rpartition("\x04")[2] for key in known}


def test_every_text_has_its_korean() -> None:
    known = korean()
    missing = [
        f"{path.relative_to(ROOT)}: {text}"
        for kind, path in sources()
        for text in (texts_of_python(path) if kind == "python" else texts_of_template(path))
        if text and text not in known
    ]
    assert missing == []


def test_the_search_finds_texts_at_all() -> None:
    templates = [text for kind, path in sources() if kind == "template" for text in texts_of_template(path)]
    assert "Cobra Space" in templates
    assert len(templates) > 100
    assert "There is nothing to send yet." in set(texts_of_python(ROOT / "rooms" / "forms.py"))


@pytest.mark.parametrize(
    "word", ["유저", "오류 발생", "잘못된 입력", "하십시오", "은(는)", "을(를)", "이(가)", ")s님", "</b>님", "!"]
)
def test_the_korean_keeps_its_voice(word: str) -> None:
    for folder in settings.LOCALE_PATHS:
        catalogue = gettext.translation("django", folder, ["ko"])._catalog  # type: ignore[attr-defined]  # private
        assert [text for text in catalogue.values() if word in text and "://" not in text] == []
