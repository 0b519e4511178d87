"""Who is here is told of all processes together; what one of them saw fades when it is heard of no more."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.whereabouts import whereabouts
from board.models import Post
from cobra.models import Sighting
from rooms import attendance, live
from rooms.elsewhere import ALONE, SILENT
from rooms.presence import GRACE
from rooms.tests.ears import Ear, listen, on_thread, until
from rooms.tests.room import cookies_of

pytestmark = pytest.mark.django_db(transaction=True)


def see(post: Post, *people: User, visitors: int = 0, ago: float = 0, process: str = "another") -> None:
    """Another process says who is in the room there."""
    here = [[person.pk, person.nickname] for person in people]
    seen = {"rooms": {post.pk: [here, visitors]}, "online": [person.pk for person in people]}
    at: Any = Now() - timedelta(seconds=ago)
    Sighting.objects.filter(process=process).delete()
    Sighting.objects.create(process=process, seen=seen, seen_at=at)


async def meet() -> None:
    await live.get_hub().elsewhere.meet()


def test_who_is_at_another_process_is_counted_and_named_here(post: Post, owner: User, stranger: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())

    async def conversation() -> None:
        ear = await Ear(post.pk, cookies=cookies).open()
        await on_thread(partial(see, post, owner, stranger, visitors=3))
        await meet()
        assert attendance.roster_of(post.pk).size == 5  # the owner, who is at both, is one person
        await until(lambda: stranger.nickname in ear.text)
        assert whereabouts() == {owner.pk: {post.pk}, stranger.pk: {post.pk}}
        await ear.close()

    listen(conversation)


def test_a_room_where_nobody_is_here_is_alive_by_the_word_of_others(post: Post, stranger: User) -> None:
    async def conversation() -> None:
        await on_thread(partial(see, post, stranger, visitors=1))
        await meet()
        assert attendance.rooms_alive()[post.pk].size == attendance.roster_of(post.pk).size == 2
        assert whereabouts() == {stranger.pk: {post.pk}}
        ear = await Ear(post.pk).open()
        await until(lambda: ">3<" in ear.text)
        await ear.close()

    listen(conversation)


@pytest.mark.parametrize(("ago", "size"), [(0, 3), (SILENT + 5, 1), (GRACE + 5, 0), (-3_600, 0)])
def test_what_a_killed_process_saw_fades(post: Post, stranger: User, ago: float, size: int) -> None:
    async def conversation() -> None:
        await on_thread(partial(see, post, stranger, visitors=2, ago=ago))
        await meet()
        assert attendance.roster_of(post.pk).size == size

    listen(conversation)


def test_who_leaves_the_other_process_leaves_here(post: Post, stranger: User) -> None:
    async def conversation() -> None:
        ear = await Ear(post.pk).open()
        await on_thread(partial(see, post, stranger))
        await meet()
        assert attendance.roster_of(post.pk).size == 2
        await on_thread(partial(see, post))
        await meet()
        assert attendance.roster_of(post.pk).size == 1
        await ear.close()

    listen(conversation)


def test_a_process_tells_whom_it_sees_and_when_it_goes_keeps_their_places(post: Post, owner: User) -> None:
    cookies = cookies_of(owner, post.get_absolute_url())
    words: list[Any] = []

    async def conversation() -> None:
        await on_thread(partial(see, post))
        ears = [await Ear(post.pk).open(), await Ear(post.pk, cookies=cookies).open()]
        await meet()
        words.append(await on_thread(lambda: Sighting.objects.exclude(process="another").get().seen))
        await live.get_hub().close()
        words.append(await on_thread(lambda: Sighting.objects.exclude(process="another").get().seen))
        for ear in ears:
            await ear.is_ended()

    listen(conversation)
    room = str(post.pk)
    assert words[0] == {"rooms": {room: [[[owner.pk, owner.nickname]], 1, []]}, "online": [owner.pk]}
    assert words[1]["rooms"][room] == [[[owner.pk, owner.nickname]], 0, []]


def test_who_is_alone_says_nothing(post: Post) -> None:
    async def conversation() -> None:
        await live.get_hub().elsewhere.tick()
        assert not await on_thread(Sighting.objects.exists)
        await on_thread(partial(see, post))
        await meet()
        await on_thread(Sighting.objects.all().delete)
        await live.get_hub().elsewhere.tick()
        assert await on_thread(Sighting.objects.count) == 1

    listen(conversation)


def test_who_seems_to_be_alone_hears_of_one_that_was_frozen(post: Post, stranger: User) -> None:
    async def conversation() -> None:
        elsewhere = live.get_hub().elsewhere
        await on_thread(partial(see, post, stranger, ago=GRACE + 5))
        await meet()
        assert elsewhere.others == 0
        await on_thread(partial(see, post, stranger))
        for _ in range(ALONE):
            await elsewhere.tick()
        assert attendance.roster_of(post.pk).size == 1

    listen(conversation)


def test_a_word_costs_the_same_whatever_it_says(
    post: Post, owner: User, stranger: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    see(post, owner, stranger)
    see(post, process="ancient", ago=10_000)
    assert len(Sighting.objects.hear("this")) == 2
    Sighting.objects.tell("this", {"rooms": {}})
    assert set(Sighting.objects.values_list("process", flat=True)) == {"this", "another"}
    with django_assert_max_num_queries(4):  # two, and a transaction around the first
        Sighting.objects.tell("this", {"rooms": {}})
        assert len(Sighting.objects.hear("this")) == 1


def test_processes_that_count_by_themselves_are_warned_of(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    see(post, process="first")
    call_command("check", databases=["default"])
    assert "REDIS_URL" not in "".join(capsys.readouterr())
    see(post, process="second")
    call_command("check", databases=["default"])
    assert "REDIS_URL" in "".join(capsys.readouterr())
