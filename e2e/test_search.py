"""Finding a post and what was said about it: with the keyboard alone, with and without scripts, on a telephone."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.conftest import Member
from e2e.findings import Findings
from e2e.keys import Keys

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
LANGUAGES = pytest.mark.parametrize("language", ["ko", "en"])


@SCRIPTS
@LANGUAGES
def test_what_somebody_remembers_half_a_word_of_is_found_with_the_keyboard_alone(
    member: Callable[..., Member], new_post: Callable[..., Any], scripts: bool, language: str
) -> None:
    minseo = member("민서", language=language, java_script_enabled=scripts)
    page, keys, own = minseo.page, Keys(minseo.page), uuid.uuid4().hex[:6]
    post = new_post(by=minseo.user, title=f"{own} 커넥션풀이 바닥나요", body="누가 안 돌려줄까요?")
    line = post.room.say(author=minseo.user, text=f"{own} 스트림이 커넥션풀을 쥐고 있어요")
    for number in range(60):
        post.room.say(author=minseo.user, text=f"그다음 말 {number}")

    page.goto("/")
    box = page.locator("#q")
    keys.to(box)
    keys.type(f"{own} 넥션")
    if scripts:
        found = page.locator("#suggest a")
        expect(found).to_have_count(2)
        expect(page.locator("#suggest-n")).to_have_text("결과 2개" if language == "ko" else "2 results")
        expect(found.first.locator("mark").last).to_have_text("넥션")  # the answer to all of it
        keys.press("ArrowDown")
        expect(found.first).to_be_focused()
        keys.look()
        keys.press("ArrowDown", "ArrowDown")
        expect(found.last).to_be_focused()
        keys.press("Escape")
        expect(box).to_be_focused()
        expect(page.locator("#suggest")).to_be_hidden()
    keys.press("Enter")
    expect(page).to_have_url(re.compile("/search/"))
    expect(box).to_have_value(f"{own} 넥션")
    expect(page.locator(".titles a")).to_have_text(post.title)
    hit = page.locator(".hits a")
    expect(hit.locator("mark")).to_have_text([own, "넥션"])
    keys.to(hit)
    keys.press("Enter")
    expect(page).to_have_url(re.compile(f"at={line.pk}"))
    expect(page.locator(f"#line-{line.pk}")).to_be_in_viewport()
    assert not keys.unseen


@SCRIPTS
def test_a_room_is_searched_from_its_head_on_a_telephone(
    member: Callable[..., Member], new_post: Callable[..., Any], scripts: bool
) -> None:
    minseo = member(
        "민서", java_script_enabled=scripts, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page, own, findings = minseo.page, uuid.uuid4().hex[:6], Findings()
    here, there = (new_post(by=minseo.user, title=f"{own} 글") for _ in range(2))
    said = here.room.say(author=minseo.user, text=f"{own} 여기서 한 말")
    there.room.say(author=minseo.user, text=f"{own} 저기서 한 말")

    page.goto(f"/posts/{here.pk}/?view=room")
    page.locator(".room-head details:has(#room-q) > summary").click()
    if scripts:
        expect(page.locator("#room-q")).to_be_focused()
    page.locator("#room-q").fill(own)
    page.locator("#room-q").press("Enter")
    expect(page.locator(".hits a")).to_have_text(said.text)
    if scripts:
        findings.look(page)
        page.locator("#q").fill(own)
        expect(page.locator("#suggest a").first).to_be_visible()
        findings.look(page)
    findings.none()
    page.locator(".hits a").click()
    expect(page.locator(f"#line-{said.pk}")).to_be_in_viewport()
