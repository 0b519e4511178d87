"""How far somebody has read, and coming back to a room."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Member
from e2e.patience import until
from e2e.room import RoomPage

MOST_DRIFT = 1  # pixel


def fill(post: Any, by: Any, count: int, start: int = 1) -> list[Any]:
    return [post.room.say(author=by, text=f"줄 {number}") for number in range(start, start + count)]


def mark_of(person: Any, post: Any) -> int:
    from rooms.models import ReadMark

    return ReadMark.objects.get(person=person, room=post.pk).seq


def until_marked(page: Page, person: Any, post: Any, seq: int) -> None:
    """Wait until this line is marked as read, and perhaps the next one, of which a part is seen."""
    until(page, lambda: mark_of(person, post) >= seq)
    assert mark_of(person, post) <= seq + 1


@pytest.fixture
def people(member: Callable[..., Member]) -> tuple[Member, Member]:
    return member("민서"), member("지우")


def share_of(room: RoomPage, selector: str) -> float:
    """How far down the log something stands: 0 at its top, 1 at its bottom."""
    area, box = room.log.bounding_box(), room.page.locator(selector).bounding_box()
    assert area is not None
    assert box is not None
    return (box["y"] - area["y"]) / area["height"]


def test_a_room_opens_where_i_stopped_and_marks_what_i_have_seen(
    people: tuple[Member, Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    fill(post, jiu.user, 30)
    post.room.read(by=minseo.user, up_to=30)
    lines = fill(post, jiu.user, 120, 31)
    room = RoomPage(minseo.page).open(post)
    since = minseo.page.locator("#since")
    expect(since).to_be_in_viewport()
    assert since.evaluate("(li) => li.nextElementSibling.id") == f"line-{lines[0].pk}"
    assert 0.2 < share_of(room, "#since") < 0.45
    # What is in sight for a second is read, and nothing further down.
    last_seen = minseo.page.evaluate(
        """() => {
            const log = document.querySelector("chat-log").getBoundingClientRect();
            const all = [...document.querySelectorAll("#lines > .line")];
            const seen = all.filter((li) => li.getBoundingClientRect().bottom <= log.bottom);
            return Number(seen.at(-1).dataset.seq);
        }"""
    )
    until_marked(minseo.page, minseo.user, post, last_seen)
    # To the newest: what was jumped over stays unread, and `n` leads back to it.
    room.jump.click()
    expect(room.words.last).to_have_text("줄 150")
    expect(minseo.page.locator("form.catch-up")).to_be_visible()
    minseo.page.wait_for_timeout(2_500)  # seen, and told if it were
    mark = mark_of(minseo.user, post)
    assert mark <= last_seen + 1
    room.log.press("n")
    first_left = minseo.page.locator(f"[data-seq='{mark + 1}']")
    expect(first_left).to_be_in_viewport()
    # A word that all of it is read.
    room.jump.click()
    expect(room.words.last).to_have_text("줄 150")
    minseo.page.get_by_role("button", name="여기까지 읽음").click()
    until_marked(minseo.page, minseo.user, post, 150)
    expect(minseo.page.locator("form.catch-up")).to_be_hidden()


def test_five_hundred_lines_while_reading_history_move_nothing_and_are_not_read(
    people: tuple[Member, Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    lines = fill(post, jiu.user, 60)
    post.room.read(by=minseo.user, up_to=60)
    room = RoomPage(minseo.page).open(post)
    until_marked(minseo.page, minseo.user, post, 60)
    room.scroll_by(-600)
    eye = lines[-25]
    before = room.top_of(eye.pk)
    fill(post, jiu.user, 500, 61)
    expect(room.jump).to_contain_text("500")
    assert abs(room.top_of(eye.pk) - before) <= MOST_DRIFT
    assert mark_of(minseo.user, post) == 60
    assert room.lines.count() <= 300
    # The others come in as they are read down to.
    for _ in range(20):
        if not minseo.page.locator("#newer").count():
            break
        count = room.lines.count()
        room.log.evaluate("(log) => { log.scrollTop = 0 }")
        expect(room.lines).not_to_have_count(count)
    expect(room.words.last).to_have_text("줄 560")
    texts = room.words.all_inner_texts()
    assert texts == [f"줄 {number}" for number in range(int(texts[0].split()[1]), 561)]  # no hole
    room.scroll_by(9_000)
    post.room.say(author=jiu.user, text="줄 561")
    expect(room.words.last).to_have_text("줄 561")


def test_days_of_the_readers_zone_part_the_lines_and_stay_right_as_lines_come_from_both_sides(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    from datetime import UTC, datetime, timedelta

    from rooms.models import Line

    minseo, jiu = member("민서", timezone_id="America/Los_Angeles"), member("지우")
    post = new_post(by=minseo.user)
    lines = fill(post, jiu.user, 120)
    noon = datetime(2026, 3, 1, 20, tzinfo=UTC)  # in Los Angeles
    for number, line in enumerate(lines):
        Line.objects.filter(pk=line.pk).update(created_at=noon + timedelta(days=number // 30))
    post.room.read(by=minseo.user, up_to=120)
    room = RoomPage(minseo.page).open(post)

    def days() -> list[tuple[str, str]]:
        """Each day in the log with the line below it."""
        found = minseo.page.locator("#lines > .day").evaluate_all(
            "(all) => all.map((li) => [li.dataset.day, li.nextElementSibling.querySelector('.tx').innerText])"
        )
        return [(day, text) for day, text in found]

    expect(minseo.page.locator("#lines > .day").first).to_have_attribute("data-day", "2026-03-03")
    assert days() == [("2026-03-03", "줄 71"), ("2026-03-04", "줄 91")]
    room.log.evaluate("(log) => log.scrollTo(0, -1e6)")
    expect(room.words.first).to_have_text("줄 21")
    assert days()[:2] == [("2026-03-01", "줄 21"), ("2026-03-02", "줄 31")]
    room.log.evaluate("(log) => log.scrollTo(0, -1e6)")
    expect(room.words.first).to_have_text("줄 1")
    jiu_room = RoomPage(jiu.page).open(post)
    jiu_room.say("오늘")
    expect(room.words.last).to_have_text("오늘")
    assert [text for _day, text in days()] == ["줄 1", "줄 31", "줄 61", "줄 91", "오늘"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_line_that_is_asked_for_is_lit_in_sight_and_has_the_focus(
    member: Callable[..., Member], new_post: Callable[..., Any], scripts: bool, width: int
) -> None:
    minseo = member("민서", java_script_enabled=scripts, viewport={"width": width, "height": 800})
    post = new_post(by=minseo.user)
    line = fill(post, minseo.user, 90)[30]
    minseo.page.goto(f"{post.get_absolute_url()}?at={line.pk}")  # no #line-…: somebody has cut it off
    lit = minseo.page.locator("#lines > [aria-current]")
    expect(lit).to_have_attribute("id", f"line-{line.pk}")
    expect(lit).to_be_in_viewport()
    expect(lit).to_be_focused()
    washed = minseo.page.locator(f"#line-{line.pk + 1}").evaluate("(li) => getComputedStyle(li).backgroundColor")
    assert lit.evaluate("(li) => getComputedStyle(li).backgroundColor") != washed
    if scripts:
        line.edit(by=minseo.user, text="고쳤어요")
        expect(lit).to_contain_text("고쳤어요")
        expect(lit).to_be_focused()


def test_on_a_phone_the_time_of_a_line_that_goes_on_stands_beside_its_words(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서", java_script_enabled=False, viewport={"width": 390, "height": 844})
    post = new_post(by=minseo.user)
    for text in ("첫 줄", "**가**"):
        post.room.say(author=minseo.user, text=text)
    minseo.page.goto(f"{post.get_absolute_url()}?view=room")
    line = minseo.page.locator(".line.cont")
    time, word = line.locator("time").bounding_box(), line.locator("strong").bounding_box()
    assert time
    assert word
    assert time["x"] > word["x"] + word["width"]
    assert time["x"] + time["width"] <= 390


def test_on_a_phone_without_scripts_a_line_just_said_is_in_sight(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서", java_script_enabled=False, viewport={"width": 390, "height": 800})
    post = new_post(by=minseo.user)
    fill(post, minseo.user, 20)
    page = minseo.page
    page.goto(f"{post.get_absolute_url()}?view=room")
    page.locator("#id_body").fill("방금 한 말")
    page.locator("#composer .primary").click()
    expect(page.locator("#lines .tx", has_text="방금 한 말")).to_be_in_viewport()
    expect(page.locator("#id_body")).to_be_visible()
    page.get_by_role("radio", name="글", exact=True).check()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
