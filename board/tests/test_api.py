"""The JSON API of posts and their rooms, row by row of its documentation."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from board.models import Category, Post
from cobra.rates import Rate
from cobra.tests.api import Bot
from rooms.models import Line, Room

pytestmark = pytest.mark.django_db
POST = {
    "id",
    "tags",
    "title",
    "content",
    "created_at",
    "updated_at",
    "hit",
    "category",
    "writer",
    "members_only",
}
NewPost = Callable[..., Post]


@pytest.fixture
def me(owner: User) -> Bot:
    return Bot(owner)


@pytest.fixture
def visitor() -> Bot:
    return Bot()


def ids(answer: Any) -> list[int]:
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()]


def next_of(answer: Any) -> str:
    found = re.fullmatch(r'<http://localhost:8000([^>]+)>; rel="next"', answer["Link"])
    assert found
    return found[1]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["/api/post/categories", "/api/post/categories/"])
def test_categories_are_listed_and_never_made(visitor: Bot, method: str, path: str) -> None:
    answer = visitor.ask(method, path, {"name": "새 범주"})
    assert answer.status_code == 200
    assert answer.json()[0] == {"id": Category.objects.all()[0].pk, "name": "디버깅"}
    assert len(answer.json()) == Category.objects.count()


def test_posts_come_newest_first_page_by_page(visitor: Bot, owner: User, new_post: NewPost) -> None:
    posts = [new_post(by=owner, tags=["Django", "한국어"]).pk for _ in range(5)][::-1]
    first = visitor.get("/api/post/?limit=2")
    assert first.json()[0].keys() == POST
    assert ids(first) == posts[:2]
    second = visitor.get(next_of(first))
    assert ids(second) == posts[2:4]
    third = visitor.get(next_of(second))
    assert ids(third) == posts[4:]
    assert "Link" not in third
    assert ids(visitor.get("/api/post")) == posts


def test_a_post_is_told_in_seouls_time_and_without_secrets(visitor: Bot, post: Post, owner: User) -> None:
    (told,) = visitor.get("/api/post/").json()
    assert told["writer"] == {"id": owner.pk, "nickname": "민서"}
    assert told["created_at"].endswith("+09:00")
    assert told["updated_at"] == told["created_at"]
    assert (told["content"], told["hit"], told["category"]) == ("본문이에요.", 0, post.category_id)


def test_posts_of_a_category_and_of_a_tag(visitor: Bot, owner: User, new_post: NewPost) -> None:
    category = Category.objects.get(slug="design")
    designed = new_post(by=owner, category=category)
    tagged = new_post(by=owner, tags=["Django"])
    assert ids(visitor.get(f"/api/post/?category={category.pk}")) == [designed.pk]
    assert ids(visitor.get("/api/post/?tag=django")) == [tagged.pk]
    for query in ("category=999999", "tag=none", "before=999999"):
        assert visitor.get(f"/api/post/?{query}").status_code == 404
    for query in ("category=x", "limit=0", "limit=101", "limit=x", "before=-1", f"before={2**70}", "tag=%00"):
        assert visitor.get(f"/api/post/?{query}").status_code == 400, query


def test_members_only_posts_are_for_members(
    visitor: Bot, me: Bot, owner: User, new_post: NewPost, suspend: Callable[[User], None]
) -> None:
    post = new_post(by=owner, members_only=True, title="비밀")
    assert ids(me.get("/api/post/")) == [post.pk]
    assert ids(visitor.get("/api/post/")) == ids(visitor.get("/api/chat/room/")) == []
    assert ids(visitor.get("/api/post/?search=비밀")) == []
    for path in (f"/api/post/detail/{post.pk}/", f"/api/chat/room/{post.pk}/", f"/api/chat/room/{post.pk}/message/"):
        assert visitor.get(path).status_code == 404
        assert me.get(path).status_code == 200
    suspend(owner)
    assert ids(me.get("/api/post/")) == []


def test_a_search_finds_each_post_once_by_title_first(visitor: Bot, owner: User, new_post: NewPost) -> None:
    by_title = new_post(by=owner, title="장고 커넥션", tags=["장고", "장고팁"])
    by_tag = new_post(by=owner, tags=["장고", "장고커넥션"])
    by_body = new_post(by=owner, body="우리는 장고를 씁니다")
    by_category = new_post(by=owner, category=Category.objects.create(slug="x", name_ko="장고방", name_en="x"))
    new_post(by=owner)
    expected = [by_title.pk, by_category.pk, by_body.pk, by_tag.pk]
    assert ids(visitor.get("/api/post/?search=장고")) == expected
    assert ids(visitor.post("/api/post/?search=장고")) == expected
    assert ids(visitor.post("/api/post/", {"search": "장고"})) == expected
    assert ids(visitor.get("/api/post/?search=장고&limit=1")) == expected[:1]
    assert visitor.post("/api/post/").status_code == 400
    assert ids(visitor.get("/api/post/?search=%20")) == []


def test_searching_too_often_is_429(visitor: Bot, settings: Any) -> None:
    settings.SEARCH_RATE = Rate.parse("1/1h")
    visitor.get("/api/post/?search=장고")
    assert visitor.get("/api/post/?search=장고").status_code == 429
    assert 1 <= int(visitor.seen[-1]["Retry-After"]) <= 3600


def typed(**fields: Any) -> dict[str, Any]:
    category = Category.objects.all()[0]
    return {"title": "제목", "content": "**본문**", "category": category.pk, "tags": ["Django", "한국어"], **fields}


@pytest.mark.parametrize("tags", [["Django", "한국어"], [{"name": "Django"}, {"name": "한국어"}]])
def test_writing_makes_a_post_and_its_room(me: Bot, owner: User, tags: list[Any]) -> None:
    answer = me.post("/api/post/write", typed(tags=tags, members_only=True, writer=999, author=999))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told.keys() == POST
    assert told["tags"] == ["Django", "한국어"]
    assert told["writer"]["id"] == owner.pk
    assert told["members_only"]
    assert Room.objects.get().owner == owner
    assert me.get(f"/api/chat/room/{told['id']}/").json()["post"] == told["id"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": None}, "title"),
        ({"title": 5}, "title"),
        ({"content": "  "}, "content"),
        ({"content": "x" * 100_001}, "content"),
        ({"category": 999_999}, "category"),
        ({"category": "x"}, "category"),
        ({"category": True}, "category"),
        ({"category": 2**63}, "category"),
        ({"tags": "Django"}, "tags"),
        ({"tags": [5]}, "tags"),
        ({"tags": [{"label": "x"}]}, "tags"),
        ({"tags": ["a", "b", "c", "d", "e", "f"]}, "tags"),
        ({"tags": ["x" * 31]}, "tags"),
        ({"members_only": "perhaps"}, "members_only"),
    ],
)
def test_what_cannot_be_written_is_400_by_field(me: Bot, wrong: dict[str, Any], field: str) -> None:
    answer = me.post("/api/post/write", typed(**wrong))
    assert answer.status_code == 400, answer.text
    assert answer.json().keys() == {field}
    assert not Room.objects.exists()


def test_writing_needs_a_login_that_may_write(
    visitor: Bot, me: Bot, owner: User, suspend: Callable[[User], None]
) -> None:
    assert visitor.post("/api/post/write/", typed()).status_code == 401
    suspend(owner)
    assert me.post("/api/post/write/", typed()).status_code == 403
    assert not Post.objects.exists()


def test_writing_too_often_is_429(me: Bot, settings: Any) -> None:
    settings.POST_RATE = Rate.parse("1/10m")
    assert me.post("/api/post/write", typed()).status_code == 201
    answer = me.post("/api/post/write", typed())
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    assert Post.objects.count() == 1


def test_a_posts_detail_leads_to_its_room(visitor: Bot, post: Post, owner: User) -> None:
    post.room.say(author=owner, text="하나")
    told = visitor.get(f"/api/post/detail/{post.pk}/").json()
    room = told.pop("room_data")
    assert told.keys() == POST
    position = post.room.position
    position.refresh_from_db()
    assert room == {
        "id": post.pk,
        "name": post.title,
        "lines_url": f"http://localhost:8000/api/chat/room/{post.pk}/message/",
        "stream_url": f"http://localhost:8000/api/chat/room/{post.pk}/stream/?lastEventId={position}",
        "line_count": 1,
        "people_here": 0,
    }
    assert visitor.get(f"/api/post/detail/{post.pk}").status_code == 200
    assert visitor.get("/api/post/detail/999999/").status_code == 404


def test_an_edit_changes_what_it_names(me: Bot, post: Post) -> None:
    path = f"/api/post/detail/{post.pk}/edit/"
    before = me.get(path).json()
    after = me.post(path, {"content": "고친 본문", "tags": ["Rust"]}).json()
    changed = {"content": "고친 본문", "tags": ["Rust"], "updated_at": after["updated_at"]}
    assert after == before | changed
    assert after["updated_at"] > before["updated_at"]
    assert me.post(path, {"title": ""}).status_code == 400
    assert me.post(path, {"title": None}).status_code == 400
    assert me.get(path).json() == after


def test_only_the_author_edits_and_deletes(visitor: Bot, stranger: User, post: Post) -> None:
    bot = Bot(stranger)
    for verb in ("edit", "delete"):
        path = f"/api/post/detail/{post.pk}/{verb}/"
        assert visitor.post(path).status_code == 401
        assert bot.post(path, {"title": "내 것"}).status_code == 403
        assert bot.seen[-1].json().keys() == {"detail"}
        assert bot.post(f"/api/post/detail/999999/{verb}/").status_code == 404
    assert bot.get(f"/api/post/detail/{post.pk}/edit/").status_code == 403
    post.refresh_from_db()
    assert post.title != "내 것"


def test_deleting(me: Bot, visitor: Bot, post: Post, owner: User) -> None:
    assert me.get(f"/api/post/detail/{post.pk}/delete/").status_code == 405
    answer = me.post(f"/api/post/detail/{post.pk}/delete/")
    assert answer.status_code == 200
    assert answer.json() == {"msg": "Post deleted"}
    for path in (f"/api/post/detail/{post.pk}/", f"/api/chat/room/{post.pk}/message/", f"/api/chat/room/{post.pk}/"):
        assert visitor.get(path).status_code == 404
    assert me.post(f"/api/post/detail/{post.pk}/delete/").status_code == 404


def test_staff_may_delete(staff: User, post: Post) -> None:
    assert Bot(staff).post(f"/api/post/detail/{post.pk}/delete/").status_code == 200


def test_rooms_come_the_most_recently_alive_first(visitor: Bot, owner: User, new_post: NewPost) -> None:
    posts = [new_post(by=owner) for _ in range(4)]
    posts[1].room.say(author=owner, text="다시 살아났어요")
    expected = [posts[1].pk, posts[3].pk, posts[2].pk, posts[0].pk]
    first = visitor.get("/api/chat/room/?limit=3")
    assert ids(first) == expected[:3]
    assert ids(visitor.get(next_of(first))) == expected[3:]
    assert first.json()[0].keys() == {"id", "name", "post", "verdict", "line_count", "people_here", "stream_url"}
    assert visitor.get(f"/api/chat/room/{posts[1].pk}").json() == first.json()[0]
    assert first.json()[0]["line_count"] == 1
    for room_id in (999_999, 2**62):
        assert visitor.get(f"/api/chat/room/{room_id}/").status_code == 404
        assert visitor.get(f"/api/chat/room/?before={room_id}").status_code == 404


def test_lists_cost_the_same_however_long(
    visitor: Bot, owner: User, new_post: NewPost, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        new_post(by=owner, tags=[f"tag{number}"]).room.say(author=owner, text="말")
    with django_assert_max_num_queries(2):
        visitor.get("/api/post/")
    with django_assert_max_num_queries(3):
        visitor.get("/api/chat/room/")
    assert Line.objects.count() == 5
