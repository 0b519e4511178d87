"""What pages that list rooms are told live: new rooms, and how many are in each; of no room they may not see."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from accounts.models import User
from board.models import Post
from rooms import live, lobby, presence
from rooms.tests.ears import Ear, listen, on_thread, until

pytestmark = pytest.mark.django_db(transaction=True)
NewPost = Callable[..., Post]


def ear(after: int, cookies: dict[str, str] | None = None, lang: str = "ko") -> Ear:
    return Ear(None, lang=lang, cookies=cookies, query_string=f"lang={lang}&after={after}".encode())


def newest() -> int:
    return max(lobby.newest(), default=0)


def told(listener: Ear) -> list[str]:
    """The rows of all `opened` events, the room's id left out."""
    events = [event for event in listener.events if event.name == "opened"]
    return [row.partition(" ")[2] for event in events for row in event.data.split("\n")]


def signed_in(user: User) -> dict[str, str]:
    from e2e.conftest import session_of

    return {settings.SESSION_COOKIE_NAME: session_of(user)}


def test_a_new_post_is_told_with_the_words_lists_know_it_by(owner: User, new_post: NewPost) -> None:
    async def conversation() -> None:
        visitor = await ear(await on_thread(newest)).open()
        assert visitor.status == 200
        await on_thread(lambda: new_post(by=owner, tags=["파이썬", "C++"]))
        await until(lambda: told(visitor) != [])
        assert told(visitor) == [f"category-debugging author-{owner.pk} tag-파이썬 tag-c-plus-plus"]
        assert not [event.id for event in visitor.events if event.id]
        await visitor.close()

    listen(conversation)


def test_who_comes_back_is_told_what_was_opened_meanwhile_once(owner: User, new_post: NewPost) -> None:
    old, first, second = (new_post(by=owner, tags=[tag]) for tag in ("옛", "하나", "둘"))

    async def conversation() -> None:
        visitor = await ear(old.pk).open()
        await until(lambda: len(told(visitor)) == 2)
        await on_thread(lambda: new_post(by=owner, tags=["셋"]))
        await until(lambda: len(told(visitor)) == 3)
        assert [row.rpartition("-")[2] for row in told(visitor)] == ["하나", "둘", "셋"]
        await visitor.close()
        again = await ear(second.pk).open()
        await until(lambda: len(told(again)) == 1)
        await again.close()

    listen(conversation)
    assert first.pk < second.pk


def test_a_post_for_members_is_told_to_members_only(owner: User, stranger: User, new_post: NewPost) -> None:
    cookies = signed_in(stranger)

    async def conversation() -> None:
        after = await on_thread(newest)
        visitor, member = await ear(after).open(), await ear(after, cookies).open()
        await on_thread(lambda: new_post(by=owner, tags=["비밀"], members_only=True))
        await on_thread(lambda: new_post(by=owner, tags=["모두"]))
        await until(lambda: len(told(member)) == 2 and len(told(visitor)) == 1)
        assert "비밀" not in visitor.text
        late = await ear(after).open()
        await until(lambda: len(told(late)) == 1)
        assert "비밀" not in late.text
        for each in (visitor, member, late):
            await each.close()

    listen(conversation)


def test_what_no_bell_told_of_is_found_by_the_clock(
    owner: User, new_post: NewPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lobby, "TICK", 0.05)
    monkeypatch.setattr("rooms.doorbell.announce_on_commit", lambda room_id: None)

    async def conversation() -> None:
        visitor = await ear(await on_thread(newest)).open()
        await on_thread(lambda: new_post(by=owner, tags=["조용히"]))
        await until(lambda: len(told(visitor)) == 1)
        await visitor.close()

    listen(conversation)


