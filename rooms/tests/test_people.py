"""What streams tell about people, and keep from them."""

from collections.abc import Callable
from functools import partial

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from accounts.models import User
from accounts.whereabouts import whereabouts
from board.models import Post
from cobra.tests.api import Bot
from rooms import attendance, live, live_presence
from rooms.errors import KeptOut
from rooms.models import Level, Room
from rooms.presence import SHOWN
from rooms.tests.ears import BotEar, Ear, listen, on_thread, until
from rooms.tests.room import cookies_of, say

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_friends_add_is_counted_on_every_stream_of_the_person(post: Post, owner: User, stranger: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        ears = [await Ear(post.pk, cookies=cookies).open(), await Ear(None, cookies=cookies).open()]
        for ear in ears:
            await until(lambda ear=ear: "#inbox-count" in ear.text)  # type: ignore[misc]
            assert "count" not in ear.text.split("#inbox-count")[1].split("</hx-partial>")[0].split(">", 1)[1]
        await on_thread(partial(stranger.add_friend, owner))
        for ear in ears:
            await until(lambda ear=ear: 'class="count">1' in ear.text)  # type: ignore[misc]
            assert not ear.events[-1].id  # it moves no cursor
        await on_thread(owner.notifications.read)
        back = await Ear(None, cookies=cookies).open()
        await until(lambda: "#inbox-count" in back.text)
        assert 'class="count"' not in back.text
        for ear in (*ears, back):
            await ear.close()

    listen(conversation)


def test_a_visitor_has_no_stream_without_a_room(post: Post) -> None:
    async def conversation() -> None:
        assert (await Ear(None).open()).status == 401

    listen(conversation)


def test_whom_the_owner_has_blocked_reads_what_visitors_read_and_says_nothing(
    post: Post, owner: User, stranger: User
) -> None:
    cookies = cookies_of(stranger, post.get_absolute_url())
    client = Client()
    client.force_login(stranger)

    async def conversation() -> None:
        ear = await Ear(post.pk, cookies=cookies).open()
        await on_thread(partial(owner.block, stranger))
        await ear.is_ended()
        again = await Ear(post.pk, cookies=cookies).open()
        assert again.status == 200
        await on_thread(partial(post.room.admit, by=owner, members_only=True))
        await again.is_ended()
        assert (await Ear(post.pk, cookies=cookies).open()).status == 404

    listen(conversation)
    assert client.get(post.get_absolute_url()).status_code == 404
    post.room.admit(by=owner, members_only=False)
    assert client.get(post.get_absolute_url()).status_code == 200
    with pytest.raises(KeptOut):
        post.room.say(author=User.objects.get(pk=stranger.pk), text="저기요")
    owner.unblock(stranger)
    post.room.admit(by=owner, members_only=True)
    assert client.get(post.get_absolute_url()).status_code == 200


def test_a_roster_names_nobody_who_reads_unseen_and_nobody_to_whom_they_have_blocked(
    post: Post, owner: User, stranger: User, new_member: Callable[..., User]
) -> None:
    unseen = new_member("안보임", is_unseen=True)
    owner.block(stranger)
    path = post.get_absolute_url()
    cookies = {user.nickname: cookies_of(user, path) for user in (owner, stranger, unseen)}

    async def conversation() -> None:
        ears = {name: await Ear(post.pk, cookies=jar).open() for name, jar in cookies.items()}
        for ear in ears.values():
            await until(lambda ear=ear: any(">3<" in event.data for event in ear.events))  # type: ignore[misc]
        assert stranger.nickname in ears[owner.nickname].text
        assert owner.nickname not in ears[stranger.nickname].text
        assert not any(unseen.nickname in ear.text for ear in ears.values())
        assert whereabouts() == {owner.pk: {post.pk}, stranger.pk: {post.pk}}
        for ear in ears.values():
            await ear.close()

    listen(conversation)


def test_being_blocked_closes_members_only_rooms_to_nobody_else(post: Post, owner: User, stranger: User) -> None:
    post.room.admit(by=owner, members_only=True)
    owner.block(stranger)
    seen = {user: Room.objects.visible_to(user).filter(pk=post.pk).exists() for user in (owner, stranger)}
    assert seen == {owner: True, stranger: False}
    assert not Room.objects.visible_to(AnonymousUser()).filter(pk=post.pk).exists()


def test_what_is_said_in_my_rooms_is_counted_on_pages_of_mine_elsewhere(
    new_post: Callable[..., Post], owner: User, stranger: User
) -> None:
    here, elsewhere = new_post(by=owner), new_post(by=owner)
    cookies = cookies_of(owner, here.get_absolute_url())

    def told(ear: Ear) -> list[str]:
        return [event.data for event in ear.events if event.name == "unread"]

    async def conversation() -> None:
        ears = [await Ear(here.pk, cookies=cookies).open(), await Ear(None, cookies=cookies).open()]
        for ear in ears:
            await until(lambda ear=ear: told(ear) != [])  # type: ignore[misc]
            assert told(ear)[0].split("&")[0] == "rooms=0"
        await on_thread(partial(elsewhere.room.say, author=stranger, text="안녕"))
        for ear in ears:
            await until(lambda ear=ear: told(ear)[-1] == f"rooms=1&{elsewhere.pk}=1")  # type: ignore[misc]
            assert not ear.events[-1].id  # it moves no cursor
        # Read in another tab.
        await on_thread(partial(elsewhere.room.read, by=owner, up_to=1))
        for ear in ears:
            await until(lambda ear=ear: told(ear)[-1].startswith("rooms=0"))  # type: ignore[misc]
            await ear.close()

    listen(conversation)


def test_nobody_is_told_of_the_room_they_have_before_them_nor_of_one_that_tells_less(
    new_post: Callable[..., Post], owner: User, stranger: User
) -> None:
    here, silent, loud = new_post(by=owner), new_post(by=owner), new_post(by=owner)
    silent.room.take_part(by=owner, level=Level.CALLS)
    cookies = cookies_of(owner, here.get_absolute_url())

    async def conversation() -> None:
        ear = await Ear(here.pk, cookies=cookies).open()
        await until(lambda: "event: unread" in ear.text)
        for post in (here, silent, loud):
            await on_thread(partial(post.room.say, author=stranger, text="안녕"))
        await until(lambda: f"rooms=1&{loud.pk}=1" in ear.text)
        told = [event.data for event in ear.events if event.name == "unread"][1:]
        assert told == [f"rooms=1&{loud.pk}=1"]
        await ear.close()

    listen(conversation)


def test_a_program_that_listens_for_me_reads_nothing_for_me(post: Post, owner: User, stranger: User) -> None:
    token = Bot(owner).access
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        bot, ear = await BotEar(post.pk, token=token).open(), await Ear(None, cookies=cookies).open()
        await until(lambda: "event: unread" in ear.text)
        await on_thread(partial(say, post, stranger))
        await until(lambda: f"rooms=1&{post.pk}=1" in ear.text)
        for each in (bot, ear):
            await each.close()

    listen(conversation)


def test_who_comes_within_a_change_that_goes_back_is_told_that_it_did(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_presence, "GAP", 0.3)

    async def conversation() -> None:
        first = await Ear(post.pk).open()
        await until(lambda: any(">1<" in event.data for event in first.events))
        await until(lambda: live.get_hub().rooms[post.pk].who._timer is None)
        second = await Ear(post.pk).open()
        await until(lambda: any(">2<" in event.data for event in second.events))
        await first.close()
        await until(lambda: any(">1<" in event.data for event in second.events))
        await second.close()

    listen(conversation)


def test_who_is_here_is_told_by_name_to_members_and_by_number_to_visitors(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        visitor, member = await Ear(post.pk).open(), await Ear(post.pk, cookies=cookies).open()
        await until(lambda: owner.nickname in member.text)
        await until(lambda: any(">2<" in event.data for event in visitor.events))
        assert owner.nickname not in visitor.text
        assert attendance.roster_of(post.pk).size == 2
        for one in (visitor, member):
            await one.close()

    listen(conversation)


def test_of_many_in_a_room_the_first_are_named_and_all_are_counted(
    post: Post, new_member: Callable[..., User], settings: LazySettings
) -> None:
    """Everybody is sent the names whenever one changes: with all of them, a crowd would cost its own square."""
    settings.STREAM_RATE = None
    people = [new_member(f"사람{number:03}") for number in range(SHOWN + 5)]
    cookies = [cookies_of(person, post.get_absolute_url()) for person in people]

    async def conversation() -> None:
        ears = [await Ear(post.pk, cookies=cookie).open() for cookie in cookies]
        await until(lambda: f">{len(people)}<" in ears[0].events[-1].data)
        told = ears[0].events[-1].data
        assert "사람000" in told
        assert "사람024" not in told
        assert "그리고 5명 더" in told
        assert attendance.roster_of(post.pk).size == len(people)
        for ear in ears:
            await ear.close()

    listen(conversation)
