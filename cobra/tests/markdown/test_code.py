"""What code becomes: its caption, its colours, and what is copied of it."""

import re
import time
from html import unescape

import pytest

from cobra.markdown import HIGHLIGHT_LIMIT, POST_LIMIT, language_name, render_post


def code(html: str) -> str:
    """The text of the first code block, as the copy button takes it."""
    found = re.search(r"<pre[^>]*><code>(.*?)</code></pre>", html, re.DOTALL)
    assert found
    return unescape(re.sub(r"<[^>]+>", "", found[1]))


def test_code_is_a_captioned_figure_that_scrolls_from_the_keyboard() -> None:
    assert render_post("```python\nreturn 1 < 2\n```") == (
        '<figure class="code"><figcaption><span>python</span></figcaption>'
        '<pre tabindex="0" role="group" aria-label="python"><code><span class="k">return</span> '
        '<span class="mi">1</span> <span class="o">&lt;</span> <span class="mi">2</span></code></pre></figure>'
    )


def test_code_is_copied_as_it_was_written() -> None:
    source = "\n\n  def f(a):\n\treturn '</code><b>' & \"가)나\"\n\n# 끝)은\n\n"
    for info in ("python", "js", "c", "console", "diff", "", "nonsense"):
        assert code(render_post(f"```{info}\n{source}\n```")) == source


def test_indented_code_is_a_figure_too() -> None:
    html = render_post("    a < b")
    assert "<span>text</span></figcaption>" in html
    assert code(html) == "a < b"


def test_code_of_an_unknown_language_or_beyond_the_limit_has_no_colours() -> None:
    assert '<span class="' not in render_post("```nonsense\nif a: b\n```")
    assert '<span class="' in render_post("```python\n" + "if a: b\n" * 100 + "```")
    assert '<span class="' not in render_post("```python\n" + "if a: b\n" * (HIGHLIGHT_LIMIT // 7) + "```")


def test_markup_in_javascript_is_read_as_jsx() -> None:
    assert '<span class="nt">h1</span>' in render_post("```js\nconst a = <h1>Don't</h1>;\n```")


def test_code_that_its_lexer_cannot_read_still_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RecursionError

    monkeypatch.setattr("pygments.lexer.Lexer.get_tokens", broken)
    assert code(render_post("```python\na < b\n```")) == "a < b"


@pytest.mark.parametrize(
    ("info", "language", "caption"),
    [
        ("", "text", "text"),
        ("python", "python", "python"),
        ("PY", "python", "py"),
        ("py title=rooms/views.py", "python", "rooms/views.py"),
        ("js {1,3} App.js", "javascript", "App.js"),
        ("js src/App.js active", "javascript", "src/App.js"),
        ("js:src/App.js", "javascript", "src/App.js"),
        ('java filename="My Class.java"', "java", "My Class.java"),
        ("title=views.py", "python", "views.py"),
        ("views.py", "python", "views.py"),
        ("{.python}", "python", "python"),
        ("Dockerfile", "docker", "dockerfile"),
        ("c++", "cpp", "c++"),
        ("c#", "csharp", "c#"),
        ("yml", "yaml", "yml"),
        ("vue", "html", "vue"),
        ("lilypond", "text", "lilypond"),
        ("한글", "text", "한글"),
        ("x" * 500, "text", "x" * 40),
        ('"><script>', "text", '"><script>'),
    ],
)
def test_what_stands_behind_a_fence_names_language_and_caption(info: str, language: str, caption: str) -> None:
    found, shown = language_name(info)
    assert found == language
    assert shown.startswith(caption)
    assert len(shown) <= 80


def test_hostile_code_takes_no_long_time() -> None:
    # Pygments' lexer for C is quadratic in empty lines.
    block = "```c\n" + "\n" * (HIGHLIGHT_LIMIT - 10) + "\n```\n"
    start = time.thread_time()
    html = render_post(block * (POST_LIMIT // len(block)) + "```python\n" + "(" * 20_000 + "\n```")
    assert html.count("<figure") == POST_LIMIT // len(block) + 1
    assert time.thread_time() - start < 5


def test_a_document_that_has_had_its_share_of_time_gets_no_more_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cobra.markdown.code._SECONDS", 0.0)
    html = render_post("```python\nreturn 1 < 2\n```\n" * 2)
    assert '<span class="' not in html
    assert code(html) == "return 1 < 2"
