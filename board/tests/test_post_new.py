"""Writing, changing and deleting a post."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from board.models import Category, Post, Tag
from rooms.models import Room, RoomVersion

pytestmark = pytest.mark.django_db


def fields(**changes: Any) -> dict[str, Any]:
    category = Category.objects.get(slug="design")
    return {
        "title": "파이썬 글",
        "body": "## 제목\n\n```python\nprint(1)\n```",
        "category": category.pk,
        "tags": "파이썬, Django",
    } | changes


def test_a_post_is_made_with_its_room(client: Client, owner: User) -> None:
    client.force_login(owner)
    response = client.post("/posts/new/", fields())
    post = Post.objects.get()
    assert response.status_code == 303
    assert response["Location"] == post.get_absolute_url()
    assert (post.author, post.room.owner, post.pk) == (owner, owner, post.room_id)
    assert RoomVersion.objects.get(pk=post.pk).version == 0
    assert sorted(post.tags.names()) == ["Django", "파이썬"]
    assert '<span class="nb">print</span>' in post.body_html


def test_a_failing_post_leaves_no_room(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Post, "_set_tags", fail)
    with pytest.raises(RuntimeError):
        Post.publish(by=owner, title="글", body="본문", category=Category.objects.all()[0], tags=["a"])
    assert not Room.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "가" * 121}, "title"),
        ({"body": " \n "}, "body"),
        ({"body": "가" * 100_001}, "body"),
        ({"category": "999"}, "category"),
        ({"tags": "a b c d e f"}, "tags"),
        ({"tags": "가" * 31}, "tags"),
        ({"title": "널\x00문자"}, "title"),
    ],
)
def test_bad_input_is_422_with_everything_still_there(
    client: Client, owner: User, changes: dict[str, str], field: str
) -> None:
    client.force_login(owner)
    typed = fields(body="# 잃으면 안 되는 글") | changes
    response = client.post("/posts/new/", typed)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    if field != "body":
        assert "# 잃으면 안 되는 글" in response.text
    assert not Post.objects.exists()


def test_visitors_are_asked_to_sign_in_and_come_back(client: Client) -> None:
    response = client.get("/posts/new/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/posts/new/"


def test_the_author_changes_the_post_and_the_room_stays(client: Client, owner: User, post: Post) -> None:
    line = post.room.say(author=owner, text="한 말")
    client.force_login(owner)
    assert client.get(f"/posts/{post.pk}/edit/").status_code == 200
    response = client.post(f"/posts/{post.pk}/edit/", fields(title="고친 제목", tags="새태그"))
    post = Post.objects.get(pk=post.pk)
    assert response.status_code == 302
    assert post.title == "고친 제목"
    assert post.edited_at
    assert list(post.tags.names()) == ["새태그"]
    assert list(post.room.lines.values_list("pk", flat=True)) == [line.pk]


def test_a_refused_edit_changes_nothing(client: Client, owner: User, post: Post) -> None:
    client.force_login(owner)
    response = client.post(f"/posts/{post.pk}/edit/", fields(title="", body="새 본문"))
    assert response.status_code == 422
    assert Post.objects.get(pk=post.pk).body == post.body
    assert "새 본문" in response.text


def test_only_the_author_edits(client: Client, post: Post, stranger: User, staff: User) -> None:
    for user in (stranger, staff):
        client.force_login(user)
        assert client.get(f"/posts/{post.pk}/edit/").status_code == 403
        assert client.post(f"/posts/{post.pk}/edit/", fields()).status_code == 403
    assert Post.objects.get(pk=post.pk).title == post.title


def test_the_author_and_staff_delete_nobody_else(
    client: Client, owner: User, stranger: User, staff: User, new_post: Callable[..., Post]
) -> None:
    for user, status in ((stranger, 403), (owner, 302), (staff, 302)):
        post = new_post(by=owner)
        client.force_login(user)
        assert client.post(f"/posts/{post.pk}/delete/").status_code == status
        assert client.get(post.get_absolute_url()).status_code == (410 if status == 302 else 200)
    assert Post.objects.count() == 3  # the rows stay


def test_deleting_is_asked_about_first(client: Client, owner: User, post: Post) -> None:
    client.force_login(owner)
    assert client.get(f"/posts/{post.pk}/delete/").status_code == 200
    assert client.get(post.get_absolute_url()).status_code == 200


def test_a_post_for_members_is_for_members(client: Client, owner: User) -> None:
    client.force_login(owner)
    client.post("/posts/new/", fields(members_only="on"))
    post = Post.objects.get()
    client.logout()
    assert client.get(post.get_absolute_url()).status_code == 404
    client.force_login(owner)
    client.post(f"/posts/{post.pk}/edit/", fields())
    client.logout()
    assert client.get(post.get_absolute_url()).status_code == 200


def test_tags_count_their_posts(owner: User, new_post: Callable[..., Post]) -> None:
    first = new_post(by=owner, tags=["Django", "파이썬"])
    new_post(by=owner, tags=["django"])
    assert dict(Tag.objects.values_list("key", "post_count")) == {"django": 2, "파이썬": 1}
    first.revise(
        by=owner, title="글", body="본문", category=first.category, tags=["DJANGO", "rust"], members_only=False
    )
    assert dict(Tag.objects.values_list("key", "post_count")) == {"django": 2, "파이썬": 0, "rust": 1}


def test_tags_are_set_in_a_fixed_number_of_queries(
    owner: User, new_post: Callable[..., Post], django_assert_max_num_queries: Any
) -> None:
    post = new_post(by=owner)
    with django_assert_max_num_queries(9):
        post._set_tags(["하나", "둘", "셋", "넷", "다섯"])
    with django_assert_max_num_queries(9):
        post._set_tags(["여섯", "일곱", "여덟", "아홉", "열"])


def test_too_many_posts_are_refused_with_the_text_still_there(client: Client, owner: User, settings: Any) -> None:
    from cobra.rates import Rate

    settings.POST_RATE = Rate.parse("2/10m")
    client.force_login(owner)
    for _ in range(2):
        assert client.post("/posts/new/", fields()).status_code == 303
    response = client.post("/posts/new/", fields(body="세 번째 글의 본문"))
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "세 번째 글의 본문" in response.text
    assert f'<count-down seconds="{response["Retry-After"]}">' in response.text
    assert Post.objects.count() == 2
