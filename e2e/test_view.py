"""Post, room or both: what is shown stands in the address, and a link to a line shows the line."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from e2e.conftest import Member
from e2e.room import RoomPage

PHONE = {"viewport": {"width": 390, "height": 760}, "is_mobile": True, "has_touch": True}


def test_the_chosen_view_survives_a_reload(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    jiu = member("지우")
    jiu.page.goto(new_post(by=jiu.user).get_absolute_url())
    expect(jiu.page.locator("#room")).to_be_visible()
    jiu.page.locator("[name=view][value=post]").check()
    expect(jiu.page).to_have_url(re.compile(r"\?view=post$"))
    jiu.page.reload()
    expect(jiu.page.locator("[name=view][value=post]")).to_be_checked()
    expect(jiu.page.locator("#room")).to_be_hidden()


def test_only_the_halves_scroll_never_the_page(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    """What is there for screen readers only, far down in a long post, must not make the page itself longer."""
    jiu = member("지우")
    body = "\n\n".join(f"```python\nprint({number})\n```" for number in range(20))
    jiu.page.goto(new_post(by=jiu.user, body=body).get_absolute_url())
    expect(jiu.page.locator("figure .btn").last).to_be_attached()
    height = "document.documentElement.scrollHeight - document.documentElement.clientHeight"
    assert jiu.page.evaluate(height) == 0


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desk", "phone"])
def test_a_link_to_a_line_shows_it(
    device: dict[str, Any], member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우", **device)
    post = new_post(by=minseo.user)
    lines = [post.room.say(author=minseo.user, text=f"줄 {number}") for number in range(1, 101)]
    jiu.page.goto(lines[49].get_permalink())
    expect(jiu.page.locator(f"#line-{lines[49].pk}")).to_be_in_viewport()


def test_lines_that_come_while_only_the_post_is_read_are_there_in_the_room(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    for number in range(1, 61):
        post.room.say(author=minseo.user, text=f"줄 {number}")
    room = RoomPage(jiu.page).open(post, "?view=post")
    RoomPage(minseo.page).open(post).say("줄 61")
    expect(room.words.last).to_have_text("줄 61")
    jiu.page.locator("#v-room").check()
    expect(room.words.last).to_be_in_viewport()
    assert abs(room.from_end()) <= 1
    expect(room.lines).to_have_count(51)  # nothing was paged in by what could not be seen


def test_how_long_ago_is_told_in_the_language_of_the_page(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, maya = member("민서"), member("Maya", language="en")
    post = new_post(by=minseo.user, created_at=timezone.now() - timedelta(hours=3, minutes=5))
    for person, words in ((minseo, "3시간 전"), (maya, "3 hours ago")):
        person.page.goto(post.get_absolute_url())
        expect(person.page.locator(".lede time")).to_have_text(words)
        expect(person.page.locator(".lede time")).to_have_attribute("title", re.compile(r"\d{4}"))