def test_a_look_under_way_when_the_last_page_goes_makes_no_news_of_old_posts(
    owner: User, new_post: NewPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = [new_post(by=owner) for _ in range(lobby.OVERLAP + 5)]
    begun, goes_on, look = threading.Event(), threading.Event(), lobby.opened_after

    def slow_look(*args: Any) -> list[lobby.Opened]:
        begun.set()
        assert goes_on.wait(5)
        return look(*args)

    async def conversation() -> None:
        first = await ear(posts[-1].pk).open()
        await until(lambda: "event: open" in first.text)
        hall = live.get_hub().lobby
        # Until the first look is over, and not the clock's, which ends at once while no newest room is known.
        await until(lambda: hall._newest is not None and hall._looking is not None and hall._looking.done())
        monkeypatch.setattr(lobby, "opened_after", slow_look)
        hall.look_soon()
        looking = hall._looking
        await until(begun.is_set)
        await first.close()
        goes_on.set()
        await until(lambda: looking is not None and looking.done())
        second = await ear(posts[-1].pk).open()
        await on_thread(lambda: new_post(by=owner, tags=["새것"]))
        await until(lambda: told(second) != [])
        assert [row.rpartition("-")[2] for row in told(second)] == ["새것"]
        await second.close()

    listen(conversation)


def test_an_import_is_no_news(owner: User, new_post: NewPost) -> None:
    from django.utils import timezone

    long_ago = timezone.now() - 2 * lobby.RECENT
    assert [room.pk for room in lobby.opened_after(0)] == []
    new_post(by=owner, created_at=long_ago)
    recent = new_post(by=owner)
    assert [room.pk for room in lobby.opened_after(0)] == [recent.pk]


def test_who_comes_just_before_a_room_empties_is_told_that_it_has(
    owner: User, new_post: NewPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lobby, "TICK", 0.5)
    post = new_post(by=owner)

    async def conversation() -> None:
        first = await ear(post.pk).open()  # for whom it ticks
        await until(lambda: "event: open" in first.text)
        inside = await Ear(post.pk).open()
        visitor = await ear(post.pk, lang="en").open()
        await until(lambda: "<b>1</b><small>here</small>" in visitor.text)
        await inside.close()
        await until(lambda: "quiet" in visitor.text)
        for each in (first, visitor):
            await each.close()

    listen(conversation)


def test_how_many_are_in_a_room_is_told_and_when_nobody_is(
    owner: User, new_post: NewPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lobby, "TICK", 0.05)
    monkeypatch.setattr(presence, "GRACE", 0)
    post, secret = new_post(by=owner), new_post(by=owner, members_only=True)
    cookies = signed_in(owner)

    async def conversation() -> None:
        visitor = await ear(secret.pk, lang="en").open()
        inside, hidden = await Ear(post.pk).open(), await Ear(secret.pk, cookies=cookies).open()
        await until(lambda: "<b>1</b><small>here</small>" in visitor.text)
        assert f'id="here-{post.pk}"' in visitor.text
        heard = len(visitor.text)
        await inside.close()
        await until(lambda: "quiet" in visitor.text[heard:])
        again = await ear(secret.pk).open()  # a page from before
        await until(lambda: f'here none" id="here-{post.pk}"' in again.text)
        await hidden.close()
        sizes = live.get_hub().lobby._sizes
        await until(lambda: sizes[secret.pk] == 0)
        late = await ear(secret.pk).open()
        await until(lambda: f"here-{post.pk}" in late.text)
        assert f"here-{secret.pk}" not in visitor.text + again.text + late.text
        for each in (visitor, again, late):
            await each.close()
        assert live.get_hub().lobby.listeners == set()

    listen(conversation)


def test_where_few_sizes_are_remembered_it_is_still_told_when_nobody_is_there(
    owner: User, new_post: NewPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lobby, "TICK", 0.05)
    monkeypatch.setattr(lobby, "MOST_SIZES", 0)
    post = new_post(by=owner)

    async def conversation() -> None:
        visitor, inside = await ear(post.pk, lang="en").open(), await Ear(post.pk).open()
        await until(lambda: "<b>1</b><small>here</small>" in visitor.text)
        await inside.close()
        await until(lambda: "quiet" in visitor.text)
        await visitor.close()

    listen(conversation)


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30])
def test_a_page_that_lists_nothing_is_told_nothing_and_a_visitors_is_refused(after: Any, post: Post) -> None:
    async def conversation() -> None:
        assert (await ear(after).open()).status == 401

    listen(conversation)
