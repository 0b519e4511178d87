"""Reading a long room: nothing moves under the reader, nothing is missing."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Member
from e2e.patience import until
from e2e.room import RoomPage

MOST_DRIFT = 1  # pixel


def fill(post: Any, by: Any, count: int, start: int = 1) -> list[Any]:
    """Lines 1, 2, 3, …, said from outside of the server's process."""
    return [post.room.say(author=by, text=f"줄 {number}") for number in range(start, start + count)]


def change(line: Any, text: str) -> None:
    """What an edit does to the log: the row moves to the room's next version."""
    from cobra.db import write
    from cobra.markdown import render_line
    from rooms.models import RoomVersion

    with write():
        line.version = RoomVersion.objects.advance(line.room_id).version
        line.text, line.html = text, render_line(text)
        line.save(update_fields=["version", "text", "html"])


def seen_texts(room: RoomPage) -> list[str]:
    texts: list[str] = room.words.all_inner_texts()
    return texts


def numbered(first: int, last: int) -> list[str]:
    return [f"줄 {number}" for number in range(first, last + 1)]


@contextmanager
def styled(page: Page) -> Iterator[list[int]]:
    """How many elements the browser has styled at a time while this is entered."""
    browser, counts = page.context.browser, list[int]()
    assert browser
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    yield counts
    events = json.loads(browser.stop_tracing())["traceEvents"]
    counts += [event["args"].get("elementCount", 0) for event in events if event["name"] == "UpdateLayoutTree"]


@pytest.fixture
def people(member: Callable[..., Member]) -> tuple[Member, Member]:
    return member("민서"), member("지우")


