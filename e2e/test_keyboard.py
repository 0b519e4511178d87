"""The same way with the keyboard alone: no mouse, and no script of the test's that sets the focus."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e.conftest import Member
from e2e.held import Held
from e2e.keys import Keys
from e2e.person import PASSWORD, Person


def own() -> str:
    return f"k{uuid.uuid4().hex[:8]}"


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context().new_page()


def test_the_skip_link_comes_first_is_seen_and_skips(page: Page) -> None:
    keys = Keys(page)
    page.goto("/")
    skip = page.get_by_role("link", name="본문으로 건너뛰기")
    expect(skip).not_to_be_in_viewport()
    keys.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    keys.press("Enter", "Tab")
    expect(page.locator("main :focus")).to_be_visible()
    assert not keys.unseen


def test_from_the_front_page_to_a_post_its_room_and_out(page: Page) -> None:
    keys, minseo = Keys(page), Person(page)
    page.goto("/")
    keys.to(minseo.link("Take a seat"))
    keys.press("Enter")
    keys.to(minseo.field("Email"))
    keys.type(f"{own()}@example.com")
    keys.to(minseo.field("Nickname"))
    keys.type(own())
    keys.to(minseo.field("Password"))
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(minseo.menu).to_be_visible()

    keys.to(minseo.link("Write").first)
    keys.press("Enter")
    keys.to(minseo.field("Title"))
    keys.type("손을 키보드에서 떼지 않고")
    keys.to(minseo.field("Category"))
    keys.press("ArrowDown")
    keys.to(minseo.field("Tags"))
    keys.type(f"{own()}, {own()}")
    keys.to(minseo.field("Body"))
    keys.type("```python\nprint(1)\n```\n\n탭 키는 칸을 떠나요.")
    keys.to(minseo.button("Publish and open the room"))
    keys.press("Space")
    expect(page.get_by_role("heading", level=1)).to_have_text("손을 키보드에서 떼지 않고")
    expect(page.locator(".crumb")).to_contain_text("설계")
    expect(page.locator("article pre")).to_have_text("print(1)\n")

    keys.to(page.get_by_role("textbox", name="방에 말하기"))
    keys.type("첫 줄이에요.")
    keys.press("Shift+Enter")
    keys.type("아직 같은 줄이에요.")
    keys.press("Enter")
    expect(page.locator("#lines .line:not(.pending) .tx p")).to_have_text("첫 줄이에요.\n아직 같은 줄이에요.")
    expect(page.get_by_role("textbox", name="방에 말하기")).to_be_focused()
    keys.type("바로 이어서.")
    keys.press("Enter")
    expect(page.locator("#lines .line:not(.pending)")).to_have_count(2)

    keys.to(minseo.menu, "Shift+Tab")
    keys.press("Enter")
    keys.to(minseo.button("Sign out"))
    keys.press("Enter")
    expect(page.get_by_text("나왔어요. 또 만나요.")).to_be_visible()
    assert not keys.unseen


def test_the_arrows_choose_between_post_both_and_room(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서")
    page, keys = minseo.page, Keys(minseo.page)
    page.goto(new_post(by=minseo.user).get_absolute_url())
    body, box = page.locator("article .md"), page.get_by_role("textbox", name="방에 말하기")
    post, both, room = (page.get_by_role("radio", name=name) for name in ("글", "나란히", "방"))
    expect(both).to_be_checked()
    keys.to(both)
    keys.press("ArrowRight")
    expect(room).to_be_checked()
    expect(room).to_be_focused()
    keys.look()
    expect(body).to_be_hidden()
    expect(box).to_be_visible()
    keys.press("ArrowLeft", "ArrowLeft")
    expect(post).to_be_checked()
    keys.look()
    expect(body).to_be_visible()
    expect(box).to_be_hidden()
    keys.press("ArrowRight")
    expect(both).to_be_checked()
    expect(body).to_be_visible()
    expect(box).to_be_visible()
    assert not keys.unseen


def test_a_menu_closes_on_escape_and_when_the_focus_leaves_it(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서")
    page, keys = minseo.page, Keys(minseo.page)
    page.goto(new_post(by=minseo.user).get_absolute_url())
    mine, here = page.locator(".top summary"), page.locator("summary:has(+ #roster-pop)")
    profile, roster = page.get_by_role("link", name="내 프로필"), page.locator("#roster-pop")
    keys.to(mine)
    keys.press("Enter", "Tab")
    expect(profile).to_be_focused()
    keys.press("Escape")
    expect(profile).to_be_hidden()
    expect(mine).to_be_focused()
    keys.press("Space")
    expect(profile).to_be_visible()
    keys.to(here)
    expect(profile).to_be_hidden()
    keys.press("Enter")
    expect(roster).to_contain_text(minseo.user.nickname)
    keys.press("Escape")
    expect(roster).to_be_hidden()
    expect(here).to_be_focused()
    assert not keys.unseen


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_earlier_lines_are_paged_and_the_keyboard_is_not_lost(
    member: Callable[..., Member], new_post: Callable[..., Any], scripts: bool
) -> None:
    minseo = member("민서", java_script_enabled=scripts)
    page, keys = minseo.page, Keys(minseo.page)
    post = new_post(by=minseo.user)
    for number in range(60):
        post.room.say(author=minseo.user, text=f"줄 {number}")
    page.goto(f"{post.get_absolute_url()}?view=room")
    expect(page.locator("#lines .line .tx")).to_have_text([f"줄 {number}" for number in range(10, 60)])
    # With scripts they come as soon as the link is near, which may take it away between one look and the next.
    held = Held(page, re.compile(r"/room/\?before=")) if scripts else None
    keys.to(page.get_by_role("link", name="앞의 줄 보기"))
    keys.press("Enter")
    if held:
        held.let_go()
    expect(page.locator("#lines .line .tx").first).to_have_text("줄 0")
    expect(page.locator("#older")).to_have_count(0)
    if scripts:
        expect(page.locator("#lines .line")).to_have_count(60)
        expect(page.locator(".log:focus, .log :focus")).to_have_count(1)
    else:
        keys.to(page.get_by_role("link", name="뒤의 줄 보기"))
    assert not keys.unseen


def test_control_e_makes_code_of_what_is_selected_and_can_be_undone(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서")
    page, keys = minseo.page, Keys(minseo.page)
    page.goto(f"{new_post(by=minseo.user).get_absolute_url()}?view=room")
    box = page.get_by_role("textbox", name="방에 말하기")
    expect(box).to_be_focused()
    keys.type("idle")
    keys.press("Control+a", "Control+e")
    expect(box).to_have_value("`idle`")
    keys.press("Control+z")
    expect(box).to_have_value("idle")
    keys.press("End", "Shift+Enter")
    keys.type("a ` b")
    keys.press("Shift+Home")
    page.get_by_role("button", name="코드").click()
    expect(box).to_have_value("idle\n``a ` b``")
    keys.press("Control+a", "Control+e")
    expect(box).to_have_value("```\nidle\n``a ` b``\n```")
    keys.press("Enter")
    expect(page.locator("#lines .line:not(.pending) pre")).to_have_text("idle\n``a ` b``\n")


def test_no_page_keeps_the_keyboard(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo = member("민서")
    page, keys = minseo.page, Keys(minseo.page)
    post = new_post(by=minseo.user, body="```\ncode\n```\n\n| a |\n|---|\n| [b](https://example.com) |", tags=(own(),))
    post.room.say(author=minseo.user, text="```python\n1\n```\n\n> https://example.com")
    for address, last in {
        post.get_absolute_url(): "보내기",
        f"{post.get_absolute_url()}?view=post": "English",
        post.tags.get().get_absolute_url(): "English",
        "/posts/new/": "English",
        "/settings/profile/": "English",
        "/settings/skills/": "English",
    }.items():
        page.goto(address)
        stops = keys.walk()
        assert "본문으로 건너뛰기" in stops[0], stops
        assert last in stops[-1], stops
    # Opened to talk: the focus is in the box already, and finds its way out on both sides.
    page.goto(f"{post.get_absolute_url()}?view=room")
    expect(page.get_by_role("textbox", name="방에 말하기")).to_be_focused()
    stops = keys.walk("Shift+Tab")
    assert "본문으로 건너뛰기" in stops[-1], stops
    page.reload()
    expect(page.get_by_role("textbox", name="방에 말하기")).to_be_focused()
    assert "보내기" in keys.walk()[1]  # past the button for code
    assert not keys.unseen


def test_after_a_refused_form_the_focus_is_on_what_is_wrong(page: Page) -> None:
    keys, minseo = Keys(page), Person(page)
    page.goto("/accounts/signup/")
    keys.to(minseo.field("Email"))
    keys.type("minseo@nowhere")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    keys.look()
    keys.press("Tab", "Enter")
    expect(minseo.field("Email")).to_be_focused()
    keys.look()
    assert not keys.unseen
