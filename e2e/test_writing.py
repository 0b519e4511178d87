"""Somebody writes, and nothing of it is lost: not by a crash, a dead server, an ended session or another tab."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from e2e.conftest import Member, session_of
from e2e.patience import until
from e2e.site import Site

BODY = "첫 문단이에요.\n\n```python\nawait room.say(\n```\n\n끝나지 않은 말"


class Editor:
    """The form of a post, by names and ids: the words differ by language."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.title = page.locator("#id_title")
        self.body = page.locator("#id_body")
        self.tags = page.locator("#id_tags")
        self.saved = page.locator("#saved time")
        self.trouble = page.locator("draft-trouble .err")
        self.leftover = page.locator("draft-shelf .note")

    def open(self, path: str = "/posts/new/") -> "Editor":
        self.page.goto(path)
        return self

    def is_kept(self) -> None:
        """The server has it, and so the browser need not."""
        expect(self.page).to_have_url(re.compile(r"/drafts/[0-9a-f-]{36}/$"))
        expect(self.saved).to_be_visible()

    def held_here(self) -> int:
        return int(self.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('post-draft')).length"))

    def publish(self) -> None:
        self.page.locator(".write footer .primary").click()


def drafts_of(member: Member) -> list[str]:
    return list(member.user.drafts.order_by("created_at").values_list("title", flat=True))


def test_a_crash_in_the_middle_loses_nothing(
    member: Callable[..., Member], new_context: Callable[..., BrowserContext], site: Site
) -> None:
    """The browser is gone, and with it all it knew. In a new one the draft waits, among others, and is published."""
    minseo = member("민서")
    editor = Editor(minseo.page).open()
    editor.title.fill("쓰다 만 글")
    editor.body.press_sequentially("첫 글자들")
    editor.is_kept()
    expect(minseo.page.locator("#told")).to_contain_text("초안을 맡아 두었어요")
    with minseo.page.expect_response("**/drafts/"):
        editor.body.fill(BODY)
    other = Editor(minseo.context.new_page()).open()
    other.title.fill("다른 글")
    other.is_kept()
    minseo.context.close()

    page = new_context().new_page()
    page.context.add_cookies([{"name": "sessionid", "value": session_of(minseo.user), "url": site.url}])
    page.goto("/drafts/")
    expect(page.locator(".drafts h2")).to_have_text(["다른 글", "쓰다 만 글"])
    page.locator(".drafts").get_by_role("link", name="쓰다 만 글").click()
    editor = Editor(page)
    expect(editor.body).to_have_value(BODY)
    expect(page.locator("#preview")).to_contain_text("끝나지 않은 말")
    editor.publish()
    expect(page.locator("article h1")).to_have_text("쓰다 만 글")
    assert drafts_of(minseo) == ["다른 글"]


def test_a_dead_server_and_a_reload_lose_nothing(member: Callable[..., Member], site: Site, tmp_path: Path) -> None:
    """While the server is away the browser keeps it, over a reload too; when the server is back it gets it."""
    minseo = member("민서")
    frail = Site(site.var_dir)
    frail.log = tmp_path / "server.log"
    frail.start()
    try:
        editor = Editor(minseo.page).open(f"{frail.url}/posts/new/")
        editor.title.fill("서버가 죽어도")
        editor.is_kept()
        frail.kill()
        editor.body.fill(BODY)
        expect(editor.trouble).to_contain_text("이 브라우저에 맡아 두었어요")
        assert editor.held_here() == 1
        frail.start()
        minseo.page.reload()
        expect(editor.body).to_have_value(BODY)
        expect(editor.leftover).to_have_count(0)
        editor.body.press("End")
        editor.body.press_sequentially("이")
        until(minseo.page, lambda: minseo.user.drafts.get().body == f"{BODY}이")
        expect(minseo.page.locator("#told")).not_to_be_empty()
        until(minseo.page, lambda: editor.held_here() == 0)
        minseo.page.reload()
        expect(editor.body).to_have_value(f"{BODY}이")

        frail.kill()
        fresh = Editor(minseo.page)
        minseo.page.route("**/drafts/", lambda route: route.abort())  # however soon it is back
        fresh.body.fill("서버가 모르는 글")
        frail.start()
        fresh.open(f"{frail.url}/posts/new/")
        minseo.page.unroute("**/drafts/")
        expect(fresh.leftover).to_contain_text("서버가 죽어도")
        fresh.leftover.get_by_role("button", name="이어 쓰기").click()
        expect(fresh.body).to_have_value("서버가 모르는 글")
        expect(fresh.title).to_be_focused()
        fresh.is_kept()
        assert [draft.body for draft in minseo.user.drafts.all()] == ["서버가 모르는 글"]
    finally:
        frail.stop()


