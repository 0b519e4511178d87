"""Where links may lead, and what is none."""

import pytest

from cobra.markdown import render_line, render_post
from cobra.tests.markdown.inspector import REL, Inspector, targets, words


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
