"""Two people in two browsers, each in their own language; and one whose browser runs no scripts."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from e2e.conftest import Member
from e2e.room import RoomPage


def test_two_people_see_each_others_lines(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo, maya = member("민서"), member("Maya", language="en")
    post = new_post(by=minseo.user)
    complaints: list[str] = []  # of the browser: blocked by the policy, failed to load, thrown
    for one in (minseo, maya):
        one.page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        one.page.on("pageerror", lambda error: complaints.append(str(error)))
    korean, english = (RoomPage(one.page).open(post) for one in (minseo, maya))
    korean.say("안녕하세요 <b>여러분</b>")
    for room in (korean, english):
        expect(room.words).to_have_text(["안녕하세요 <b>여러분</b>"])
    english.say("Hello")
    for room in (korean, english):
        expect(room.words).to_have_text(["안녕하세요 <b>여러분</b>", "Hello"])
        expect(room.pending).to_have_count(0)
    expect(korean.page.locator("#lines > .own .tx")).to_have_text("안녕하세요 <b>여러분</b>")
    expect(english.page.locator("#lines > .own .tx")).to_have_text("Hello")
    assert complaints == []


def test_whoever_runs_no_scripts_reads_and_says_a_line(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, plain = member("민서"), member("준호", java_script_enabled=False)
    post = new_post(by=minseo.user)
    room = RoomPage(minseo.page).open(post)
    room.say("스크립트가 꺼져 있어도 괜찮아요")
    expect(room.words).to_have_count(1)
    plain.page.goto(post.get_absolute_url())
    theirs = RoomPage(plain.page)
    expect(theirs.words).to_have_text(["스크립트가 꺼져 있어도 괜찮아요"])
    theirs.box.fill("그러네요")
    plain.page.locator("#composer .primary").click()
    expect(theirs.words).to_have_text(["스크립트가 꺼져 있어도 괜찮아요", "그러네요"])
    assert "#line-" in plain.page.url
    expect(room.words).to_have_text(["스크립트가 꺼져 있어도 괜찮아요", "그러네요"])


def test_a_visitor_reads_along_live(
    member: Callable[..., Member], new_post: Callable[..., Any], new_context: Callable[..., Any]
) -> None:
    minseo = member("민서")
    post = new_post(by=minseo.user)
    visitor = RoomPage(new_context().new_page()).open(post)
    expect(visitor.box).to_have_count(0)
    RoomPage(minseo.page).open(post).say("들리나요?")
    expect(visitor.words).to_have_text(["들리나요?"])
    expect(visitor.page.locator("#room-status")).to_contain_text(minseo.user.nickname)


def test_who_comes_is_named_to_a_member_beside_the_log_and_under_the_faces(
    member: Callable[..., Member], new_post: Callable[..., Any], new_context: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    page, visitor = minseo.page, new_context().new_page()
    for one in (page, visitor, jiu.page):
        RoomPage(one).open(post)
    for place in ("#roster", "#roster-pop"):
        expect(page.locator(place).get_by_role("link", name=jiu.user.nickname, include_hidden=True)).to_have_count(1)
        expect(page.locator(f"{place} .dim")).to_have_text(["손님 1명이 읽고 있어요"])
        expect(visitor.locator(place)).not_to_contain_text(jiu.user.nickname)
    expect(page.locator("#here-faces .avatar")).to_have_count(2)
    expect(visitor.locator("#here-tab")).to_have_text("3")


def test_code_that_comes_live_can_be_copied(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu = member("민서"), member("지우", permissions=["clipboard-read", "clipboard-write"])
    post = new_post(by=minseo.user)
    room = RoomPage(jiu.page).open(post)
    RoomPage(minseo.page).open(post).say("```python\nprint(1)\n```")
    button = jiu.page.locator("#lines figure.code button")
    before = button.inner_text()
    button.click()
    expect(jiu.page.locator("#lines copy-code [role=status]")).not_to_be_empty()
    assert jiu.page.evaluate("navigator.clipboard.readText()") == "print(1)"
    expect(button).to_have_text(before)
    expect(room.words).to_have_count(1)


def test_times_are_told_in_the_readers_zone(
    member: Callable[..., Member], new_post: Callable[..., Any], new_context: Callable[..., Any]
) -> None:
    minseo = member("민서")
    post = new_post(by=minseo.user)
    RoomPage(minseo.page).open(post).say("몇 시예요?")
    clocks = []
    for zone, offset in (("Asia/Seoul", 9), ("Asia/Tokyo", 9), ("UTC", 0)):
        room = RoomPage(new_context(timezone_id=zone).new_page()).open(post)
        time = room.lines.locator("time")
        expect(time).to_have_attribute("title", re.compile(r"\d{4}"))
        utc_hour = int(str(time.get_attribute("datetime"))[11:13])
        assert time.inner_text().startswith(f"{(utc_hour + offset) % 24:02}:")
        clocks.append(time.inner_text())
    assert clocks[0] == clocks[1]


def test_each_sees_that_the_other_is_writing_and_nobody_sees_themselves(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = member("민서"), member("지우")
    post = new_post(by=minseo.user)
    mine, theirs = RoomPage(minseo.page).open(post), RoomPage(jiu.page).open(post)
    words = [room.page.locator("p.typing") for room in (mine, theirs)]
    theirs.box.press_sequentially("생각하는 중")
    expect(words[0]).to_have_text(f"{jiu.user.nickname} 님이 쓰고 있어요")
    expect(words[1]).to_be_hidden()
    expect(minseo.page.get_by_text("쓰고 있어요").and_(minseo.page.locator(":not([aria-hidden] *)"))).to_have_count(0)
    theirs.box.press("Enter")
    expect(mine.words).to_have_text(["생각하는 중"])
    expect(words[0]).to_be_hidden()
    theirs.box.press_sequentially("또")
    expect(words[0]).to_be_visible()
    expect(words[0]).to_be_hidden()  # by itself, when nothing more comes
