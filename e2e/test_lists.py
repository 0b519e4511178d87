"""Finding posts: news that wait to be asked for, tags by keyboard, and lists that hold still while others write."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from board.listing import PAGE
from e2e.conftest import Member
from e2e.room import RoomPage


def own(word: str) -> str:
    """With a number, since the site is many tests'."""
    return f"{word}{uuid.uuid4().hex[:8]}"


def titles(page: Page) -> list[str]:
    return page.locator(".entry h2").all_text_contents()


def is_live(page: Page) -> None:
    expect(page.locator("live-stream")).to_have_attribute("data-state", "live")


def test_new_posts_wait_until_they_are_asked_for(
    new_context: Callable[..., BrowserContext], member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    """Of a tag's list, for a visitor: its own new posts are counted and move nothing; the link brings them."""
    minseo, tag = member("민서"), own("태그")
    old = new_post(by=minseo.user, title="옛 글", tags=(tag,))
    reader = new_context().new_page()
    reader.goto(f"/tags/{tag}/")
    is_live(reader)
    newer = reader.locator("new-posts a")
    expect(newer).to_be_hidden()
    top = reader.locator(f"#entry-{old.pk}").bounding_box()

    new_post(by=minseo.user, title="다른 태그의 글", tags=(own("다른"),))
    new_post(by=minseo.user, title="회원만의 글", tags=(tag,), members_only=True)
    new_post(by=minseo.user, title="새 글 하나", tags=(tag,))
    expect(newer).to_have_text("새 글 1개 보기")
    new_post(by=minseo.user, title="새 글 둘", tags=(tag, own("더")))
    expect(newer).to_have_text("새 글 2개 보기")
    expect(reader.locator("#told")).to_have_text("새 글 2개 보기")
    assert titles(reader) == ["옛 글"]
    assert reader.locator(f"#entry-{old.pk}").bounding_box() == top

    newer.focus()
    reader.keyboard.press("Enter")
    expect(reader.locator(".entry h2")).to_have_text(["새 글 둘", "새 글 하나", "옛 글"])
    expect(reader.get_by_role("link", name="새 글 둘")).to_be_focused()
    expect(newer).to_be_hidden()

    # Away and back: what came meanwhile is counted, once.
    room = RoomPage(reader)
    room.show(visible=False)
    expect(reader.locator("live-stream")).not_to_have_attribute("data-state", "live")
    new_post(by=minseo.user, title="그사이의 글", tags=(tag,))
    room.show(visible=True)
    expect(newer).to_have_text("새 글 1개 보기")
    newer.click()
    expect(reader.locator(".entry h2")).to_have_text(["그사이의 글", "새 글 둘", "새 글 하나", "옛 글"])

    # Somebody goes into a room, and its card tells.
    here = reader.locator(f"#here-{old.pk}")
    expect(here).to_contain_text("조용")
    RoomPage(minseo.page).open(old)
    expect(here.locator("b")).to_have_text("1")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("sort", ["new", "unanswered"])
def test_a_list_pages_to_its_end_without_a_repeat_or_a_hole_while_others_write(
    new_context: Callable[..., BrowserContext],
    member: Callable[..., Member],
    new_post: Callable[..., Any],
    scripts: bool,
    sort: str,
) -> None:
    minseo, tag = member("민서"), own("태그")
    written = [new_post(by=minseo.user, title=f"글 {number:02}", tags=(tag,)).title for number in range(2 * PAGE + 3)]
    page = new_context(java_script_enabled=scripts).new_page()
    page.goto("/")
    page.goto(f"/tags/{tag}/")
    page.get_by_role("link", name={"new": "최신", "unanswered": "답을 기다리는"}[sort], exact=True).click()
    page.wait_for_url(re.compile(f"sort={sort}"))  # and its scripts
    seen: list[str] = []
    more = page.locator("#more a")
    while True:
        new_post(by=minseo.user, title="그사이의 글", tags=(tag,))
        if not more.count():
            break
        if scripts:
            count = page.locator(".entry").count()
            more.click()
            expect(page.locator(".entry").nth(count)).to_be_visible()
        else:
            seen += titles(page)
            with page.expect_navigation(url=re.compile("before=")):
                more.click()
    seen += titles(page)
    assert seen == written[::-1]


def test_tags_are_completed_with_the_keyboard_and_found_on_their_page(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, other, word = member("민서"), member("지우"), own("")
    long, short = f"파이썬{word}", f"파스타{word}"
    for tags in ((long, short), (long,)):
        new_post(by=other.user, tags=tags)
    page = minseo.page
    page.goto("/posts/new/")
    box, options = page.locator("#id_tags"), page.locator("#suggested li")
    box.fill(f"django, 파이썬{word[:5]}")  # at once: half of it would be completed too
    expect(options.first).to_contain_text(long)
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", re.compile("suggested-"))
    box.press("Enter")
    expect(box).to_have_value(f"django, {long}, ")
    expect(options).to_have_count(0)
    box.press_sequentially(f"파스타{word[:5]}")
    expect(options).to_have_count(1)
    box.press("Escape")
    expect(options).to_have_count(0)
    box.press_sequentially(word[5:])
    expect(options.first).to_contain_text(short)
    options.first.click()
    expect(box).to_have_value(f"django, {long}, {short}, ")
    expect(box).to_be_focused()

    page.goto("/tags/")
    page.locator("main").get_by_role("searchbox").fill(f"ㅍㅇㅆ{word}")
    expect(page.locator(".all-tags a")).to_have_text([long])
    page.locator(".all-tags a").click()
    expect(page.locator(".entry")).to_have_count(2)
