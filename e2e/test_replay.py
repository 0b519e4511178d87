"""A real conversation of fifty people, fifty times as fast: whoever watches it sees every line, once, in order."""

import uuid
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from e2e.conftest import Member, session_of
from e2e.replay import lines_of, replay
from e2e.room import RoomPage
from e2e.site import Site

SPEED = 50

# Notes every line that comes into the page, in the order in which it comes.
NOTE = """() => {
    window.came = [];
    new MutationObserver((changes) => {
        for (const node of changes.flatMap((change) => [...change.addedNodes]))
            if (node.dataset?.seq) came.push(Number(node.dataset.seq));
    }).observe(document.querySelector("chat-log"), { childList: true, subtree: true });
}"""


def sessions_of(nicknames: set[str]) -> dict[str, str]:
    from accounts.models import Profile, User
    from accounts.nicknames import nickname_key

    users = []
    for _ in nicknames:
        unique = uuid.uuid4().hex[:12]
        user = User(email=f"{unique}@example.com", nickname=unique, nickname_key=nickname_key(unique))
        user.set_unusable_password()
        users.append(user)
    User.objects.bulk_create(users)
    Profile.objects.bulk_create(Profile(user=user) for user in users)
    return {nickname: session_of(user) for nickname, user in zip(sorted(nicknames), users, strict=True)}


def test_three_browsers_watch_three_hundred_lines_of_a_real_day(
    site: Site,
    member: Callable[..., Member],
    new_context: Callable[..., BrowserContext],
    new_post: Callable[..., Any],
) -> None:
    minseo = member("민서")
    post = new_post(by=minseo.user, title="Ubuntu, 2008-01-02")
    phone = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 760}}
    pages: list[Page] = [minseo.page, member("Maya", language="en").page, new_context(**phone).new_page()]
    for page in pages:
        RoomPage(page).open(post)
        page.evaluate(NOTE)
    lines = lines_of()
    assert len(lines) == 300
    sessions = sessions_of({line.author for line in lines})
    replay(lines, port=site.port, post_id=post.pk, sessions=sessions, speed=SPEED)
    kept = list(post.room.lines.order_by("seq").values_list("seq", "text"))
    assert [text for _, text in kept] == [line.text.rstrip() for line in lines]
    said = [seq for seq, _ in kept]
    for page in pages:
        expect(page.locator(f"#lines > [data-seq='{said[-1]}']")).to_be_visible()
        assert page.evaluate("came") == said
        shown = page.locator("#lines > [data-seq]").evaluate_all("(lines) => lines.map((li) => Number(li.dataset.seq))")
        assert shown == said[-len(shown) :]
        assert RoomPage(page).from_end() < 2  # and followed them