def test_a_reload_goes_on_where_an_answer_was_lost(member: Callable[..., Member]) -> None:
    """The server had kept more than the page knew: that is no second page, and makes no second draft."""
    minseo = member("민서")
    editor = Editor(minseo.page).open()
    editor.title.fill("답이 오지 않아도")
    editor.is_kept()
    minseo.page.route("**/drafts/", lambda route: (route.fetch(), route.abort()), times=1)
    editor.body.fill(BODY)
    expect(editor.trouble).to_be_visible()
    assert minseo.user.drafts.get().body == BODY
    minseo.page.route("**/drafts/", lambda route: route.abort())
    editor.body.press("End")
    editor.body.press_sequentially("이")
    minseo.page.reload()
    minseo.page.unroute("**/drafts/")
    with minseo.page.expect_response("**/drafts/"):
        expect(editor.body).to_have_value(f"{BODY}이")
    assert minseo.user.drafts.get().body == f"{BODY}이"


def test_an_ended_session_and_two_tabs_lose_nothing(
    member: Callable[..., Member], new_post: Callable[..., Any], site: Site
) -> None:
    from django.contrib.sessions.models import Session

    minseo = member("민서")
    post = new_post(by=minseo.user, title="원래 제목", body="원래 본문")
    editor = Editor(minseo.page).open(f"{post.get_absolute_url()}edit/")
    editor.body.fill("고치는 중")
    editor.is_kept()
    address = minseo.page.url
    Session.objects.filter(session_key=minseo.context.cookies()[0].get("value")).delete()
    editor.body.fill("로그아웃된 줄 모르고")
    expect(editor.trouble.get_by_role("link", name="들어오기")).to_be_visible()
    minseo.context.add_cookies([{"name": "sessionid", "value": session_of(minseo.user), "url": site.url}])
    editor.body.fill("다시 들어와서")
    expect(editor.trouble).to_be_hidden()

    second = Editor(minseo.context.new_page()).open(address)
    expect(second.body).to_have_value("다시 들어와서")
    second.body.fill("둘째 탭에서")
    second.is_kept()
    with second.page.expect_response("**/drafts/"):
        second.body.press_sequentially("도")
    editor.body.press_sequentially(" 첫 탭에서")
    expect(minseo.page.locator("#saved [role=alert]")).to_contain_text("따로 맡아 두었어요")
    assert sorted(draft.body for draft in minseo.user.drafts.all()) == ["다시 들어와서 첫 탭에서", "둘째 탭에서도"]

    second.publish()
    expect(second.page.locator("article .md")).to_have_text("둘째 탭에서도")
    second.page.get_by_role("link", name="고침").click()
    expect(second.page.locator(".diff ins")).to_have_text([re.compile("둘째 탭에서도")])
    expect(second.page.locator(".diff del")).to_have_text([re.compile("원래 본문")])
    assert [draft.body for draft in minseo.user.drafts.all()] == ["다시 들어와서 첫 탭에서"]


def test_without_scripts_it_is_a_button(member: Callable[..., Member], site: Site) -> None:
    from django.contrib.sessions.models import Session

    maya = member("Maya", language="en", java_script_enabled=False)
    editor = Editor(maya.page).open()
    editor.title.fill("Half a thought")
    maya.page.get_by_role("button", name="Keep as a draft").click()
    expect(maya.page.get_by_text("The draft is kept for you.")).to_be_visible()
    editor.body.fill(BODY)
    Session.objects.filter(session_key=maya.context.cookies()[0].get("value")).delete()
    editor.publish()
    expect(maya.page).to_have_url(re.compile("/accounts/login/"))
    held = next(cookie for cookie in maya.context.cookies() if cookie.get("name") == "sessionid")
    into(maya, str(held.get("value")))
    maya.page.goto("/posts/new/")
    expect(maya.page.get_by_text("You were signed out while you wrote this.")).to_be_visible()
    expect(editor.body).to_have_value(BODY)
    editor.publish()
    expect(maya.page.locator("article h1")).to_have_text("Half a thought")
    maya.page.goto("/drafts/")
    expect(maya.page.get_by_role("heading", name="No drafts")).to_be_visible()


def into(member: Member, session_key: str) -> None:
    """Signs in within a visitor's session, as the login page does."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    signed_in = SessionStore(session_of(member.user))
    session = SessionStore(session_key)
    for name in (BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY):
        session[name] = signed_in[name]
    session.save()
