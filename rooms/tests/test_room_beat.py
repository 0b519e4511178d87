"""Being in a room whose stream is held at the edge: by the word of the page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from board.models import Post
from rooms import attendance, live, presence
from rooms.presence import Roster
from rooms.tests.ears import listen, on_thread, until

pytestmark = pytest.mark.django_db(transaction=True)


def beat(post: Post, user: User | None = None, guest: str = "page000001") -> Callable[[], int]:
    """As the page does."""

    def send() -> int:
        client = Client()
        if user:
            client.force_login(User.objects.get(pk=user.pk))
        return client.post(f"/posts/{post.pk}/room/beat/", {"guest": guest}).status_code

    return send


def roster(post: Post) -> Roster:
    return attendance.roster_of(post.pk)


@pytest.mark.usefixtures("pushpin")
def test_members_are_here_by_name_and_everybody_else_is_counted_once_a_page(
    post: Post, owner: User, new_member: Callable[..., User]
) -> None:
    shy = new_member(is_unseen=True)

    async def conversation() -> None:
        live.get_hub()
        for user, guest in ((owner, "page000001"), (shy, "page000002"), (None, "page000003"), (None, "page000003")):
            assert await on_thread(beat(post, user, guest)) == 204
        await until(lambda: roster(post).size == 3)
        assert [person.pk for person in roster(post).people] == [owner.pk]
        assert (roster(post).members, roster(post).visitors) == (1, 2)

    listen(conversation)


@pytest.mark.usefixtures("pushpin")
def test_who_is_not_heard_of_leaves(post: Post, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    async def conversation() -> None:
        hub = live.get_hub()
        await on_thread(beat(post, owner))
        await on_thread(beat(post))
        await until(lambda: roster(post).size == 2)
        for name in ("GRACE", "GUEST_GRACE"):
            monkeypatch.setattr(presence, name, -1)
        hub.rooms[post.pk].presence.refresh()
        assert roster(post).size == 0

    listen(conversation)


@pytest.mark.usefixtures("pushpin")
def test_other_processes_count_the_same_page_once(post: Post) -> None:
    async def conversation() -> None:
        hub = live.get_hub()
        await on_thread(beat(post, guest="page000001"))
        await until(lambda: roster(post).size == 1)
        seen: dict[str, Any] = {"rooms": {str(post.pk): [[], 0, ["page000001", "page000002"]]}, "online": []}
        hub.elsewhere._take([(seen, 1.0)])
        assert roster(post).visitors == 2
        assert hub.elsewhere._seen(is_going=True)["rooms"][post.pk] == [[], 0, ["page000001"]]

    listen(conversation)


def test_without_pushpin_nothing_is_told_of_anybody(post: Post, owner: User) -> None:
    async def conversation() -> None:
        live.get_hub()
        assert await on_thread(beat(post, owner)) == 204
        assert roster(post).size == 0

    listen(conversation)


@pytest.mark.parametrize("guest", ["", "short", "x" * 17, "name with", "<b>name</b>"])
def test_a_page_names_itself_shortly(client: Client, post: Post, guest: str) -> None:
    assert client.post(f"/posts/{post.pk}/room/beat/", {"guest": guest}).status_code == 400


def test_only_a_post_is_taken_and_only_for_a_room_one_may_read(client: Client, post: Post) -> None:
    assert client.get(f"/posts/{post.pk}/room/beat/").status_code == 405
    assert client.post(f"/posts/{post.pk + 1}/room/beat/", {"guest": "page000001"}).status_code == 404
