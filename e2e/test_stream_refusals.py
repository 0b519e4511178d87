"""Who may not read a room any more is told so once, and sees no login page in the middle of the talk."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from e2e.conftest import Member
from e2e.room import RoomPage

STREAM = "**/room/stream/**"


def is_denied(room: RoomPage) -> None:
    expect(room.stream).to_have_attribute("data-state", "denied")
    expect(room.strip).to_be_visible()
    expect(room.strip.locator("button")).to_have_count(0)
    expect(room.page.locator("input[type=password]")).to_have_count(0)


def streams_asked(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/stream/" in request.url else None)
    return asked


def test_a_visitor_leaves_a_room_that_becomes_one_for_members(
    member: Callable[..., Member], new_post: Callable[..., Any], new_context: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    post.room.say(author=minseo.user, text="아직 모두에게")
    visitor = RoomPage(new_context().new_page()).open(post)
    insider = RoomPage(jiu.page).open(post)
    asked = streams_asked(visitor.page)
    post.room.admit(by=minseo.user, members_only=True)
    is_denied(visitor)
    post.room.say(author=minseo.user, text="이제 회원에게만")
    expect(insider.words.last).to_have_text("이제 회원에게만")
    expect(visitor.words).to_have_text(["아직 모두에게"])
    visitor.show(visible=False)
    visitor.show(visible=True)  # nothing opens it again
    is_denied(visitor)
    assert len(asked) == 1
    visitor.page.reload()
    expect(visitor.log).to_have_count(0)


def test_somebody_who_signs_out_in_another_tab_loses_a_members_only_room(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user, members_only=True)
    room = RoomPage(jiu.page).open(post)
    room.box.fill("쓰던 글")
    other = jiu.context.new_page()
    other.goto("/")
    other.locator("form[action$='/logout/']").evaluate("(form) => form.submit()")
    is_denied(room)
    expect(room.box).to_have_value("쓰던 글")
    room.box.press("Enter")
    expect(room.error.locator(".err")).to_be_visible()
    expect(room.box).to_have_value("쓰던 글")


def test_a_deleted_post_ends_its_talk(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    room = RoomPage(jiu.page).open(post)
    post.delete_softly(by=minseo.user)
    is_denied(room)


def test_a_redirect_to_a_login_page_is_not_followed_into_the_log(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    jiu = member("지우")
    post = new_post(by=jiu.user)
    asked = streams_asked(jiu.page)
    jiu.page.route(STREAM, lambda route: route.fulfill(status=302, headers={"Location": "/accounts/login/"}))
    jiu.page.goto(f"{post.get_absolute_url()}?view=room")
    is_denied(RoomPage(jiu.page))
    assert len(asked) == 1


def test_without_scripts_a_members_only_post_does_not_exist_for_a_visitor(
    member: Callable[..., Member], new_post: Callable[..., Any], new_context: Callable[..., Any]
) -> None:
    minseo = member("민서")
    post = new_post(by=minseo.user, members_only=True)
    page = new_context(java_script_enabled=False).new_page()
    response = page.goto(post.get_absolute_url())
    assert response is not None
    assert response.status == 404
    expect(page.locator("chat-log")).to_have_count(0)
