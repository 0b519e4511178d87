"""Raw HTML is text, but for a few plain inline tags."""

import re

import pytest

from cobra.markdown import render_line, render_post
from cobra.tests.markdown.inspector import REL, Inspector, words


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "<svg onload=alert(1)>",
        "<b onclick=alert(1)>a</b>",
        '<a href="javascript:alert(1)">a</a>',
        "<iframe srcdoc='<script>'></iframe>",
        "<style>*{}</style>",
        "<!-- a --><![CDATA[a]]><?php ?><!DOCTYPE a>",
        "<form action=/x><input name=a></form>",
        "<math><mtext><table><mglyph><style><img src onerror=alert(1)>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    ],
)
def test_raw_html_is_text(text: str) -> None:
    for html in (render_post(text), render_line(text)):
        assert words(html) == text
        assert not re.search(r"<(?!/?p>)", html)


@pytest.mark.parametrize(
    "text",
    [
        '```"><script>alert(1)</script>\na\n```',
        '```py title="\\"><script>alert(1)</script>"\na\n```',
        "```py title='\" onfocus=alert(1) x=\"'\na\n```",
        '[a](https://a.kr "\\" onclick=alert(1) \\"")',
        "[a](https://a.kr '\"><script>alert(1)</script>')",
        '![" onerror="alert(1)](https://a.kr)',
        '[a](https://a.kr/"onclick="alert(1))',
        'https://a.kr/"onclick="alert(1)',
        '# "><script>alert(1)</script>',
        '| "><script> |\n|-|\n| a |',
        "`</code><script>`",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;",
        "<b><script></b>",
    ],
)
def test_nothing_breaks_out_of_where_it_stands(text: str) -> None:
    for html in (render_post(text), render_line(text)):
        Inspector(html)
        assert "<script" not in re.sub(r'="[^"]*"', "", html)


def test_a_few_plain_inline_tags_work_where_they_are_closed() -> None:
    text = "다음번 주<sup>Major, 主</sup> 버전, H<sub>2</sub>O, <kbd>Ctrl</kbd><br>x<br/>"
    assert render_post(text) == (
        "<p>다음번 주<sup>Major, 主</sup> 버전, H<sub>2</sub>O, <kbd>Ctrl</kbd><br>\nx<br>\n</p>"
    )
    linked = "<strong>[데모를 클론](http://github.com/reactjs/server-components-demo)</strong>하여"
    assert render_post(linked).startswith('<p><strong><a href="http://github.com/reactjs')
    assert render_post("<STRONG>`renderToString`</STRONG>은 <em>및 **모든** 자식</em>를") == (
        "<p><strong><code>renderToString</code></strong>은 <em>및 <strong>모든</strong> 자식</em>를</p>"
    )


def test_tags_that_do_not_close_where_they_open_are_text() -> None:
    assert render_post("<b>a *b</b> c*") == "<p>&lt;b&gt;a <em>b&lt;/b&gt; c</em></p>"
    assert render_post("<b>a <i>b</b> c</i>") == "<p><b>a &lt;i&gt;b</b> c&lt;/i&gt;</p>"
    assert render_post("</b> [a <b>](/x)</b>") == (
        f'<p>&lt;/b&gt; <a href="/x" rel="{REL}">a &lt;b&gt;</a>&lt;/b&gt;</p>'
    )
    assert render_post("<b>a\n\nb</b>") == "<p>&lt;b&gt;a</p>\n<p>b&lt;/b&gt;</p>"
    assert render_post("\\<b>a</b> `<b>`") == "<p>&lt;b&gt;a&lt;/b&gt; <code>&lt;b&gt;</code></p>"
