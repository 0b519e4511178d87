"""What user text becomes. Excerpts of posts are from ko.react.dev, © Meta and contributors, CC BY 4.0."""

import inspect
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cobra.markdown import HIGHLIGHT_LIMIT, LINE_LIMIT, POST_LIMIT, excerpt, language_name, render_line, render_post

REL = "nofollow ugc noopener"
TARGET = re.compile(r"https?://[^/]|mailto:|/(?![/\\])|#|$", re.IGNORECASE)
TEXT_TAGS = (
    "b blockquote br code del em figcaption hr i ins kbd mark p s small strong sub sup table tbody thead tr u ul"
)
ATTRIBUTES: dict[str, dict[str, str]] = {
    **{tag: {} for tag in TEXT_TAGS.split()},
    "a": {"class": "image", "href": ".*", "rel": REL, "title": ".*"},
    "div": {"class": "tbl", "tabindex": "0", "role": "group", "aria-label": ".+"},
    "figure": {"class": "code"},
    "h2": {"id": r"h-\S+"},
    "h3": {"id": r"h-\S+"},
    "h4": {"id": r"h-\S+"},
    "li": {"class": "task( done)?"},
    "ol": {"start": r"\d+"},
    "pre": {"tabindex": "0", "role": "group", "aria-label": ".+"},
    "span": {"class": "[a-z0-9]{1,3}"},
    "td": {"class": "num|center"},
    "th": {"class": "num|center", "scope": "col"},
}


