"""Whatever comes: it raises nothing, takes no long time, and becomes only the promised markup."""

import inspect
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cobra.markdown import LINE_LIMIT, excerpt, render_line, render_post
from cobra.tests.markdown.inspector import Inspector


def test_characters_that_feeds_and_databases_cannot_hold_are_shown_as_signs() -> None:
    text = "a\x00b\x1b[31mc\ud800d\x7f\ufffe`\x07`"
    for html in (render_post(text), render_line(text)):
        assert html == "<p>a\ufffdb␛[31mc\ufffdd␡\ufffd<code>␇</code></p>"
    assert excerpt(text) == "a\ufffdb␛[31mc\ufffdd␡\ufffd␇"
    assert "\x00" not in render_post("https://a.kr/%00 <https://a.kr/%01%ED%A0%80> [a](#%00%FF) &#0; &#1; &#xD800;")
    assert render_post("a\r\nb\rc") == "<p>a\nb\nc</p>"


HOSTILE = [
    *("(", "[", "![", "![![", "[a](", "[](", "[[[[](", "*a ", "**a **", "_a", "*["),
    *("`", "``a` ", "<", "<a ", "<b>", "</b>", "> ", "- ", "- a\n", "  - ", "1. "),
    *("|a", "|a|b|\n|-|-|\n", "&", "\\", "~~", "# a\n", "\n", "가", "(가)가", "```\n", "~~~"),
    *("https://", "https://a.kr/(", "http://가", "ssh://a ", "a:", "<b><i>", "<sup>a</sup>", "![a](b)"),
    *("[a]: /x\n", "[a][", "\x00", "\ud800", "&#x110000;", "<!--", "<?", "- [ ] a\n", "    a\n"),
    *("\t", "===\n", "\u200b", "**가", '**"가"**가', "***a** b* "),
]


@pytest.mark.parametrize("part", HOSTILE)
def test_hostile_text_raises_nothing_and_takes_no_long_time(part: str) -> None:
    text = part * (10_000 // len(part))
    start = time.thread_time()
    for html in (render_post(text), render_line(text[:LINE_LIMIT])):
        html.encode()
        Inspector(html)
    excerpt(text).encode()
    assert time.thread_time() - start < 5


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("> " * depth + "  " * depth + "- a" for depth in range(300)),
        "[" * 500 + "a" + "](/b)" * 500,
        "![" * 500 + "a" + "](/b)" * 500,
        "*a **b " * 500 + "** *" * 500,
    ],
)
def test_deep_nesting_needs_little_of_the_stack(text: str) -> None:
    def below(frames: int) -> str:
        return below(frames - 1) if frames else render_post(text)

    Inspector(below(sys.getrecursionlimit() - len(inspect.stack()) - 400))


def test_several_threads_render_the_same() -> None:
    text = "# 제목\n\n**`a`**는 https://a.kr입니다\n\n```python\nreturn 1\n```\n\n- [x] a\n\n|a|\n|-|\n|b|"
    expected = (render_post(text), render_line(text), excerpt(text))
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: (render_post(text), render_line(text), excerpt(text)), range(200)))
    assert set(results) == {expected}


MARKUP = st.sampled_from(
    [
        *("**", "*", "_", "~~", "`", "```", "\n", "\n\n", "> ", "- ", "- [x] ", "1. ", "# ", "## ", "---"),
        *("|", "|-|-|\n", ":-:", "[", "](", ")", "![", "<", ">", "</", "<b>", "</b>", "<sup>", "</sup>"),
        *("<br>", "<script>", "javascript:", "https://", "a.kr", "/", "#", '"', "'", "&", "&lt;", "&#0;", "\\"),
        *("    ", "\t", "py title=", "[a]: ", "가", "는", "(", "\x00", "\ud800"),
        *(" ", "a", "1", "é", "\u2060", "\u202e", "👨‍👩‍👧"),
    ]
)

TEXTS = st.one_of(
    st.lists(MARKUP, max_size=40).map("".join),
    st.text(st.characters(codec=None), max_size=200),
    st.lists(st.one_of(MARKUP, st.text(max_size=5)), max_size=30).map("".join),
)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_text_becomes_only_the_promised_markup(text: str) -> None:
    for html in (render_post(text), render_line(text)):
        html.encode()
        Inspector(html)
    assert len(excerpt(text, 30).encode().decode()) <= 30
