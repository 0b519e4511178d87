"""Three people and a room: who has read what, who is told, and what stands there when one of them comes back."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Member
from e2e.room import RoomPage


def new_in(page: Page, post: Any) -> Any:
    return page.locator(f"[data-unread-in='{post.pk}']")


def test_three_people_talk_and_one_comes_back(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu, maya = member("민서"), member("지우"), member("Maya", language="en")
    post = new_post(by=minseo.user)
    room_of_jiu, room_of_maya = RoomPage(jiu.page).open(post), RoomPage(maya.page).open(post)
    # Maya takes part by pressing the button, 지우 by saying something.
    maya.page.get_by_role("button", name="Take part").click()
    expect(maya.page.locator("#membership summary")).to_contain_text("everything")
    expect(room_of_jiu.log).to_contain_text(f"{maya.user.nickname} 님이 참여했어요")
    room_of_jiu.say("누가 커넥션을 쥐고 있을까요?")
    # 민서 is elsewhere: it counts there, in every tab.
    board, inbox = minseo.page, minseo.context.new_page()
    board.goto("/")
    inbox.goto("/rooms/")
    for page in (board, inbox):
        expect(new_in(page, post)).to_contain_text("1")
        expect(page.locator("live-stream")).to_have_attribute("data-state", "live")
    room_of_maya.say(f"@{minseo.user.nickname} did you see this?")
    for page in (board, inbox):
        expect(new_in(page, post)).to_contain_text("2")
        expect(page.locator("#inbox-count .count")).to_contain_text("1")
        expect(page.locator("[data-unread-in='rooms']")).to_contain_text("1")
    # The inbox leads to the line; seeing it there is reading it, and the other tab knows.
    inbox.goto("/inbox/")
    expect(inbox.locator("#unread-rooms + ul")).to_contain_text(post.title)
    inbox.locator("li.new a.what", has_text="did you see this?").click()
    room_of_minseo = RoomPage(inbox)
    room_of_minseo.is_live()
    expect(inbox.locator("#since")).to_be_visible()
    for page in (board, inbox):
        expect(page.locator("#inbox-count .count")).to_have_count(0)
    expect(new_in(board, post)).to_be_hidden()
    expect(board.locator("[data-unread-in='rooms']")).to_be_hidden()
    # While 민서 is away the post changes, and the room goes on.
    inbox.close()
    board.goto("about:blank")
    post.revise(by=minseo.user, title=post.title, body="고친 본문", category=post.category, tags=[], members_only=False)
    room_of_jiu.say("찾았어요")
    expect(room_of_maya.words.last).to_have_text("찾았어요")
    maya.page.goto("about:blank")
    room_of_jiu.say("풀이었어요")
    expect(room_of_jiu.pending).to_have_count(0)
    maya.page.goto(f"{post.get_absolute_url()}?view=post")  # where the room is out of sight, and so not read
    returned = maya.page.locator(".returned")
    expect(returned).to_contain_text("The post has changed")
    returned.get_by_role("link", name="new line").click()
    expect(maya.page.locator("#since")).to_be_in_viewport()
    # Maya wants to hear less of it.
    maya.page.locator("#membership summary").click()
    maya.page.get_by_role("button", name="when I am called").click()
    expect(maya.page.locator("#membership summary")).to_contain_text("when I am called")
    maya.page.goto("/")
    expect(maya.page.locator("live-stream")).to_have_attribute("data-state", "live")
    room_of_jiu.say(f"@{maya.user.nickname} 고마워요")
    expect(maya.page.locator("#inbox-count .count")).to_contain_text("1")
    expect(maya.page.locator("[data-unread-in='rooms']")).to_be_hidden()


def test_all_of_it_without_scripts(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu = (member(name, java_script_enabled=False) for name in ("민서", "지우"))
    post = new_post(by=minseo.user)
    page = jiu.page
    page.goto(post.get_absolute_url())
    with page.expect_navigation():
        page.get_by_role("button", name="채팅방에 참여").click()
    lines = [post.room.say(author=minseo.user, text=f"줄 {number}") for number in range(1, 61)]
    post.room.say(author=minseo.user, text=f"@{jiu.user.nickname} 여기요")
    page.goto("/rooms/")
    expect(new_in(page, post)).to_contain_text("61")
    page.goto("/inbox/")
    expect(page.locator("main")).to_contain_text("님이 나를 불렀어요")
    # It opens where they stopped; a link leads to the newest, a button says how far they have read.
    page.goto(post.get_absolute_url())
    since = page.locator("#since")
    assert since.evaluate("(li) => li.nextElementSibling.id") == f"line-{lines[0].pk}"
    with page.expect_navigation():
        page.get_by_role("button", name="여기까지 읽음").click()
    page.goto("/rooms/")
    expect(new_in(page, post)).to_contain_text("35")
    page.goto(f"{post.get_absolute_url()}room/?at=newest")
    with page.expect_navigation():
        page.get_by_role("button", name="여기까지 읽음").click()
    page.goto("/inbox/")
    expect(page.locator("li.new")).to_have_count(0)
    expect(page.locator("[data-unread-in='rooms']")).to_be_hidden()
    # A level, and leaving.
    page.goto(f"{post.get_absolute_url()}?view=room")
    page.locator("#membership summary").click()
    page.get_by_role("button", name="끔").click()
    expect(page.locator("#membership summary")).to_contain_text("끔")
    page.locator("#membership summary").click()
    page.get_by_role("button", name="방에서 나가기").click()
    expect(page.get_by_role("button", name="채팅방에 참여")).to_be_visible()


@pytest.mark.parametrize("place", ["/rooms/", "/inbox/"])
def test_on_a_phone_nothing_is_cut_off(member: Callable[..., Member], new_post: Callable[..., Any], place: str) -> None:
    jiu = member("지우", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    minseo = member("민서")
    post = new_post(by=jiu.user, title="아주 긴 제목을 가진 글이 휴대전화에서도 잘리지 않고 보이는지 봅니다")
    post.room.say(author=minseo.user, text="긴 말 " * 60)
    jiu.page.goto(place)
    expect(new_in(jiu.page, post)).to_be_in_viewport()
    assert jiu.page.evaluate("() => document.documentElement.scrollWidth") <= 390