def test_the_log_opens_at_its_end_and_follows_it(people: tuple[Member, Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    fill(post, minseo.user, 60)
    room = RoomPage(jiu.page).open(post)
    assert abs(room.from_end()) <= MOST_DRIFT
    other = RoomPage(minseo.page).open(post)
    for number in range(61, 66):
        other.say(f"줄 {number}")
    expect(room.words.last).to_have_text("줄 65")
    assert abs(room.from_end()) <= MOST_DRIFT
    expect(room.jump).to_be_hidden()


def test_nothing_moves_under_somebody_who_reads_further_up(
    people: tuple[Member, Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    lines = fill(post, minseo.user, 45)
    room = RoomPage(jiu.page).open(post)
    other = RoomPage(minseo.page).open(post)
    room.scroll_by(-500)
    eye = lines[-20]
    before = room.top_of(eye.pk)
    for number in range(46, 49):
        other.say(f"줄 {number}")
    expect(room.words.last).to_have_text("줄 48")
    assert abs(room.top_of(eye.pk) - before) <= MOST_DRIFT
    expect(room.jump).to_contain_text("3")
    expect(room.page.locator("#room-status")).to_contain_text("1")  # the first at once, the rest ten seconds later

    change(lines[5], "길어진 줄\n\n" * 6)  # far above
    expect(room.page.locator(f"#line-{lines[5].pk}")).to_contain_text("길어진")
    assert abs(room.top_of(eye.pk) - before) <= MOST_DRIFT
    change(lines[-1], "길어진 줄\n\n" * 6)  # far below
    expect(room.page.locator(f"#line-{lines[-1].pk}")).to_contain_text("길어진")
    assert abs(room.top_of(eye.pk) - before) <= MOST_DRIFT

    room.jump.click()
    expect(room.jump).to_be_hidden()
    assert abs(room.from_end()) <= MOST_DRIFT


def test_what_i_say_is_always_seen(people: tuple[Member, Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    fill(post, minseo.user, 45)
    room = RoomPage(jiu.page).open(post)
    room.scroll_by(-600)
    room.say("여기요")
    expect(room.words.last).to_have_text("여기요")
    assert abs(room.from_end()) <= MOST_DRIFT
    expect(room.jump).to_be_hidden()


def test_the_end_stays_in_sight_while_the_box_grows(
    people: tuple[Member, Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    fill(post, minseo.user, 45)
    room = RoomPage(jiu.page).open(post)
    for number in range(3):
        room.say(f"한 줄\n{'두 줄 ' * number}")
        expect(room.pending).to_have_count(0)
        room.box.fill("길게 " * 600)
        assert abs(room.from_end()) <= MOST_DRIFT
        room.box.fill("")
        assert abs(room.from_end()) <= MOST_DRIFT


def read_up(room: RoomPage, page: Page) -> None:
    """Scroll to the top again and again until there is nothing older."""
    older = page.locator("#older")
    for _ in range(100):
        if not older.count():
            return
        count = room.lines.count()
        room.log.evaluate("(log) => { log.scrollTop = -log.scrollHeight }")
        expect(room.lines).not_to_have_count(count)
    raise AssertionError("there is always something older")


def test_older_lines_page_in_without_holes_and_without_a_jump(
    people: tuple[Member, Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    fill(post, minseo.user, 400)
    room = RoomPage(jiu.page).open(post)
    assert seen_texts(room) == numbered(351, 400)
    first = room.lines.first
    line_id = int(str(first.get_attribute("id")).removeprefix("line-"))
    room.page.locator("#older").evaluate("(li) => li.closest('chat-log').scrollTo(0, -1e6)")
    top = room.log.bounding_box()
    assert top is not None
    expect(room.lines).to_have_count(100)
    assert room.top_of(line_id) - top["y"] < 200  # where it was, below the link; a page of lines is far more
    read_up(room, jiu.page)
    assert seen_texts(room) == numbered(1, 400)
    seqs = [int(str(seq)) for seq in room.lines.evaluate_all("(all) => all.map((li) => li.dataset.seq)")]
    assert seqs == sorted(set(seqs))


def test_a_page_holds_300_lines_and_what_left_it_can_be_read_again(
    people: tuple[Member, Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    room = RoomPage(jiu.page).open(post)
    for start in range(1, 340, 85):
        fill(post, minseo.user, 85, start)
        expect(room.words.last).to_have_text(f"줄 {start + 84}")
    assert room.lines.count() <= 300

    other = RoomPage(minseo.page).open(post)
    with styled(jiu.page) as counts:
        other.say("줄 341")
        expect(room.words.last).to_have_text("줄 341")
    assert 0 < max(counts) < 100, "A line that comes, and one that goes, have all others styled anew."

    read_up(room, jiu.page)
    assert seen_texts(room) == numbered(1, 341)


def test_a_link_to_a_line_opens_around_it(people: tuple[Member, Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    lines = fill(post, minseo.user, 200)
    room = RoomPage(jiu.page)
    jiu.page.goto(lines[99].get_permalink())
    room.is_live()
    area = room.log.bounding_box()
    assert area is not None
    expect(room.page.locator(f"#line-{lines[99].pk}")).to_be_in_viewport()
    middle = area["y"] + area["height"] / 2
    until(jiu.page, lambda: abs(room.top_of(lines[99].pk) - middle) < 40)
    expect(room.jump).to_be_visible()

    other = RoomPage(minseo.page).open(post)
    other.say("줄 201")
    expect(room.jump).to_contain_text("1")
    assert "줄 201" not in seen_texts(room)
    room.jump.click()
    expect(room.words.last).to_have_text("줄 201")
    assert seen_texts(room) == numbered(152, 201)
    assert abs(room.from_end()) <= MOST_DRIFT
    expect(room.jump).to_be_hidden()
    other.say("줄 202")
    expect(room.words.last).to_have_text("줄 202")


def test_from_an_old_line_one_reads_down_to_the_newest_without_holes(
    people: tuple[Member, Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    lines = fill(post, minseo.user, 200)
    room = RoomPage(jiu.page)
    jiu.page.goto(lines[49].get_permalink())
    room.is_live()
    newer = jiu.page.locator("#newer")
    for _ in range(20):
        if not newer.count():
            break
        last = str(room.lines.last.get_attribute("id"))
        before = room.lines.count()
        room.log.evaluate("(log) => { log.scrollTop = 0 }")
        expect(room.lines).not_to_have_count(before)
        expect(jiu.page.locator(f"#{last}")).to_be_in_viewport()
    expect(newer).to_have_count(0)
    expect(room.page.locator("#lines")).to_have_attribute("data-live", "yes")
    texts = seen_texts(room)
    assert texts == numbered(200 - len(texts) + 1, 200)
    RoomPage(minseo.page).open(post).say("줄 201")
    expect(room.words.last).to_have_text("줄 201")


def test_saying_something_from_an_old_line_leads_to_the_newest(
    people: tuple[Member, Member], new_post: Callable[..., Any]
) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    lines = fill(post, minseo.user, 200)
    room = RoomPage(jiu.page)
    jiu.page.goto(lines[49].get_permalink())
    room.is_live()
    room.say("줄 201")
    expect(room.words.last).to_have_text("줄 201")
    expect(room.pending).to_have_count(0)
    # The newest page may have been read before the line was there, or with it.
    expect(room.words.nth(-50)).to_have_text("줄 152")
    assert seen_texts(room)[-50:] == numbered(152, 201)


def test_lines_said_while_a_page_is_under_way_are_not_lost(
    people: tuple[Member, Member], new_post: Callable[..., Any]
) -> None:
    """The newest window is read, then a line is said, then the window comes."""
    minseo, jiu = people
    post = new_post(by=minseo.user)
    lines = fill(post, minseo.user, 200)
    room = RoomPage(jiu.page)
    jiu.page.goto(lines[49].get_permalink())
    room.is_live()
    other = RoomPage(minseo.page).open(post)

    def read_then_wait(route: Any) -> None:
        response = route.fetch()
        other.say("줄 201")
        expect(other.words.last).to_have_text("줄 201")
        expect(other.pending).to_have_count(0)
        route.fulfill(response=response)

    jiu.page.route(re.compile(r"/room/\?at=newest$"), read_then_wait)
    room.jump.click()
    expect(room.words.last).to_have_text("줄 201")
    assert seen_texts(room)[-50:] == numbered(152, 201)


def test_a_bad_or_old_copy_of_a_line_does_no_harm(people: tuple[Member, Member], new_post: Callable[..., Any]) -> None:
    minseo, jiu = people
    post = new_post(by=minseo.user)
    [line] = fill(post, minseo.user, 1)
    room = RoomPage(jiu.page).open(post)
    room.page.evaluate(
        """async (id) => {
            const item = (id, seq, version, text) =>
                `<li class="line" id="${id}" data-seq="${seq}" data-version="${version}">`
                + `<div class="tx">${text}</div></li>`;
            const log = document.querySelector("chat-log");
            const know = log.know;
            log.know = (li) => { if (li.id === "line-bad") throw new Error("bad"); know.call(log, li); };
            const text = '<hx-partial hx-target="#lines" hx-swap="line">'
                + item(`line-${id}`, 1, 1, "old") + item("line-bad", 5, 5, "bad") + item("line-z", 9, 9, "late")
                + item("line-y", 7, 7, "between") + "</hx-partial>";
            await htmx.swap({ text, sourceElement: document.body, swap: "none" });
        }""",
        line.pk,
    )
    expect(room.words).to_have_text(["줄 1", "between", "late"])


def test_whoever_runs_no_scripts_pages_back_by_links(
    people: tuple[Member, Member], member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo, _ = people
    post = new_post(by=minseo.user)
    fill(post, minseo.user, 120)
    plain = member("준호", java_script_enabled=False)
    room = RoomPage(plain.page)
    plain.page.goto(post.get_absolute_url())
    texts: list[str] = []
    for _ in range(3):
        texts = seen_texts(room) + texts
        if plain.page.locator("#older a").count():
            with plain.page.expect_navigation():
                plain.page.locator("#older a").click()
    assert texts == numbered(1, 120)
    expect(room.jump).to_be_visible()
    with plain.page.expect_navigation():
        room.jump.click()
    assert seen_texts(room) == numbered(71, 120)
