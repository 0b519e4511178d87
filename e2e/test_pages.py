"""What is true of every page: it complains of nothing, weighs little, goes on, and takes the readers as they are."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect

from e2e.conftest import Member
from e2e.keys import Keys
from e2e.patience import until
from e2e.site import Site

PICTURE = Path(__file__).parent.parent / "docs" / "post.webp"
MOST_BYTES = 60 * 1024  # over the wire, the first visit of a post with its room
MOST_REQUESTS = 12
LEFT = "net::ERR_ABORTED"  # what was under way, such as a stream, when the page was left


def complaints_of(page: Page, site: Site) -> list[str]:
    """Everything this page will say to the console as an error, every breach of its policy, every request elsewhere."""
    found: list[str] = []
    page.add_init_script(
        """document.addEventListener("securitypolicyviolation", (event) =>
            console.error(`${event.violatedDirective} blocked ${event.blockedURI} ${event.sample}`))"""
    )

    def say(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.append(message.text)

    def ask(request: Request) -> None:
        if not request.url.startswith(site.url):
            found.append(f"elsewhere: {request.url}")

    def fail(request: Request) -> None:
        if request.failure != LEFT:
            found.append(f"{request.url}: {request.failure}")

    page.on("console", say)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", ask)
    page.on("requestfailed", fail)
    return found


def test_no_page_complains(member: Callable[..., Member], new_post: Callable[..., Any], site: Site) -> None:
    from accounts.pictures import made_of

    minseo = member("민서", permissions=["clipboard-write"])
    page = minseo.page
    complaints = complaints_of(page, site)
    code = "```python\nprint(1)\n```\n\n![그림](https://example.com/a.png) <b style='color:red' onclick='x()'>굵게</b>"
    post = new_post(by=minseo.user, body=code, tags=("python",))
    post.room.say(author=minseo.user, text=code)
    address = post.get_absolute_url()
    minseo.user.profile.show_picture(made_of(ContentFile(PICTURE.read_bytes())))
    for each in (
        "/",
        "/tags/python/",
        "/posts/new/",
        f"{address}edit/",
        f"{address}delete/",
        f"/lines/{post.room.lines.get().pk}/",
        minseo.user.get_absolute_url(),
        *(f"/settings/{name}/" for name in ("profile", "skills", "account", "privacy")),
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/logout/",
        f"{address}?view=post",
    ):
        page.goto(each)
        page.wait_for_load_state("load")
        assert not complaints, each

    page.get_by_role("button", name="복사").first.click()
    page.locator("label", has_text="나란히").click()
    page.locator("#id_body").fill("한 줄")
    page.locator("#id_body").press("Enter")
    expect(page.locator("#lines .line:not(.pending)")).to_have_count(2)
    for summary in page.locator("summary").all():
        summary.press("Enter")  # the menu before may lie over it
    assert not complaints
    page.goto("/accounts/logout/")
    page.locator("main form button").first.click()
    expect(page.get_by_text("나왔어요. 또 만나요.")).to_be_visible()
    for each in ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", address):
        page.goto(each)
        page.wait_for_load_state("load")
        assert not complaints, each


def test_a_post_and_its_room_are_light(
    new_context: Callable[..., BrowserContext], new_post: Callable[..., Any]
) -> None:
    from accounts.models import User

    minseo = User.objects.create_user(f"{uuid.uuid4().hex[:8]}@example.com", nickname=uuid.uuid4().hex[:8])
    post = new_post(by=minseo, body="문단이 있고 `코드`가 있어요. 스트림마다 커넥션을 하나씩 쥐고 있습니다.\n\n" * 40)
    for number in range(50):
        post.room.say(author=minseo, text=f"{number}번째 줄이에요. `pg_stat_activity`를 보면 94개가 idle이에요.")
    page = new_context().new_page()
    addresses: dict[str, str] = {}
    under_way: dict[str, int] = {}  # bytes so far; a stream is never finished
    finished: dict[str, int] = {}

    def come(event: dict[str, Any], length: int) -> None:
        under_way[event["requestId"]] = under_way.get(event["requestId"], 0) + length

    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.requestWillBeSent", lambda e: addresses.update({e["requestId"]: e["request"]["url"]}))
    network.on("Network.responseReceived", lambda e: come(e, e["response"]["encodedDataLength"]))
    network.on("Network.dataReceived", lambda e: come(e, e["encodedDataLength"]))
    network.on("Network.loadingFinished", lambda e: finished.update({e["requestId"]: e["encodedDataLength"]}))
    page.goto(post.get_absolute_url())
    expect(page.locator("live-stream[data-state=live]")).to_be_attached()
    expect(page.locator("#here")).to_contain_text("1")  # the first thing that the stream brings

    def weigh() -> dict[str, int]:
        return {urlsplit(url).path: finished.get(key, under_way.get(key, 0)) for key, url in addresses.items()}

    until(page, lambda: all(weigh().values()))  # what was asked for is answered
    weights = weigh()
    assert sum(weights.values()) <= MOST_BYTES, weights
    assert len(addresses) <= MOST_REQUESTS, weights


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_list_goes_on(
    new_context: Callable[..., BrowserContext],
    member: Callable[..., Member],
    new_post: Callable[..., Any],
    scripts: bool,
) -> None:
    author, tag = member("민서").user, f"목록{uuid.uuid4().hex[:8]}"
    titles = [new_post(by=author, title=f"{number}번째 글", tags=(tag,)).title for number in range(1, 26)][::-1]
    page = new_context(java_script_enabled=scripts).new_page()
    keys = Keys(page)
    page.goto(f"/tags/{tag}/")
    shown = page.locator(".entry h2")
    expect(shown).to_have_text(titles[:20])
    more = page.get_by_role("link", name="지난 글 더 보기")
    keys.to(more)
    keys.press("Enter")
    expect(shown).to_have_text(titles if scripts else titles[20:])
    expect(more).to_have_count(0)
    if scripts:
        expect(shown.nth(20).get_by_role("link")).to_be_focused()
        keys.look()
    assert not keys.unseen


def test_times_are_the_readers_own(
    new_context: Callable[..., BrowserContext], member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    from rooms.models import Line

    minseo = member("민서").user
    post = new_post(by=minseo)
    line = post.room.say(author=minseo, text="언제였더라")
    Line.objects.filter(pk=line.pk).update(created_at=datetime(2026, 1, 15, 3, 5, tzinfo=UTC))
    for zone, scripts, clock in (
        ("Asia/Seoul", True, "12:05"),
        ("America/New_York", True, "22:05"),
        ("America/New_York", False, "12:05"),  # the site's zone: nobody tells the server where the reader is
    ):
        page = new_context(timezone_id=zone, java_script_enabled=scripts).new_page()
        page.goto(post.get_absolute_url())
        time = page.locator(f"#line-{line.pk} time")
        expect(time).to_have_text(clock)
        expect(time).to_have_attribute("datetime", "2026-01-15T03:05:00Z")
        if zone == "America/New_York" and scripts:
            expect(time).to_have_attribute("title", re.compile("2026년 1월 14일"))


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_for_those_who_do_not_want_it(
    new_context: Callable[..., BrowserContext], member: Callable[..., Member], new_post: Callable[..., Any], motion: str
) -> None:
    minseo = member("민서")
    post = new_post(by=minseo.user)
    minseo.page.goto(post.get_absolute_url())
    expect(minseo.page.locator("live-stream[data-state=live]")).to_be_attached()
    page = new_context(reduced_motion=motion).new_page()
    moving = "() => document.getAnimations().filter(({ playState }) => playState === 'running').length"
    for address in ("/accounts/login/", post.get_absolute_url()):
        page.goto(address)
        expect(page.locator(".live:not(.off)").first).to_be_attached()
        assert bool(page.evaluate(moving)) == (motion == "no-preference"), address


def test_going_back_finds_what_was_typed(member: Callable[..., Member], new_post: Callable[..., Any]) -> None:
    minseo, jiwoo = member("민서"), member("지우")
    page = minseo.page
    post = new_post(by=minseo.user)
    page.goto(post.get_absolute_url())
    box = page.get_by_role("textbox", name="방에 말하기")
    box.fill("쓰다 만 말")
    page.get_by_role("link", name=minseo.user.nickname).first.click()
    expect(page).not_to_have_url(re.compile("/posts/"))
    page.go_back()
    expect(box).to_have_value("쓰다 만 말")
    expect(page.locator("live-stream[data-state=live]")).to_be_attached()
    jiwoo.page.goto(post.get_absolute_url())
    jiwoo.page.get_by_role("textbox", name="방에 말하기").fill("들려요?")
    jiwoo.page.get_by_role("button", name="보내기").click()
    expect(page.locator("#lines .line .tx")).to_have_text(["들려요?"])
    expect(box).to_have_value("쓰다 만 말")

    page.goto("/posts/new/")
    page.get_by_label("제목").fill("쓰다 만 글")
    page.get_by_label("본문").fill("여기까지")
    page.get_by_role("link", name="코브라 스페이스").click()
    expect(page).to_have_url(re.compile("/$"))
    page.go_back()
    expect(page.get_by_label("제목")).to_have_value("쓰다 만 글")
    expect(page.get_by_label("본문")).to_have_value("여기까지")


def test_on_a_phone_only_the_talk_stays_above_the_keyboard(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page = minseo.page
    post = new_post(by=minseo.user)
    page.goto(post.get_absolute_url())
    box, head = page.get_by_role("textbox", name="방에 말하기"), page.locator(".room-head")
    expect(box).to_be_hidden()
    page.locator(".peek").tap()
    expect(head).to_be_visible()
    box.tap()
    expect(head).to_be_hidden()
    expect(page.get_by_role("heading", level=1, name=post.title)).to_have_count(1)  # for those who listen
    box.fill("엄지로")
    page.get_by_role("button", name="보내기").tap()
    expect(page.locator("#lines .line:not(.pending) .tx")).to_have_text(["엄지로"])


def test_one_menu_is_open_at_most_and_none_after_a_click_elsewhere(
    member: Callable[..., Member], new_post: Callable[..., Any]
) -> None:
    minseo = member("민서")
    page = minseo.page
    page.goto(new_post(by=minseo.user).get_absolute_url())
    opened = page.locator("details.menu[open]")
    page.locator(".top summary").click()
    expect(opened).to_contain_text("나가기")
    page.locator("summary:has(+ #roster-pop)").press("Enter")  # the other lies over it
    expect(opened).to_contain_text(minseo.user.nickname)
    expect(opened).to_have_count(1)
    page.locator("article").click()
    expect(opened).to_have_count(0)
