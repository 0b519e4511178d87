"""Who may listen, and until when: nobody hears what is not for them."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from accounts.models import User
from board.models import Post
from rooms import clock, live, log
from rooms.models import Room
from rooms.passes import COOKIE
from rooms.standing import Reader, Standing
from rooms.tests.ears import Ear, listen, on_thread, until
from rooms.tests.room import cookies_of, deafen, say

pytestmark = pytest.mark.django_db(transaction=True)


def sign_out(cookies: dict[str, str], path: str = "/accounts/logout/") -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookies[settings.SESSION_COOKIE_NAME]
    client.post(path)


def test_unseen_rooms_are_404_and_a_dead_login_is_401(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())
    Room.objects.filter(pk=post.pk).update(members_only=True)

    async def conversation() -> None:
        assert (await Ear(post.pk).open()).status == 404
        assert (await Ear(999_999).open()).status == 404
        session = settings.SESSION_COOKIE_NAME
        assert (await Ear(post.pk, cookies={session: "gone"}).open()).status == 401
        assert (await Ear(post.pk, cookies={COOKIE: cookies[COOKIE]}).open()).status == 404
        assert (await Ear(post.pk, cookies={session: "other", COOKIE: cookies[COOKIE]}).open()).status == 401
        for good in ({session: cookies[session]}, cookies):
            ear = await Ear(post.pk, cookies=good).open()
            assert ear.status == 200
            await ear.close()

    listen(conversation)


def test_a_stream_gives_a_pass_to_who_has_none_that_is_good(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())
    session = settings.SESSION_COOKIE_NAME

    async def given(**brought: str) -> str:
        ear = await Ear(post.pk, cookies=brought).open()
        await ear.close()
        return ear.headers.get("set-cookie", "")

    async def conversation() -> None:
        assert not await given(**cookies)
        first = await given(**{session: cookies[session]})
        assert first.startswith(COOKIE)
        assert "HttpOnly" in first
        assert (await given(**cookies | {COOKIE: "forged"})).startswith(COOKIE)
        await on_thread(owner.end_streams)  # what the pass says is from before
        assert (await given(**cookies)).startswith(COOKIE)
        assert not await given()

    listen(conversation)


@pytest.mark.parametrize(("change", "status"), [("sign out", 401), ("block", 404)])
def test_a_pass_from_before_lets_nobody_in_who_had_no_stream_then(
    post: Post, owner: User, stranger: User, change: str, status: int
) -> None:
    Room.objects.filter(pk=post.pk).update(members_only=True)
    cookies = cookies_of(stranger, post.get_absolute_url())

    async def conversation() -> None:
        await on_thread(partial(sign_out, cookies) if change == "sign out" else partial(owner.block, stranger))
        ear = await Ear(post.pk, cookies=cookies).open()
        assert (ear.status, ear.names) == (status, [])

    listen(conversation)


def test_of_many_who_come_with_a_pass_all_are_asked_for_together(
    post: Post, owner: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    stamps = clock.auth_stamps

    def counted(ids: list[int]) -> dict[int, int]:
        asked.append(len(ids))
        return stamps(ids)

    monkeypatch.setattr(live, "auth_stamps", counted)
    cookies = [cookies_of(each, post.get_absolute_url()) for each in (owner, stranger)]

    async def conversation() -> None:
        first = await Ear(post.pk).open()
        ears = [Ear(post.pk, cookies=each) for each in cookies * 5]
        await asyncio.gather(*(ear.open() for ear in ears))
        assert [ear.status for ear in ears] == [200] * 10
        assert asked[0] == 2
        assert len(asked) <= 3  # the clock may have asked meanwhile
        for ear in (first, *ears):
            await ear.close()

    listen(conversation)


def test_closing_a_room_to_visitors_ends_their_streams_only(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        visitor, member = await Ear(post.pk).open(), await Ear(post.pk, cookies=cookies).open()
        await on_thread(lambda: Room.objects.get(pk=post.pk).admit(by=owner, members_only=True))
        await visitor.is_ended()
        line = await on_thread(partial(say, post, owner, "우리끼리"))
        await until(lambda: line.pk in member.heard)
        assert "우리끼리" not in visitor.text
        assert (await Ear(post.pk).open()).status == 404
        await member.close()

    listen(conversation)


def test_what_is_said_after_a_room_has_closed_reaches_no_visitor_even_where_both_are_read_at_once(
    post: Post, owner: User
) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        visitor, member = await Ear(post.pk).open(), await Ear(post.pk, cookies=cookies).open()
        deafen(post)
        await on_thread(lambda: Room.objects.get(pk=post.pk).admit(by=owner, members_only=True))
        await on_thread(partial(say, post, owner, "우리끼리"))
        await live.get_hub().clock.check()
        await until(lambda: "우리끼리" in member.text)
        await visitor.is_ended()
        assert "우리끼리" not in visitor.text
        await member.close()

    listen(conversation)


def test_a_deleted_room_ends_every_stream(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        ears = [await Ear(post.pk).open(), await Ear(post.pk, cookies=cookies).open()]
        await on_thread(lambda: Post.objects.get(pk=post.pk).delete_softly(by=owner))
        for ear in ears:
            await ear.is_ended()

    listen(conversation)


@pytest.mark.parametrize("change", ["sign out", "sign out of the admin", "new password", "suspend", "deactivate"])
def test_losing_the_login_ends_the_stream(
    post: Post, owner: User, change: str, suspend: Callable[[User], None]
) -> None:
    User.objects.filter(pk=owner.pk).update(is_staff="admin" in change)
    cookies = cookies_of(owner, post.get_absolute_url())

    def lose() -> None:
        if change == "sign out":
            sign_out(cookies)
        elif change == "sign out of the admin":
            sign_out(cookies, "/admin/logout/")
        elif change == "new password":  # by the admin or a command
            owner.set_password("아주 새로운 주머니쥐 7")
            owner.save()
        elif change == "suspend":
            suspend(owner)
        else:
            User.objects.filter(pk=owner.pk).update(is_active=False)

    async def conversation() -> None:
        ear = await Ear(post.pk, cookies=cookies).open()
        await until(lambda: len(ear.events) >= 2)
        await on_thread(lose)
        await ear.is_ended()
        again = await Ear(post.pk, cookies=cookies).open()  # with the same pass, which is from before
        await until(lambda: len(again.events) >= 2 or again.status != 200)
        readers = [listener.reader for listener in live.get_hub().listeners]
        assert all(reader.is_suspended for reader in readers if reader.person_id)
        await again.close()

    listen(conversation)


def test_visibility_by_memory_and_by_database_is_one_rule(
    owner: User, stranger: User, staff: User, new_member: Callable[..., User], new_post: Callable[..., Post]
) -> None:
    suspended = new_member(suspended_until=timezone.now() + timedelta(days=1))
    kept_out = new_member()
    owner.block(kept_out)
    for flags in range(8):
        post = new_post(by=owner)
        Room.objects.filter(pk=post.pk).update(
            members_only=bool(flags & 1),
            hidden_at=timezone.now() if flags & 2 else None,
            deleted_at=timezone.now() if flags & 4 else None,
        )
        standing: Standing = log.standings([post.pk])[post.pk]
        for user in (owner, stranger, staff, suspended, kept_out, AnonymousUser()):
            by_database = Room.objects.visible_to(user).filter(pk=post.pk).exists()
            assert standing.is_visible_to(Reader.of(user)) == by_database, (flags, user)
            assert Post.objects.visible_to(user).filter(pk=post.pk).exists() == by_database


def test_nothing_more_is_told_on_a_stream_of_who_has_signed_out(post: Post, owner: User, stranger: User) -> None:
    cookies = cookies_of(stranger, post.get_absolute_url())

    def sign_out_while_somebody_talks() -> None:
        stranger.end_streams()
        say(post, owner, "그다음 줄")

    async def conversation() -> None:
        ear = await Ear(post.pk, cookies=cookies).open()
        await until(lambda: "caught-up" in ear.names)
        await on_thread(sign_out_while_somebody_talks)
        await ear.is_ended()
        assert ear.heard == []

    listen(conversation)
