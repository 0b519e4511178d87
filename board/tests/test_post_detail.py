"""A post's page, with its room."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from board.models import Post
from rooms import log
from rooms.models import Line, Room
from rooms.window import PAGE

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def fill(post: Post, author: User, count: int) -> list[int]:
    return [post.room.say(author=author, text=f"줄 {number}").pk for number in range(count)]


@pytest.mark.parametrize("address", ["/posts/{}/", "/posts/{}/room/"])
def test_a_post_and_its_room_are_one_page_for_everybody(client: Client, post: Post, owner: User, address: str) -> None:
    line = post.room.say(author=owner, text="방에서 한 말")
    text = client.get(address.format(post.pk)).text
    assert post.title in text
    assert f'id="line-{line.pk}"' in text
    assert f"/posts/{post.pk}/room/stream/?lastEventId=" in text


def test_the_page_opens_on_what_was_asked(client: Client, post: Post) -> None:
    assert client.get(f"/posts/{post.pk}/").context["view"] == "both"
    assert client.get(f"/posts/{post.pk}/room/").context["view"] == "room"
    assert client.get(f"/posts/{post.pk}/?view=post").context["view"] == "post"
    assert client.get(f"/posts/{post.pk}/?view=<script>").context["view"] == "both"


def test_a_page_with_a_pass_is_kept_by_nobody(client: Client, post: Post, owner: User) -> None:
    client.force_login(owner)
    response = client.get(post.get_absolute_url())
    assert response["Cache-Control"] == "private, no-store"
    assert response.cookies["stream_pass"]["httponly"]
    del client.cookies["sessionid"]
    assert client.get(post.get_absolute_url()).cookies["stream_pass"].value == ""


def test_members_only_and_unseen_posts_are_404(client: Client, post: Post, stranger: User) -> None:
    Room.objects.filter(pk=post.pk).update(members_only=True)
    for path in (f"/posts/{post.pk}/", f"/posts/{post.pk}/room/", "/posts/999999/"):
        assert client.get(path).status_code == 404
    client.force_login(stranger)
    assert client.get(f"/posts/{post.pk}/").status_code == 200
    Room.objects.filter(pk=post.pk).update(hidden_at=timezone.now())
    assert client.get(f"/posts/{post.pk}/").status_code == 404


def test_older_and_newer_lines_page_without_a_hole(client: Client, post: Post, owner: User) -> None:
    said = fill(post, owner, 2 * PAGE + 10)
    window = client.get(f"/posts/{post.pk}/").context["window"]
    shown = [line.pk for line in window.lines]
    while window.has_older:
        window = client.get(f"/posts/{post.pk}/room/?before={shown[0]}").context["window"]
        shown = [line.pk for line in window.lines] + shown
    assert shown == said
    window = client.get(f"/posts/{post.pk}/room/?after={said[0]}").context["window"]
    assert [line.pk for line in window.lines] == said[1 : PAGE + 1]
    assert window.has_newer


def test_a_page_of_lines_is_a_fragment_for_htmx(client: Client, post: Post, owner: User) -> None:
    said = fill(post, owner, PAGE + 5)
    response = client.get(f"/posts/{post.pk}/room/?before={said[-1]}", headers=PARTIAL)
    assert "<html" not in response.text
    assert f'id="line-{said[-2]}"' in response.text
    assert f'id="line-{said[-1]}"' not in response.text


def test_a_permalink_opens_around_its_line(client: Client, post: Post, owner: User) -> None:
    said = fill(post, owner, 3 * PAGE)
    middle = said[PAGE]
    window = client.get(f"/posts/{post.pk}/?at={middle}").context["window"]
    shown = [line.pk for line in window.lines]
    assert middle in shown
    assert window.has_older
    assert window.has_newer
    last = client.get(f"/posts/{post.pk}/?at={said[-1]}").context["window"]
    assert last.lines[-1].pk == said[-1]
    assert not last.has_newer


def test_the_line_that_was_asked_for_is_marked_in_the_page_and_in_no_fragment(
    client: Client, post: Post, owner: User
) -> None:
    said = fill(post, owner, 3)
    post.room.slow_down(by=owner, seconds=10)
    notice = post.room.lines.latest("seq")
    for address in (f"/posts/{post.pk}/", f"/posts/{post.pk}/room/"):
        for pk in (said[1], notice.pk):
            text = client.get(f"{address}?at={pk}").text
            (marked,) = [
                part.partition(">")[0] for part in text.split("<li ") if "aria-current" in part.partition(">")[0]
            ]
            assert f'id="line-{pk}"' in marked
            assert marked.endswith('aria-current="true" autofocus')  # which also scrolls there, without scripts
        for query in ("", "?at=newest", f"?before={said[-1]}"):
            assert "autofocus" not in client.get(f"{address}{query}").text
    part = client.get(f"/posts/{post.pk}/room/?at={said[1]}", headers=PARTIAL).text
    assert f'id="line-{said[1]}"' in part
    assert "autofocus" not in part


@pytest.mark.parametrize("query", ["at=999999", "before=x", "after=-1", "at=99999999999999999999999"])
def test_lines_that_are_not_there_are_404(client: Client, post: Post, query: str) -> None:
    assert client.get(f"/posts/{post.pk}/room/?{query}").status_code == 404


def test_a_line_of_another_room_is_404(client: Client, post: Post, owner: User, new_post: Callable[..., Post]) -> None:
    other = new_post(by=owner).room.say(author=owner, text="다른 방")
    assert client.get(f"/posts/{post.pk}/room/?at={other.pk}").status_code == 404


def test_only_members_see_who_is_here(client: Client, post: Post, stranger: User) -> None:
    assert client.get(post.get_absolute_url()).context["shows_people"] is False
    client.force_login(stranger)
    assert client.get(post.get_absolute_url()).context["shows_people"] is True


def test_a_page_takes_a_fixed_number_of_queries(
    client: Client, post: Post, owner: User, stranger: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for author in (owner, stranger) * 15:
        post.room.say(author=author, text="한 줄")
    with django_assert_max_num_queries(5):
        client.get(post.get_absolute_url())
    client.force_login(owner)
    with django_assert_max_num_queries(18):
        client.get(post.get_absolute_url())


def test_reading_writes_nothing(client: Client, post: Post) -> None:
    before = (post.created_at, Room.objects.get(pk=post.pk).position.version)
    client.get(post.get_absolute_url())
    again = Post.objects.get(pk=post.pk)
    assert (again.created_at, again.room.position.version) == before


def test_what_i_have_blocked_is_folded_for_me_alone_and_so_are_quotes_of_it(
    client: Client, post: Post, owner: User, stranger: User
) -> None:
    line = post.room.say(author=stranger, text="한 줄")
    reply = post.room.say(author=owner, text="대답", reply_to=line)
    transcript = f"/posts/{post.pk}/transcript/"
    for address in (post.get_absolute_url(), transcript):
        text = client.get(address).text
        assert " folded" not in text
        assert "<summary>차단한" not in text
    assert 'data-folded=""' in client.get(post.get_absolute_url()).text
    client.force_login(owner)
    owner.block(stranger)
    for address in (post.get_absolute_url(), transcript):
        text = client.get(address).text
        said, _, answered = text.partition(f'id="line-{line.pk}"')[2].partition(f'id="line-{reply.pk}"')
        assert said.index('<details class="fold">') < said.index("한 줄")  # behind it, with and without scripts
        assert '<a class="quote q folded"' in answered
        assert 'class="unquoted"' in answered
        assert '<details class="fold">' not in answered.partition("</li>")[0]
    text = client.get(post.get_absolute_url()).text
    assert f'data-folded="{stranger.pk}"' in text
    assert "<folded-lines>" in text
    # What is pushed to everybody is folded for nobody, and the page of the one line, which was asked for, shows it.
    for each in Line.objects.for_log().filter(room=post.pk):
        assert "fold" not in log.fragment(each, "ko")
    assert "<details" not in client.get(f"/lines/{line.pk}/").text.partition('id="line-')[2].partition("</li>")[0]
    assert "quote q folded" in client.get(f"/lines/{reply.pk}/").text


def test_the_bar_that_leads_to_the_room_quotes_nobody_i_have_blocked(
    client: Client, post: Post, owner: User, stranger: User
) -> None:
    post.room.say(author=stranger, text="마지막 말")
    client.force_login(owner)
    assert "마지막 말" in client.get(post.get_absolute_url()).text.partition('class="peek"')[2]
    owner.block(stranger)
    assert "마지막 말" not in client.get(post.get_absolute_url()).text.partition('class="peek"')[2]


def test_a_line_is_refused_where_the_owner_has_blocked_its_author(
    client: Client, post: Post, owner: User, stranger: User
) -> None:
    owner.block(stranger)
    client.force_login(stranger)
    response = client.post(f"{post.get_absolute_url()}room/lines/", {"body": "여보세요?"})
    assert response.status_code == 403
    assert "여보세요?" in response.text


def test_it_opens_where_i_stopped_unless_i_have_been_at_its_end(
    client: Client, post: Post, owner: User, stranger: User
) -> None:
    client.force_login(owner)
    said = fill(post, stranger, 3 * PAGE)
    post.room.read(by=owner, up_to=10)

    def shown(query: str = "", **headers: str) -> list[int]:
        return [
            line.pk for line in client.get(f"/posts/{post.pk}/room/{query}", headers=headers).context["window"].lines
        ]

    first = '<li class="since" id="since">'
    text = client.get(post.get_absolute_url()).text
    assert said[10] in shown()
    assert said[-1] not in shown()
    assert f'id="line-{said[10]}"' in text.partition(first)[2].partition("</li>")[2].partition("</li>")[0]
    assert shown("?at=newest")[-1] == said[-1]
    post.room.read(by=owner, up_to=3 * PAGE - 5)  # within the newest page: nothing to leap to
    assert shown()[-1] == said[-1]
    assert first in client.get(post.get_absolute_url()).text
    post.room.say(author=owner, text="내가 마지막")
    fill(post, stranger, 2)
    said_last = Room.objects.get(pk=post.pk).lines.latest("seq").pk
    assert shown()[-1] == said_last


def test_who_was_never_here_reads_no_mark_and_days_are_theirs(client: Client, post: Post, owner: User) -> None:
    fill(post, owner, 3)
    text = client.get(post.get_absolute_url()).text
    assert 'id="since"' not in text.partition("<log-marks")[0]
    assert text.count('class="day"') == 2  # of the one day, and the template's
