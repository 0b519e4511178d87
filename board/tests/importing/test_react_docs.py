"""Pages of the React documentation."""

import pytest

from board.importing import react_docs
from board.models import Post
from board.tests.importing.elsewhere import DOC, Write, load

pytestmark = pytest.mark.django_db


def test_pages_of_the_react_documentation_lead_back_there(jsonl: Write) -> None:
    load(jsonl(DOC))
    post = Post.objects.get()
    assert post.title == "Effect가 필요하지 않은 경우"
    assert "[훅](https://ko.react.dev/reference/react/hooks)" in post.body
    assert "[아래](https://ko.react.dev/reference/react/useState#usage)" in post.body
    assert "'[x](/y)'" in post.body
    credit = post.body.splitlines()[-1]
    assert "https://ko.react.dev/reference/react/useState" in credit
    assert "CC BY 4.0" in credit


@pytest.mark.parametrize(
    ("mdx", "markdown"),
    [
        ("<CodeStep step={1}>현재 `state`</CodeStep>로", "현재 `state`로"),
        ("`<CodeStep step={1}>`", "`<CodeStep step={1}>`"),
        ("``` js\n<div>\n```\n\n<div style={{a: 'b'}}>\n글\n</div>", "``` js\n<div>\n```\n\n글"),
        ("<ul>\n    <li>하나</li>\n</ul>", "- 하나"),
        (
            '<picture >\n   <source srcset="/a.png" />\n   <img className="light" src="/a.webp" />\n</picture>',
            "![그림](https://ko.react.dev/a.webp)",
        ),
        ("[a](learn/x) [b](https://e.org/) [c](mailto:a@e.org)", None),
        ('글\n\n<div className="h-12"></div>', "글"),
        ("홀로 선 ` 하나\n\n<div>\n글", "홀로 선 ` 하나\n\n글"),
    ],
)
def test_what_is_left_of_mdx_becomes_markdown(mdx: str, markdown: str | None) -> None:
    expected = markdown or "[a](https://ko.react.dev/learn/x) [b](https://e.org/) [c](mailto:a@e.org)"
    body = react_docs.body_of(mdx, "https://ko.react.dev/learn")
    assert body.rpartition("\n\n---\n\n")[0] == expected


def test_the_index_of_a_folder_is_the_folder() -> None:
    assert react_docs.page_of("src/content/learn/index.md") == "https://ko.react.dev/learn"
    assert react_docs.page_of("어딘가/1.md") is None
