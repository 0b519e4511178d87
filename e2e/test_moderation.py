"""A stranger floods a room; they are slowed, reported, hidden and suspended, and the log tells it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.findings import Findings
from e2e.keys import Keys
from e2e.site import Site

AD = "여기서 아주 싸게 사세요"


@pytest.fixture
def strict(site: Site, new_context: Callable[..., Any]) -> Iterator[Site]:
    """The same site once more, with limits."""
    strict = Site(site.var_dir, LINE_RATE="3/5m")
    strict.start()
    yield strict
    strict.stop()


@pytest.fixture
def moderator(member: Callable[..., Any]) -> Any:
    from cobra.testing import as_staff

    hana = member("하나")
    as_staff(hana.user, "moderators", "administrators")
    return hana


def says(page: Page, text: str) -> None:
    page.locator("#id_body").fill(text)
    page.locator("#id_body").press("Enter")


def opens(who: Any, site: Site, path: str) -> Page:
    """A page of another site than the one that all tests share, as the same person."""
    cookies = [cookie | {"url": site.url} for cookie in who.context.cookies()]
    who.context.add_cookies([{key: cookie[key] for key in ("name", "value", "url")} for cookie in cookies])
    page: Page = who.page
    page.goto(f"{site.url}{path}")
    return page


def test_a_flood_is_slowed_reported_hidden_live_and_its_author_suspended(
    strict: Site, member: Callable[..., Any], new_post: Callable[..., Any], moderator: Any
) -> None:
    minseo, spammer, reader = member("민서"), member("도배"), member("지우", language="en")
    post = new_post(by=minseo.user)
    room = f"/posts/{post.pk}/room/"
    ad, seen = opens(spammer, strict, room), opens(reader, strict, room)

    # Slowed: the fourth is not taken, and stays in the box.
    for each in range(4):
        says(ad, f"{AD} {each}")
    expect(ad.locator("#composer-error")).to_contain_text("천천히")
    expect(ad.locator("#id_body")).to_have_value(f"{AD} 3")
    expect(seen.locator(".line .tx", has_text=AD)).to_have_count(3)

    # Reported, by a reader, from the line's own page.
    line = seen.locator(".line", has_text=f"{AD} 0")
    number = (line.get_attribute("id") or "").removeprefix("line-")
    seen.goto(f"{strict.url}/lines/{number}/")
    seen.get_by_role("link", name="Report").click()
    seen.get_by_label("Advertising or spam").check()
    seen.get_by_label("In your words").fill("The same in every room.")
    seen.get_by_role("button", name="Send it to the staff").click()
    expect(seen.locator(f"#line-{number}")).to_be_visible()

    # Decided by somebody who has a keyboard and nothing else, while the room is open elsewhere.
    page = opens(moderator, strict, "/reports/")
    keys = Keys(page)
    decide(keys, page, "가리기", "도배예요.")
    expect(seen.locator(f"#line-{number}")).to_contain_text("This line was hidden.")
    expect(ad.locator(f"#line-{number}")).to_contain_text("가려진 줄")
    page.goto(f"{strict.url}/people/{spammer.user.nickname}/")
    keys.to(page.get_by_role("link", name="신고", exact=True))
    keys.press("Enter")
    keys.to(page.get_by_label("광고나 도배"))
    keys.press("Space")
    keys.to(page.get_by_role("button", name="운영진에게 보내기"))
    keys.press("Enter")
    decide(keys, page, "쓰기 멈추기", "방마다 되풀이했어요.", opened=True)

    # Suspended: they read why, and how to object; nothing they send is taken.
    ad.goto(f"{strict.url}{room}")
    note = ad.locator(".note.warn", has_text="방마다 되풀이했어요.")
    expect(note).to_be_visible()
    expect(note.get_by_role("link")).to_have_attribute("href", re.compile("^mailto:"))
    expect(ad.locator("#id_body")).to_have_count(0)

    # The log tells everybody what and why, and to nobody but the staff who it was.
    seen.goto(f"{strict.url}/moderation/")
    expect(seen.locator("main")).to_contain_text("방마다 되풀이했어요.")
    expect(seen.locator("main")).not_to_contain_text(spammer.user.nickname)
    seen.goto(f"{strict.url}/inbox/")
    expect(seen.locator("main")).to_contain_text("What came of your report")
    assert keys.unseen == []
    found = Findings()
    for path in ("/reports/", "/moderation/", "/site/", "/rules/"):
        page.goto(f"{strict.url}{path}")
        found.look(page, thorough=False)
    found.none()


def decide(keys: Keys, page: Page, action: str, reason: str, *, opened: bool = False) -> None:
    """From the queue, or from the case itself: choose, say why, send; all by keys."""
    if not opened:
        keys.to(page.locator(".cases a").first)
        keys.press("Enter")
    radio = page.locator("#decision").get_by_label(action, exact=True)
    keys.to(page.locator("#decision input[type=radio]").first)
    for _ in range(10):
        if radio.is_checked():
            break
        keys.press("ArrowDown")
    keys.to(page.locator("#decision textarea"))
    keys.type(reason)
    keys.to(page.locator("#decision button"))
    keys.press("Enter")
    expect(page.get_by_text("처리하고 운영 기록에 남겼어요.")).to_be_visible()
