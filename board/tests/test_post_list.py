"""The list of posts: what is in it, in which order, for whom."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from board.listing import PAGE
from board.models import Category, Post, Tag
from rooms.models import Room

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}

NewPost = Callable[..., Post]


def titles(client: Client, path: str) -> list[str]:
    """The titles in a list, followed by "more" to its end."""
    found: list[str] = []
    while path:
        context = client.get(path).context
        listing = context["listing"]
        found += [post.title for post in listing.posts]
        path = f"/?before={listing.next_before}" if listing.next_before else ""
    return found


def test_newest_posts_come_first(client: Client, owner: User, new_post: NewPost) -> None:
    now = timezone.now()
    for title, hours in (("어제", 24), ("방금", 0), ("아까", 2)):
        new_post(by=owner, title=title, created_at=now - timedelta(hours=hours))
    assert titles(client, "/") == ["방금", "아까", "어제"]


def test_paging_to_the_end_repeats_and_misses_nothing(client: Client, owner: User, new_post: NewPost) -> None:
    at = timezone.now() - timedelta(days=1)
    for number in range(2 * PAGE + 3):  # several in the same instant, as after an import
        new_post(by=owner, title=f"글 {number:03}", created_at=at + timedelta(seconds=number // 4))
    assert titles(client, "/") == [f"글 {number:03}" for number in reversed(range(2 * PAGE + 3))]


def test_posts_written_meanwhile_shift_no_page(client: Client, owner: User, new_post: NewPost) -> None:
    for number in range(PAGE + 5):
        new_post(by=owner, title=f"{number}")
    first = client.get("/").context["listing"]
    new_post(by=owner, title="새 글")
    second = client.get(f"/?before={first.next_before}").context["listing"]
    assert [post.title for post in second.posts] == ["4", "3", "2", "1", "0"]


def test_members_only_hidden_and_deleted_posts_do_not_exist_for_a_visitor(
    client: Client, owner: User, stranger: User, new_post: NewPost
) -> None:
    now = timezone.now()
    new_post(by=owner, title="모두")
    new_post(by=owner, title="회원만", members_only=True)
    for title, field in (("숨긴 글", "hidden_at"), ("지운 글", "deleted_at")):
        Room.objects.filter(pk=new_post(by=owner, title=title).pk).update(**{field: now})
    assert titles(client, "/") == ["모두"]
    client.force_login(stranger)
    assert titles(client, "/") == ["회원만", "모두"]
    client.force_login(owner)
    assert titles(client, "/") == ["숨긴 글", "회원만", "모두"]


def test_a_category_and_a_tag_narrow_the_list(client: Client, owner: User, new_post: NewPost) -> None:
    tools = Category.objects.get(slug="tools")
    new_post(by=owner, title="도구 글", category=tools, tags=["파이썬", "C++"])
    new_post(by=owner, title="다른 글", tags=["Django"])
    for path in ("/categories/tools/", "/?category=tools", "/tags/파이썬/", "/tags/c-plus-plus/", "/?tag=c-plus-plus"):
        assert [post.title for post in client.get(path).context["listing"].posts] == ["도구 글"], path
    assert titles(client, f"{Tag.objects.get(key='django').get_absolute_url()}") == ["다른 글"]


@pytest.mark.parametrize(
    "path", ["/categories/none/", "/tags/none/", "/?category=none", "/?tag=none", "/?before=9999", "/?before=x"]
)
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_more_answers_with_cards_only(client: Client, owner: User, new_post: NewPost) -> None:
    for number in range(PAGE + 1):
        new_post(by=owner, title=f"글 {number}")
    first = client.get("/").context["listing"]
    response = client.get(f"/?before={first.next_before}", headers=PARTIAL)
    assert "<html" not in response.text
    assert 'class="entry"' in response.text
    assert "HX-Request-Type" in response["Vary"]
    assert "<html" in client.get("/", headers={"HX-Request": "true", "HX-Request-Type": "full"}).text


def test_a_card_shows_the_last_line_but_not_one_that_is_gone(client: Client, owner: User, new_post: NewPost) -> None:
    post = new_post(by=owner)
    post.room.say(author=owner, text="남은 **줄**")
    gone = post.room.say(author=owner, text="지운 줄")
    assert "지운 줄" in client.get("/").text
    gone.deleted_at = timezone.now()
    gone.save()
    text = client.get("/").text
    assert "남은 줄" in text
    assert "지운 줄" not in text


def test_a_list_takes_the_same_few_queries_however_long(
    client: Client, owner: User, new_post: NewPost, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        post = new_post(by=owner, tags=[f"태그{number}", "공통"])
        post.room.say(author=owner, text="한 줄")
    with django_assert_max_num_queries(7):
        client.get("/")


def test_an_empty_board_says_so(client: Client) -> None:
    assert client.get("/").context["listing"].posts == []
    assert 'class="empty"' in client.get("/").text


def test_the_list_is_not_posted_to(client: Client) -> None:
    assert client.post("/").status_code == 405


def test_the_live_sort_goes_by_the_last_line(client: Client, owner: User, stranger: User, new_post: NewPost) -> None:
    posts = [new_post(by=owner, title=title) for title in ("하나", "둘", "셋")]
    posts[0].room.say(author=stranger, text="여기요")
    assert titles(client, "/?sort=live") == ["하나", "셋", "둘"]
    posts[1].room.say(author=owner, text="저도요")
    assert titles(client, "/?sort=live") == ["둘", "하나", "셋"]


def test_unanswered_is_what_nobody_but_the_author_has_spoken_in(
    client: Client, owner: User, stranger: User, new_post: NewPost
) -> None:
    posts = [new_post(by=owner, title=title) for title in ("하나", "둘", "셋")]
    posts[0].room.say(author=stranger, text="답이에요")
    posts[1].room.say(author=owner, text="덧붙이면")
    assert titles(client, "/?sort=unanswered") == ["셋", "둘"]


@pytest.mark.parametrize("sort", ["live", "unanswered"])
def test_the_other_sorts_page_to_the_end_without_a_repeat_or_a_hole(
    client: Client, owner: User, new_post: NewPost, sort: str
) -> None:
    at = timezone.now() - timedelta(days=1)
    for number in range(2 * PAGE + 3):
        new_post(by=owner, title=f"글 {number:03}", created_at=at + timedelta(seconds=number // 4))
    first = client.get(f"/?sort={sort}").context["listing"]
    new_post(by=owner, title="새 글")
    found = [post.title for post in first.posts]
    while first.next_before:
        first = client.get("/", {"sort": sort, "before": first.next_before}).context["listing"]
        found += [post.title for post in first.posts]
    assert found == [f"글 {number:03}" for number in reversed(range(2 * PAGE + 3))]


@pytest.mark.parametrize("cursor", ["x", "1", "1.1-1", "99999999999.000000-1x", "-1"])
def test_a_place_that_is_none_is_404(client: Client, post: Post, cursor: str) -> None:
    assert client.get("/", {"sort": "live", "before": cursor}).status_code == 404


def test_an_unknown_sort_is_the_newest(client: Client, owner: User, new_post: NewPost) -> None:
    new_post(by=owner, title="하나")
    new_post(by=owner, title="둘")
    assert titles(client, "/?sort=nonsense") == ["둘", "하나"]


def test_imported_lines_count_for_the_sorts(owner: User, stranger: User, new_post: NewPost) -> None:
    from board.importing import said

    post = new_post(by=owner, created_at=timezone.now() - timedelta(days=9))
    at = timezone.now() - timedelta(days=3)
    said.append(post.pk, [said.Said(key=uuid.uuid4(), author_id=stranger.pk, text="x", html="x", at=at)])
    post.room.position.refresh_from_db()
    assert (post.room.position.alive_at, post.room.position.has_answer) == (at, True)


def test_what_is_newer_than_a_page_comes_alone_for_its_top(client: Client, owner: User, new_post: NewPost) -> None:
    new_post(by=owner, title="옛 글")
    newest = client.get("/").context["listing"].newest
    for title, tags in (("하나", ["파이썬"]), ("둘", [])):
        new_post(by=owner, title=title, tags=tags)
    listing = client.get(f"/?after={newest}", headers=PARTIAL).context["listing"]
    assert [post.title for post in listing.posts] == ["둘", "하나"]
    assert listing.next_before == ""
    assert [post.title for post in client.get(f"/tags/파이썬/?after={newest}").context["listing"].posts] == ["하나"]
    assert client.get("/?after=x").status_code == 404


def test_a_list_says_which_new_posts_are_its_own(client: Client, owner: User, new_post: NewPost) -> None:
    from board.listing import words_of

    post = new_post(by=owner, tags=["파이썬", "C++"])
    words = words_of([post.pk])[post.pk].split()
    for path in ("/categories/debugging/", "/tags/파이썬/", "/tags/c-plus-plus/?category=debugging", "/?author=민서"):
        choice = client.get(path).context["listing"].choice
        assert choice.words
        assert set(choice.words.split()) <= set(words), path
    assert client.get("/").context["listing"].choice.words == ""
    new_post(by=owner, category=Category.objects.get(slug="tools"), tags=["Rust"])
    assert f'data-after="{Post.objects.latest("pk").pk}"' in client.get("/").text


def test_a_page_further_down_leads_to_the_newest(client: Client, owner: User, new_post: NewPost) -> None:
    for number in range(PAGE + 1):
        new_post(by=owner, title=f"글 {number}")
    before = client.get("/").context["listing"].next_before
    text = client.get(f"/?before={before}").text
    assert "<new-posts" not in text
    assert "가장 새 글로" in text
