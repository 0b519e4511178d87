"""What a post becomes: paragraphs, tables, tasks and headings."""

import re

from cobra.markdown import excerpt, render_line, render_post
from cobra.tests.markdown.inspector import targets, words


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
