"""Where a particle follows: bold and other emphasis, addresses, parentheses."""

import re

import pytest

from cobra.markdown import excerpt, render_line, render_post
from cobra.tests.markdown.inspector import REL, targets, words


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