class Inspector(HTMLParser):
    """Reads HTML as a browser would and refuses what the renderer does not promise."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            assert re.fullmatch(ATTRIBUTES[tag][name], value or "", re.DOTALL), (tag, name, value)
            if name == "href":
                assert TARGET.match(value or ""), value
        if tag not in ("br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def words(html: str) -> str:
    return Inspector(html).words


def code(html: str) -> str:
    """The text of the first code block, as the copy button takes it."""
    found = re.search(r"<pre[^>]*><code>(.*?)</code></pre>", html, re.DOTALL)
    assert found
    return unescape(re.sub(r"<[^>]+>", "", found[1]))


def targets(html: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]*)"', html)]


# Posts


def test_a_post_is_paragraphs_emphasis_and_quotes() -> None:
    html = render_post("Some *em*, **strong** and ~~gone~~\nwords.\n\n> quoted\n\n---")
    assert html == (
        "<p>Some <em>em</em>, <strong>strong</strong> and <s>gone</s>\nwords.</p>\n"
        "<blockquote>\n<p>quoted</p>\n</blockquote>\n<hr>"
    )


def test_the_result_is_marked_safe_and_nothing_is_nothing() -> None:
    assert hasattr(render_post("a"), "__html__")
    assert hasattr(render_line("a"), "__html__")
    assert (render_post(""), render_line(" \n"), excerpt("")) == ("", "", "")


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


def test_a_table_scrolls_from_the_keyboard_and_is_named_after_its_columns() -> None:
    html = render_post("| 접속 | `idle` | <b> |\n|:--|--:|:-:|\n| 90명 | 94 | a \\| b |\n| 없음 |")
    assert html == (
        '<div class="tbl" tabindex="0" role="group" aria-label="접속, idle, &lt;b&gt;"><table>\n<thead>\n<tr>\n'
        '<th scope="col">접속</th>\n<th scope="col" class="num"><code>idle</code></th>\n'
        '<th scope="col" class="center">&lt;b&gt;</th>\n</tr>\n</thead>\n<tbody>\n'
        '<tr>\n<td>90명</td>\n<td class="num">94</td>\n<td class="center">a | b</td>\n</tr>\n'
        '<tr>\n<td>없음</td>\n<td class="num"></td>\n<td class="center"></td>\n</tr>\n</tbody>\n</table></div>'
    )


def test_an_empty_header_cell_is_a_plain_cell() -> None:
    html = render_post("| | a |\n|-|-|\n| b | c |")
    assert html.count("<th ") == 1
    assert 'aria-label="a"' in html
    assert 'aria-label="b"' in render_post("| | |\n|-|-|\n| b | |")
    assert 'aria-label="…"' in render_post("| | |\n|-|-|")


def test_a_task_says_its_state_in_text() -> None:
    assert render_post("- [ ] one\n- [x] two\n- three") == (
        '<ul>\n<li class="task"><span>☐</span> one</li>\n'
        '<li class="task done"><span>☑</span> two</li>\n<li>three</li>\n</ul>'
    )


def test_an_ordered_list_keeps_its_first_number() -> None:
    assert render_post("3. a\n4. b").startswith('<ol start="3">')


def levels(text: str) -> str:
    return "".join(re.findall(r"<h(\d)", render_post(text)))


def test_headings_go_under_the_posts_own_title_without_skipping_a_level() -> None:
    assert levels("# a\n## b\n### c\n#### d\n# e") == "23442"
    assert levels("### a\n##### b\n## c\n###### d") == "2323"
    assert levels("a\n===\nb\n---") == "23"


def test_headings_have_unique_names_that_links_can_use() -> None:
    html = render_post(
        "## 설치 & *실행*\n## 설치 & 실행\n## `a.b()`\n## ✨\n\n[가기](#설치-실행) [x](#none) [y](#a.b())"
    )
    assert re.findall(r'id="([^"]+)"', html) == ["h-설치-실행", "h-설치-실행-2", "h-ab", "h-section"]
    assert targets(html) == ["#h-%EC%84%A4%EC%B9%98-%EC%8B%A4%ED%96%89", "#none", "#h-ab"]


def test_a_heading_may_have_the_name_another_would_get() -> None:
    html = render_post("# a\n# a-2\n# a\n# a")
    assert re.findall(r'id="([^"]+)"', html) == ["h-a", "h-a-2", "h-a-3", "h-a-4"]


def test_a_heading_without_words_is_left_out() -> None:
    assert render_post("#\n\n## <!---->\n# ![](/a.png)").count("<h") == 2


def test_images_are_links() -> None:
    assert render_post('![그림](https://a.kr/b.png "제목")') == (
        f'<p><a class="image" href="https://a.kr/b.png" title="제목" rel="{REL}">그림</a></p>'
    )
    assert words(render_post("![](/files/%EA%B0%80.png)")) == "가.png"
    assert words(render_post("![](/)")) == "/"


def test_an_image_in_a_link_is_the_links_words() -> None:
    html = render_post("[![build](https://ci.kr/b.svg)](https://ci.kr)")
    assert html == f'<p><a href="https://ci.kr" rel="{REL}">build</a></p>'


def test_a_link_without_words_shows_its_address() -> None:
    assert words(render_post("[](https://a.kr) [ ](/b)")) == "https://a.kr  /b"


@pytest.mark.parametrize(
    "url", ["https://a.kr/?q=1&r=2#x", "http://a.kr:8000", "mailto:a@b.kr", "/reference/react/useState", "#usage", "/"]
)
def test_links_lead_to_the_web_to_mail_and_into_the_site(url: str) -> None:
    html = render_post(f"[words]({url})")
    assert targets(html) == [url]
    assert f'rel="{REL}"' in html


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "javascript&colon;alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;&#x61;vascript:alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
        "<java\tscript:alert(1)>",
        "\\javascript:alert(1)",
        "\x01javascript:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "ftp://a.kr",
        "blob:https://a.kr/1",
        "//a.kr",
        "///a.kr",
        "https:a.kr",
        "http:///a.kr",
        "learn/relative",
        "?q=1",
    ],
)
def test_no_other_link_is_made(url: str) -> None:
    for text in (f"[a]({url})", f"![a]({url})", f"<{url}>", f"[a][b]\n\n[b]: {url}", f'[a]({url} "t")'):
        for html in (render_post(text), render_line(text)):
            # What is an address within the text is linked for what it is.
            assert not [target for target in targets(html) if not target.startswith(("https://a.kr", "/\\"))], text
            Inspector(html)


def test_a_backslash_does_not_lead_out_of_the_site() -> None:
    assert targets(render_post("[a](/\\\\b.kr)")) == ["/%5Cb.kr"]
    assert targets(render_post("[a](/\\b.kr)")) == ["/%5Cb.kr"]


# Raw HTML


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


# Korean


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ('**"인용"**은', '"인용"'),
        ("**(괄호)**를", "(괄호)"),
        ("**`code`**는", "<code>code</code>"),
        ("그는**'말'**이라고", "'말'"),
        ("값은**`None`**이다", "<code>None</code>"),
        ("**함수()**와", "함수()"),
        ("**[문서](/a)**에서", f'<a href="/a" rel="{REL}">문서</a>'),
        ("**「강조」**は", "「강조」"),
        ("**강조。**그리고", "강조。"),
        ("**한글**text", "한글"),
        ("**버전**2", "버전"),
        ("**C++**은", "C++"),
        ("가**나**다", "나"),
    ],
)
def test_bold_ends_before_a_particle(text: str, bold: str) -> None:
    for html in (render_post(text), render_line(text)):
        assert f"<strong>{bold}</strong>" in html
        assert "**" not in html


def test_other_emphasis_ends_before_a_particle_too() -> None:
    assert render_post('*"가"*는 ~~(나)~~를 _"다"_는 ***`라`***는').count("</em>") == 3
    assert "<s>(나)</s>" in render_post("~~(나)~~를")


def test_what_was_no_emphasis_stays_none() -> None:
    for text in (
        "변수_이름_은",
        "snake_case_name",
        "2 * 3 * 4",
        "** 가 **",
        "10~20개, 30~40개",
        "안녕~~ 반가워~~",
        "가*(나",
    ):
        assert words(render_post(text)) == text
        assert not re.search("<(em|strong|s)>", render_post(text))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.com입니다", "https://example.com"),
        ("https://example.com입니다.", "https://example.com"),
        ("주소는https://example.com/a에서, 그리고", "https://example.com/a"),
        ("https://example.comㅋㅋㅋ", "https://example.com"),
        ("http://localhost:8000은", "http://localhost:8000"),
        ("http://localhost:8000/로", "http://localhost:8000/"),
        ("(https://example.com/a)를", "https://example.com/a"),
        ("'https://example.com/a'라는", "https://example.com/a"),
        ("“https://example.com/a”라는", "https://example.com/a"),
        ("**https://example.com/a**에서", "https://example.com/a"),
        ("~~https://example.com/a~~는", "https://example.com/a"),
        ("https://ko.wikipedia.org/wiki/파이썬", "https://ko.wikipedia.org/wiki/%ED%8C%8C%EC%9D%B4%EC%8D%AC"),
        ("https://a.kr/b?c=d&e=f#g.", "https://a.kr/b?c=d&e=f#g"),
        ("https://en.wikipedia.org/wiki/C_(language)", "https://en.wikipedia.org/wiki/C_(language)"),
        ("https://en.wikipedia.org/wiki/C_(language)은", "https://en.wikipedia.org/wiki/C_(language)"),
        ("https://a.kr/(b", "https://a.kr/"),
        ("HTTPS://A.kr/x", "HTTPS://A.kr/x"),
        ("http://한글.kr/x", "http://xn--bj0bj06e.kr/x"),
        ("<https://a.kr/C언어>", "https://a.kr/C%EC%96%B8%EC%96%B4"),
    ],
)
def test_an_address_in_the_text_is_a_link_without_its_particle(text: str, url: str) -> None:
    for html in (render_post(text), render_line(text)):
        assert targets(html) == [url]
        assert words(html).replace("\u2060", "") == re.sub(r"[*<>]|~~", "", text)


@pytest.mark.parametrize(
    "text",
    [
        "settings.py",
        "README.md",
        "example.com",
        "git@github.com:a/b",
        "ssh://a.kr",
        "xhttp://a.kr",
        "http://",
        "//a.kr",
    ],
)
def test_names_with_dots_and_other_schemes_are_no_links(text: str) -> None:
    assert render_post(text) == render_line(text) == f"<p>{text}</p>"


def test_an_address_within_a_link_or_code_is_not_linked_again() -> None:
    assert targets(render_post("[https://a.kr](https://b.kr) `https://c.kr`")) == ["https://b.kr"]


def test_a_line_never_breaks_between_a_parenthesis_and_a_particle() -> None:
    assert render_post("비동기(ASGI)으로") == "<p>비동기(ASGI)\u2060으로</p>"
    assert render_post("`f()`는 **(가)**를") == "<p><code>f()</code>\u2060는 <strong>(가)</strong>\u2060를</p>"
    assert "</a>\u2060를" in render_line("[문서(영문)](/a)를")


def test_code_and_addresses_get_no_word_joiner() -> None:
    for text in (
        "`(a)가`",
        "```\n(a)가\n```",
        "    (a)가",
        "<code>(a)가</code>",
        "<https://a.kr/(a)가>",
        "(a) 가",
        "(a)\n가",
    ):
        assert "\u2060" not in render_post(text)
    assert "\u2060" not in excerpt("(a)가 `b()`는")


# Room lines


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


# Excerpts


def test_an_excerpt_is_the_words_without_headings_code_and_tables() -> None:
    text = (
        "# 제목\n\n[Dan **Abramov**](https://a.kr)의 `useState`는\n*좋다*. 주<sup>Major</sup> 버전\n\n"
        "```js\nno()\n```\n\n| no |\n|-|\n| no |\n\n- 하나\n- [x] 둘\n\n> ![그림](/a.png) & <div>"
    )
    assert excerpt(text) == "Dan Abramov의 useState는 좋다. 주 Major 버전 하나 둘 그림 & <div>"


def test_an_excerpt_ends_at_a_word() -> None:
    assert excerpt("하나 둘 셋 넷", 6) == "하나 둘…"
    assert excerpt("하나 둘 셋 넷", 7) == "하나 둘 셋…"
    assert excerpt("하나 둘 셋 넷", 8) == "하나 둘 셋 넷"
    assert excerpt("그렇다. 아니다", 6) == "그렇다…"


def test_a_long_word_is_cut_between_the_signs_a_reader_sees() -> None:
    assert excerpt("가" * 200) == "가" * 159 + "…"
    assert excerpt("e\u0301" * 9, 4) == "ééé…"
    assert excerpt("각각".encode().decode() + "\u1100\u1161\u11a8" * 9, 5) == "각각각각…"
    assert excerpt("abcd👨‍👩‍👧efgh", 7) == "abcd…"
    assert excerpt("abcd👍🏽efgh", 6) == "abcd…"
    assert excerpt("abcd🇰🇷efgh", 6) == "abcd…"
    assert excerpt("x\u0338y\u0338z\u0338", 4) == "x\u0338…"


def test_an_excerpt_is_never_longer_than_asked() -> None:
    for length in range(12):
        assert len(excerpt("하나 둘 👨‍👩‍👧 셋 abcdefghijklmn", length)) <= length


def test_words_behind_a_long_listing_are_found() -> None:
    assert excerpt("```\n" + "code\n" * 2_000 + "```\n\n말") == "말"


# Whatever comes


def test_characters_that_feeds_and_databases_cannot_hold_are_shown_as_signs() -> None:
    text = "a\x00b\x1b[31mc\ud800d\x7f\ufffe`\x07`"
    for html in (render_post(text), render_line(text)):
        assert html == "<p>a\ufffdb␛[31mc\ufffdd␡\ufffd<code>␇</code></p>"
    assert excerpt(text) == "a\ufffdb␛[31mc\ufffdd␡\ufffd␇"
    assert "\x00" not in render_post("https://a.kr/%00 <https://a.kr/%01%ED%A0%80> [a](#%00%FF) &#0; &#1; &#xD800;")
    assert render_post("a\r\nb\rc") == "<p>a\nb\nc</p>"


HOSTILE = [
    *(
        "(",
        "[",
        "![",
        "![![",
        "[a](",
        "[](",
        "[[[[](",
        "*a ",
        "**a **",
        "_a",
        "*[",
        "`",
        "``a` ",
        "<",
        "<a ",
        "<b>",
        "</b>",
    ),
    *(
        "> ",
        "- ",
        "- a\n",
        "  - ",
        "1. ",
        "|a",
        "|a|b|\n|-|-|\n",
        "&",
        "\\",
        "~~",
        "# a\n",
        "\n",
        "가",
        "(가)가",
        "```\n",
        "~~~",
    ),
    *(
        "https://",
        "https://a.kr/(",
        "http://가",
        "ssh://a ",
        "a:",
        "<b><i>",
        "<sup>a</sup>",
        "![a](b)",
        "[a]: /x\n",
        "[a][",
        "\x00",
    ),
    *(
        "\ud800",
        "&#x110000;",
        "<!--",
        "<?",
        "- [ ] a\n",
        "    a\n",
        "\t",
        "===\n",
        "\u200b",
        "**가",
        '**"가"**가',
        "***a** b* ",
    ),
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
        *(
            "**",
            "*",
            "_",
            "~~",
            "`",
            "```",
            "\n",
            "\n\n",
            "> ",
            "- ",
            "- [x] ",
            "1. ",
            "# ",
            "## ",
            "---",
            "|",
            "|-|-|\n",
            ":-:",
        ),
        *(
            "[",
            "](",
            ")",
            "![",
            "<",
            ">",
            "</",
            "<b>",
            "</b>",
            "<sup>",
            "</sup>",
            "<br>",
            "<script>",
            "javascript:",
            "https://",
        ),
        *(
            "a.kr",
            "/",
            "#",
            '"',
            "'",
            "&",
            "&lt;",
            "&#0;",
            "\\",
            "    ",
            "\t",
            "py title=",
            "[a]: ",
            "가",
            "는",
            "(",
            "\x00",
            "\ud800",
        ),
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


POST = """2021년 6월 8일, [Andrew Clark](https://twitter.com/acdlite), [Brian Vaughn](https://github.com/bvaughn)

---

React 팀은 몇 가지 업데이트를 공유하게 되어 기쁩니다.

1. 다음번 주<sup>Major, 主</sup> 버전이 될 React 18 릴리즈에 대한 작업을 시작했습니다.
2. 커뮤니티가 새로운 기능을 점진적으로 채택할 수 있도록 워킹 그룹<sup>Working Group</sup>을 만들었습니다.

### <s>거의</s> 대부분 캐멀 케이스로!

JSX는 [`createElement`](/reference/react/createElement)로 바뀝니다.
"""


def test_a_real_post_reads_well() -> None:
    html = render_post(POST)
    assert words(html).startswith("2021년 6월 8일, Andrew Clark, Brian Vaughn")
    assert '<h2 id="h-거의-대부분-캐멀-케이스로"><s>거의</s> 대부분' in html
    assert targets(html)[-1] == "/reference/react/createElement"
    assert "&lt;" not in html
    assert excerpt(POST, 54) == "2021년 6월 8일, Andrew Clark, Brian Vaughn React 팀은 몇 가지…"
