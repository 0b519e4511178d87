"""The moderation log as people read it."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Deed, User
from board.models import Post
from rooms.models import Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_moderator(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def test_everybody_reads_what_was_done_and_why_but_not_to_whom(
    client: Client, as_moderator: Client, post: Post, owner: User, staff: User, suspend: Callable[[User], None]
) -> None:
    post.room.lock(by=staff, reason="너무 뜨거워졌어요.")
    suspend(owner)
    page = client.get("/moderation/").text
    assert "너무 뜨거워졌어요." in page
    assert "광고를 되풀이했어요." in page
    assert post.title in page
    assert owner.nickname not in page
    assert owner.nickname in as_moderator.get("/moderation/").text


def test_a_title_is_told_to_those_who_may_read_it(
    client: Client, as_moderator: Client, post: Post, staff: User
) -> None:
    post.room.hide(by=staff, reason="광고예요.")
    assert post.title not in client.get("/moderation/").text
    assert post.title in as_moderator.get("/moderation/").text


def test_what_was_done_is_taken_back_by_one_more_row(
    as_moderator: Client, post: Post, owner: User, stranger: User, staff: User, suspend: Callable[[User], None]
) -> None:
    line = post.room.say(author=owner, text="여기서 싸게 사세요")
    deeds = [line.hide(by=staff, reason="광고예요."), post.room.lock(by=staff, reason="뜨거워요.")]
    suspend(stranger)
    for deed in (*deeds, Deed.objects.get(action="suspend")):
        assert as_moderator.post(f"/moderation/{deed.pk}/undo/").status_code == 302
    assert [deed.action for deed in Deed.objects.order_by("pk")][3:] == ["show", "unlock", "pardon"]
    assert not Line.objects.get(pk=line.pk).hidden_at
    assert User.objects.get(pk=stranger.pk).can_write()


def test_nobody_else_takes_anything_back(client: Client, post: Post, owner: User, staff: User) -> None:
    deed = post.room.lock(by=staff, reason="뜨거워요.")
    client.force_login(owner)
    assert client.post(f"/moderation/{deed.pk}/undo/").status_code == 403
    assert client.get(f"/moderation/{deed.pk}/undo/").status_code == 405


def test_the_log_goes_on_page_by_page(client: Client, post: Post, staff: User) -> None:
    for number in range(26):
        post.room.lock(by=staff, reason=f"{number}번째")
        post.room.unlock(by=staff)
    log = client.get("/moderation/").context["log"]
    assert len(log.entries) == 50
    rest = client.get(f"/moderation/?before={log.next_before}").context["log"]
    assert [entry.deed.action for entry in rest.entries] == ["unlock", "lock"]
    assert client.get("/moderation/?before=x").status_code == 404
