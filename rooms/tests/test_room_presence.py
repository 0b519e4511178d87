"""Being in a room and writing there: who is told, when, and how often."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import User
from board.models import Post
from rooms import live_typing
from rooms.presence import Person
from rooms.tests.ears import Ear, listen, on_thread, until
from rooms.tests.room import cookies_of
from rooms.typing import LASTS, Keystroke, Typists

pytestmark = pytest.mark.django_db(transaction=True)


def writes(post: Post, user: User, typing: str = "1") -> Callable[[], int]:
    """Say so as a page does."""

    def send() -> int:
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        return client.post(f"/posts/{post.pk}/room/presence/", {"typing": typing} if typing else {}).status_code

    return send


def names(ear: Ear) -> list[str]:
    """Every telling of who is writing, as it stands on the stream."""
    return [event.data for event in ear.events if "#typing" in event.data]


def test_members_are_told_by_name_and_visitors_that_there_is_somebody(post: Post, owner: User, stranger: User) -> None:
    cookies = cookies_of(stranger, post.get_absolute_url())

    async def conversation() -> None:
        member, visitor = await Ear(post.pk, cookies=cookies).open(), await Ear(post.pk).open()
        assert await on_thread(writes(post, owner)) == 204
        await until(lambda: bool(names(member) and names(visitor)))
        assert f'data-author="{owner.pk}">{owner.nickname}<' in names(member)[0]
        assert "<b></b>" in names(visitor)[0]
        assert owner.nickname not in visitor.text
        assert not [event for event in member.events if "#typing" in event.data and event.id]  # no row of the log
        for ear in (member, visitor):
            await ear.close()

    listen(conversation)


def test_whoever_has_blocked_the_reader_reads_unseen_or_may_not_write_is_not_told_of(
    post: Post, owner: User, stranger: User, new_member: Callable[..., User]
) -> None:
    shy, blocker, kept_out = new_member(is_unseen=True), new_member(), new_member()
    blocker.block(stranger)
    owner.block(kept_out)
    cookies = cookies_of(stranger, post.get_absolute_url())

    async def conversation() -> None:
        ear = await Ear(post.pk, cookies=cookies).open()
        for user in (shy, blocker, kept_out, owner):
            assert await on_thread(writes(post, user)) == 204
        await until(lambda: owner.nickname in "".join(names(ear)))
        for user in (shy, blocker, kept_out):
            assert f'data-author="{user.pk}"' not in "".join(names(ear))
        await ear.close()

    listen(conversation)


def test_many_keystrokes_of_many_people_are_one_telling(
    post: Post, owner: User, new_member: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_typing, "GAP", 3)
    cookies = cookies_of(owner, post.get_absolute_url())
    people = [new_member() for _ in range(6)]

    async def conversation() -> None:
        ears = [await Ear(post.pk, cookies=cookies).open(), *[await Ear(post.pk).open() for _ in range(5)]]
        for user in people:
            await on_thread(writes(post, user))
        last = f'data-author="{people[-1].pk}"'
        await until(lambda: last in "".join(names(ears[0])))
        assert all(len(names(ear)) <= 2 for ear in ears)  # the first at once, then all the others together
        assert all(f'data-author="{user.pk}"' in names(ears[0])[-1] for user in people)
        for ear in ears:
            await ear.close()

    listen(conversation)


def test_who_has_said_the_line_or_stopped_writes_no_more(
    post: Post, owner: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_typing, "GAP", 0.1)
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        ear = await Ear(post.pk, cookies=cookies).open()
        await on_thread(writes(post, stranger))
        await until(lambda: len(names(ear)) == 1)
        line = await on_thread(lambda: post.room.say(author=stranger, text="말했어요"))
        await ear.hears(line.pk)
        await on_thread(writes(post, owner))
        await until(lambda: len(names(ear)) == 2)
        assert stranger.nickname not in names(ear)[1]
        await on_thread(writes(post, owner, "0"))
        await until(lambda: len(names(ear)) == 3)
        assert "<b" not in names(ear)[2]
        await ear.close()

    listen(conversation)


def test_a_name_is_forgotten_after_five_seconds() -> None:
    now = 100.0
    typists = Typists(lambda: now)
    jiu, maya = Person(1, "지우"), Person(2, "Maya.k_2")
    typists.hear(Keystroke(jiu, is_typing=True))
    now += LASTS - 1
    typists.hear(Keystroke.parse(str(Keystroke(maya, is_typing=True))))
    assert typists.now() == (jiu, maya)
    now += 2
    assert typists.now() == (maya,)
    assert not typists.hear(Keystroke(jiu, is_typing=False))


def test_a_name_gets_into_the_page_as_text() -> None:
    html = render_to_string("rooms/_typing.html", {"people": [Person(1, "<i>")], "shows_people": True})
    assert "<i>" not in html


def test_who_says_that_they_are_here_is_here_without_a_stream(post: Post, owner: User, stranger: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        ear = await Ear(post.pk, cookies=cookies).open()
        assert await on_thread(writes(post, stranger, "")) == 204
        await until(lambda: stranger.nickname in ear.text)
        assert not names(ear)
        await ear.close()

    listen(conversation)


def test_it_costs_few_queries_and_takes_no_nonsense(
    client: Client, post: Post, owner: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client.force_login(owner)
    address = f"/posts/{post.pk}/room/presence/"
    # One more on PostgreSQL, which carries the bell to other processes.
    with django_assert_max_num_queries(4 + (connection.vendor == "postgresql")):  # type: ignore[attr-defined]
        assert client.post(address, {"typing": "1"}).status_code == 204
    assert client.post(address, {"typing": "2"}).status_code == 400
    assert client.get(address).status_code == 405
