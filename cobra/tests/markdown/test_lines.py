"""What a line in a room becomes, and what it has not."""

import re

import pytest

from cobra.markdown import render_line
from cobra.tests.markdown.inspector import words


def test_a_line_keeps_its_breaks() -> None:
    assert render_line("첫 줄\n둘째 줄\n\n셋째") == "<p>첫 줄<br>\n둘째 줄</p>\n<p>셋째</p>"


def test_a_line_has_code_emphasis_links_quotes_and_lists() -> None:
    html = render_line("> 인용\n\n**b** *i* ~~s~~ `c` [l](/x) ![그림](/y.png)\n\n- a\n\n1. b\n\n```py\nreturn\n```")
    for part in (
        *(
            "<blockquote>",
            "<strong>b</strong>",
            "<em>i</em>",
            "<s>s</s>",
            "<code>c</code>",
            'href="/x"',
            "<ul>",
            "<ol>",
        ),
        *('class="image" href="/y.png"', "<figcaption><span>py</span>", '<span class="k">return</span>'),
    ):
        assert part in html


@pytest.mark.parametrize(
    "text",
    [
        "# 제목",
        "###### 제목",
        "제목\n===",
        "제목\n---",
        "---",
        "***",
        "| a | b |\n|-|-|\n| c | d |",
        "[a]: https://a.kr",
    ],
)
def test_a_line_has_no_headings_rules_tables_or_definitions(text: str) -> None:
    html = render_line(text)
    assert words(html) == text
    assert re.sub(r"</?(p|br|a)\b[^>]*>", "", html) == text


@pytest.mark.parametrize("text", ["<b>a</b>", "<br>", "<sup>1</sup>"])
def test_a_line_has_no_raw_html_at_all(text: str) -> None:
    assert words(render_line(text)) == text


@pytest.mark.parametrize("text", ["-", "+", "*", ">", "1.", "- -", "```", "> >"])
def test_a_line_that_is_only_markup_shows_as_typed(text: str) -> None:
    assert words(render_line(text)) == text


def test_a_task_in_a_line_is_shown_as_typed() -> None:
    assert render_line("- [ ] a") == "<ul>\n<li>[ ] a</li>\n</ul>"
