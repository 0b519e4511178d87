"""The inbox counts by itself, on whichever page somebody is."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from e2e.conftest import Member
from e2e.room import RoomPage


def test_an_add_rings_where_its_reader_is(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu = member("민서"), member("지우")
    room, board = minseo.page, minseo.context.new_page()
    RoomPage(room).open(new_post(by=jiu.user))
    board.goto("/")
    expect(board.locator("live-stream")).to_have_attribute("data-state", "live")
    for page in (room, board):
        expect(page.locator("#inbox-count .count")).to_have_count(0)
    jiu.page.goto(minseo.user.get_absolute_url())
    jiu.page.locator(".friendship button").first.click()
    for page in (room, board):
        expect(page.locator("#inbox-count .count")).to_contain_text("1")
    reading = minseo.context.new_page()
    reading.goto("/inbox/")
    reading.get_by_role("button", name="모두 읽음으로").click()
    for page in (room, board, reading):
        expect(page.locator("#inbox-count .count")).to_have_count(0)
