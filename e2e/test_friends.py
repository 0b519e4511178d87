"""Friends, as people make and lose them: found, added, mutual, private, blocked; with and without scripts."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from e2e.conftest import Member
from e2e.findings import Findings
from e2e.site import Site

Members = Callable[..., Member]
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
WORDS = re.compile(r"\S")  # the translations are not this test's
LANGUAGES = pytest.mark.parametrize("language", ["ko", "en"])


def buttons(member: Member, person: Member) -> Locator:
    """What `member` may do about `person`, on the page that is open."""
    return member.page.locator(f"#friendship-{person.user.pk}").first


def finds(member: Member, person: Member, *, scripts: bool) -> Locator:
    """By the nickname without its end; the row that is found."""
    member.page.goto("/friends/")
    box = member.page.locator("#keyword")
    box.fill(person.user.nickname[:-1])
    if not scripts:
        box.press("Enter")
    row = member.page.locator(f"#found #person-{person.user.pk}")
    expect(row).to_be_visible()
    return row


def adds(member: Member, person: Member) -> None:
    buttons(member, person).locator("form button[value='1']").first.click()
    expect(buttons(member, person).locator(".menu > summary")).to_contain_text(WORDS)


def blocks(member: Member, person: Member) -> None:
    there = buttons(member, person)
    there.locator(".menu > summary").click()
    there.locator(".sure > summary").click()
    there.locator(".sure button").click()
    expect(there.locator(".badge")).to_be_visible()


def is_told(member: Member, *, scripts: bool) -> None:
    told = member.page.locator("#told" if scripts else ".messages[role=status]")
    expect(told).to_contain_text(WORDS)


@SCRIPTS
@LANGUAGES
def test_two_people_find_each_other_become_friends_and_part(
    member: Members, new_post: Callable[..., Any], scripts: bool, language: str
) -> None:
    minseo = member("민서", language=language, java_script_enabled=scripts)
    jiwoo = member("지우", language=language, java_script_enabled=scripts)
    jiwoo.user.profile.rewrite(status="풀 크기 재는 중", is_private=True)

    row = finds(minseo, jiwoo, scripts=scripts)
    expect(row).not_to_contain_text("풀 크기 재는 중")
    expect(row).not_to_contain_text(jiwoo.user.email)
    expect(minseo.page.locator("#found-count")).to_contain_text("1")
    adds(minseo, jiwoo)
    is_told(minseo, scripts=scripts)
    if scripts:
        expect(buttons(minseo, jiwoo).locator(".menu > summary")).to_be_focused()
    else:
        assert "/friends/search/?keyword=" in minseo.page.url

    jiwoo.page.goto("/")
    expect(jiwoo.page.locator("#inbox-count .count")).to_contain_text("1")
    jiwoo.page.locator("nav a[href='/inbox/']").click()
    jiwoo.page.wait_for_url("**/inbox/")  # and its scripts
    expect(jiwoo.page.locator(".inbox .new")).to_contain_text(minseo.user.nickname)
    adds(jiwoo, minseo)
    is_told(jiwoo, scripts=scripts)
    expect(jiwoo.page.locator("#inbox-count .count")).to_have_count(0)

    minseo.page.goto("/friends/")
    expect(minseo.page.locator(f"#person-{jiwoo.user.pk}")).to_contain_text("풀 크기 재는 중")
    expect(minseo.page.locator("#inbox-count .count")).to_contain_text("1")

    post = new_post(by=minseo.user)
    post.room.say(author=jiwoo.user, text="차단되기 전의 말")
    minseo.page.goto(jiwoo.user.get_absolute_url())
    blocks(minseo, jiwoo)
    is_told(minseo, scripts=scripts)
    gone = jiwoo.page.goto(minseo.user.get_absolute_url())
    assert gone
    assert gone.status == 404
    jiwoo.page.goto("/friends/")
    expect(jiwoo.page.locator(".rows")).to_have_count(0)

    jiwoo.page.goto(f"{post.get_absolute_url()}?view=room")
    expect(jiwoo.page.locator("p.composer.gate")).to_contain_text(WORDS)
    expect(jiwoo.page.locator("#id_body")).to_have_count(0)

    minseo.page.goto(f"{post.get_absolute_url()}?view=room")
    words = minseo.page.locator("#lines .line .tx")
    expect(words).to_be_hidden()
    minseo.page.locator("#lines .fold summary").click()
    expect(words).to_be_visible()
    expect(words).to_have_text("차단되기 전의 말")

    minseo.page.goto("/friends/")
    buttons(minseo, jiwoo).locator("button[value='0']").click()
    expect(buttons(minseo, jiwoo).locator(".badge")).to_have_count(0)
    if not scripts:
        expect(minseo.page.locator(f"#person-{jiwoo.user.pk}")).to_have_count(0)


@SCRIPTS
def test_somebody_who_added_me_is_left_as_they_are(member: Members, scripts: bool) -> None:
    minseo, maya = member("민서", java_script_enabled=scripts), member("Maya")
    maya.user.add_friend(minseo.user)
    minseo.page.goto("/friends/")
    minseo.page.locator(f"#friendship-{maya.user.pk} button[name=id]").click()
    expect(minseo.page.locator(f"#person-{maya.user.pk}")).to_have_count(0)
    assert minseo.page.url.endswith("/friends/")
    minseo.page.goto("/inbox/")
    expect(minseo.page.locator(".inbox li")).to_have_count(1)
    expect(minseo.page.locator(".inbox .new")).to_have_count(0)


def test_lines_that_come_later_are_folded_too(member: Members, new_post: Callable[..., Any]) -> None:
    minseo, loud = member("민서"), member("시끄러운")
    minseo.user.block(loud.user)
    post = new_post(by=loud.user)
    minseo.page.goto(f"{post.get_absolute_url()}?view=room")
    expect(minseo.page.locator("live-stream")).to_have_attribute("data-state", "live")
    line = post.room.say(author=loud.user, text="방금 한 말")
    post.room.say(author=minseo.user, text="나의 말", reply_to=line)
    words = minseo.page.locator("#lines .line .tx")
    expect(words).to_have_count(2)
    expect(words.first).to_be_hidden()
    expect(words.last).to_be_visible()
    for name in (".cut", ".who"):
        expect(words.last.locator(f".quote {name}")).to_be_hidden()
    expect(words.last.locator(".quote")).to_have_text(re.compile("차단한 사람$"))
    expect(minseo.page.locator("#room-status")).to_be_empty()
    minseo.page.locator("#lines .fold summary").click()
    expect(words.first).to_have_text("방금 한 말")
    expect(words.first).to_be_visible()
    line.edit(by=loud.user, text="고친 말")  # opened once, it stays open; the quote stays folded
    expect(words.first).to_contain_text("고친 말")
    expect(words.first).to_be_visible()
    expect(words.last.locator(".quote .cut")).to_have_text("고친 말", use_inner_text=False)
    expect(words.last.locator(".quote .cut")).to_be_hidden()


@pytest.fixture
def slow_site(site: Site) -> Iterator[Site]:
    """The same site, by a second server that takes one search a day."""
    slow = Site(site.var_dir, SEARCH_RATE="1/1d")
    slow.start()
    yield slow
    slow.stop()


def test_too_many_searches_are_refused_in_words_with_the_typed_ones_still_there(
    member: Members, slow_site: Site
) -> None:
    minseo, jiwoo = member("민서"), member("지우")
    page = minseo.page
    page.context.add_cookies([{**page.context.cookies()[0], "url": slow_site.url, "domain": "", "path": ""}])
    page.goto(f"{slow_site.url}/friends/")
    page.locator("#keyword").fill(jiwoo.user.nickname)
    expect(page.locator(f"#person-{jiwoo.user.pk}")).to_be_visible()
    page.locator("#keyword").fill("다른 사람")
    expect(page.locator(".find > [role=alert]")).to_contain_text(WORDS)
    expect(page.locator("#keyword")).to_have_value("다른 사람")
    page.locator("#keyword").press("Enter")
    expect(page.locator("h1 + .find > [role=alert]")).to_contain_text(WORDS)
    expect(page.locator("#keyword")).to_have_value("다른 사람")


@LANGUAGES
def test_axe_finds_nothing(member: Members, new_post: Callable[..., Any], language: str) -> None:
    minseo, findings, thorough = member("민서", language=language), Findings(), language == "ko"
    friend, fan, loud = member("지우"), member("Maya"), member("시끄러운사람")
    page = minseo.page
    for each in ("/friends/", "/inbox/", "/friends/search/"):  # empty
        page.goto(each)
        findings.look(page, thorough=thorough)
    minseo.user.add_friend(friend.user)
    fan.user.add_friend(minseo.user)
    friend.user.add_friend(minseo.user)
    friend.user.profile.rewrite(status="아주 긴 상태 문장이 여기에 있어요 " * 4)
    post = new_post(by=loud.user)
    post.room.say(author=loud.user, text="한 줄")
    minseo.user.block(loud.user)
    for each in (
        "/friends/",
        "/inbox/",
        f"/friends/search/?keyword={fan.user.nickname}",
        "/friends/search/?keyword=아무도없어요",
        fan.user.get_absolute_url(),
        f"{post.get_absolute_url()}?view=room",
    ):
        page.goto(each)
        expect(page.locator("#inbox-count .count")).to_contain_text("2")
        findings.look(page, thorough=thorough)
        menus = page.locator(".friendship .menu > summary")
        if menus.count():
            menus.first.click()
            page.locator(".sure:visible > summary").first.click()
            findings.look(page, thorough=thorough)
    findings.none()
