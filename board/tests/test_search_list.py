"""The page of results, and what stands under the box while somebody types."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from board.models import Category, Post
from board.search import finding
from board.search.query import read
from board.search.results import PAGE, Results
from cobra.rates import Rate
from rooms.models import Line, Room

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}

NewPost = Callable[..., Post]


def results(client: Client, query: str, **more: Any) -> Results:
    found: Results = client.get("/search/", {"q": query, **more}).context["results"]
    return found


def posts(client: Client, query: str, **more: Any) -> list[str]:
    return [hit.post.title for hit in results(client, query, kind="posts", **more).posts.shown]


def lines(client: Client, query: str, **more: Any) -> list[str]:
    return [hit.line.text for hit in results(client, query, kind="lines", **more).lines.shown]


def test_one_box_finds_posts_lines_people_and_tags(client: Client, owner: User, new_post: NewPost) -> None:
    post = new_post(by=owner, title="민서의 커넥션", tags=["민서팁"])
    line = post.room.say(author=owner, text="민서가 말했어요")
    client.force_login(owner)
    found = results(client, "민서")
    assert [hit.post for hit in found.posts.shown] == [post]
    assert [hit.line for hit in found.lines.shown] == [line]
    assert [card.person for card in found.people.shown] == [owner]
    text = client.get("/search/suggest/?q=민서", headers=PARTIAL).text
    for thing in (post, owner, post.tags.get()):
        assert f'href="{thing.get_absolute_url()}"' in text, thing
    assert f'href="/posts/{post.pk}/?at={line.pk}&amp;view=room#line-{line.pk}"' in text
    assert "결과 4개" in text


def test_the_words_are_marked_and_nothing_else_is_markup(client: Client, owner: User, new_post: NewPost) -> None:
    new_post(by=owner, title="<b>커넥션</b> & 풀", body="앞말 " * 40 + "`<i>커넥션</i>`이 바닥나요")
    text = client.get("/search/?q=커넥션").text
    assert "&lt;b&gt;<mark>커넥션</mark>&lt;/b&gt; &amp; 풀" in text
    assert "…" in text
    assert "&lt;i&gt;<mark>커넥션</mark>&lt;/i&gt;이 바닥나요" in text


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("커넥ㅅ", ["커넥"]),
        ("react를", ["React"]),
        ("usee", ["useE"]),
        ("a->b", ["a -> b"]),
        ("커넥션 풀", ["커넥션", "풀"]),
        ('"커넥션 풀"', ["커넥션 풀"]),
    ],
)
def test_what_is_marked_is_what_was_found(
    client: Client, owner: User, new_post: NewPost, query: str, marked: list[str]
) -> None:
    new_post(by=owner, title="제목", body="React의 useEffect, a -> b, 커넥션 풀")
    (hit,) = results(client, query).posts.shown
    for words in marked:
        assert f"<mark>{words.replace('>', '&gt;')}</mark>" in hit.snippet


def test_operators_narrow(client: Client, owner: User, stranger: User, new_post: NewPost) -> None:
    design = Category.objects.get(slug="design")
    new_post(by=owner, title="하나", body="커넥션 풀", tags=["Django", "C++"])
    new_post(by=stranger, title="둘", body="풀 커넥션\n\n```\nredis\n```", category=design, tags=["Django"])
    for query, expected in {
        "커넥션": ["둘", "하나"],
        "커넥션 풀": ["하나", "둘"],  # as it was typed comes first
        '"커넥션 풀"': ["하나"],
        "커넥션 -redis": ["하나"],
        "커넥션 has:code": ["둘"],
        "커넥션 tag:django": ["둘", "하나"],
        "커넥션 tag:django tag:c++": ["하나"],
        "커넥션 -tag:c++": ["둘"],
        "tag:#DJANGO author:민서": ["하나"],
        "author:지우": ["둘"],
        "글쓴이:지우 분류:설계": ["둘"],
        "커넥션 category:design": ["둘"],
        "커넥션 -category:Design": ["하나"],
        "디버깅": ["하나"],  # by the name of its shelf
        "-redis": [],
        "커넥션 in:room": [],
        "커넥션 tag:없는태그": [],
        "author:아무도": [],
    }.items():
        assert posts(client, query) == expected, query


def test_operators_narrow_lines_too(client: Client, owner: User, stranger: User, new_post: NewPost) -> None:
    tagged, other = new_post(by=owner, tags=["django"]), new_post(by=owner, category=Category.objects.get(slug="tools"))
    tagged.room.say(author=owner, text="커넥션 `pool`")
    other.room.say(author=stranger, text="커넥션 두 개")
    for query, expected in {
        "커넥션 in:room": ["커넥션 두 개", "커넥션 `pool`"],
        "커넥션 author:지우": ["커넥션 두 개"],
        "커넥션 tag:django": ["커넥션 `pool`"],
        "커넥션 -tag:django": ["커넥션 두 개"],
        "커넥션 category:tools": ["커넥션 두 개"],
        "커넥션 has:code": ["커넥션 `pool`"],
    }.items():
        assert lines(client, query) == expected, query
    assert results(client, "커넥션 in:방").posts.count == 0


def test_a_hit_in_the_title_comes_first_then_the_newest(client: Client, owner: User, new_post: NewPost) -> None:
    now = timezone.now()
    for title, body, days in (("어제", "커넥션", 1), ("오래된 커넥션", "말", 900), ("방금", "커넥션", 0)):
        new_post(by=owner, title=title, body=body, created_at=now - timedelta(days=days))
    assert posts(client, "커넥션") == ["오래된 커넥션", "방금", "어제"]


def test_what_one_may_not_read_is_not_found(
    client: Client, owner: User, stranger: User, new_member: Callable[..., User], new_post: NewPost
) -> None:
    for title, fields in {"모두": {}, "회원만": {"members_only": True}}.items():
        new_post(by=owner, title=title, body="비밀낱말", **fields).room.say(author=owner, text=f"비밀낱말 {title}")
    for title, column in (("숨긴 글", "hidden_at"), ("지운 글", "deleted_at")):
        post = new_post(by=owner, title=title, body="비밀낱말")
        post.room.say(author=owner, text=f"비밀낱말 {title}")
        Room.objects.filter(pk=post.pk).update(**{column: timezone.now()})
    assert (posts(client, "비밀낱말"), lines(client, "비밀낱말")) == (["모두"], ["비밀낱말 모두"])
    blocked = new_member()
    owner.block(blocked)
    for person, expected in {
        stranger: ["회원만", "모두"],
        owner: ["숨긴 글", "회원만", "모두"],
        blocked: ["모두"],
    }.items():
        client.force_login(person)
        assert posts(client, "비밀낱말") == expected
        assert lines(client, "비밀낱말") == [f"비밀낱말 {title}" for title in expected]


def test_lines_of_people_i_blocked_are_not_found(client: Client, owner: User, stranger: User, post: Post) -> None:
    post.room.say(author=stranger, text="시끄러운말")
    client.force_login(owner)
    assert lines(client, "시끄러운말") == ["시끄러운말"]
    owner.block(stranger)
    assert lines(client, "시끄러운말") == []
    assert results(client, "지우").people.count == 0


def test_lines_that_are_gone_are_not_found(client: Client, owner: User, post: Post) -> None:
    line = post.room.say(author=owner, text="사라질말")
    Line.objects.filter(pk=line.pk).update(hidden_at=timezone.now())  # even where the index was not told
    assert lines(client, "사라질말") == []


def test_what_one_may_not_see_takes_no_place_of_what_one_may(client: Client, owner: User, new_post: NewPost) -> None:
    seen = new_post(by=owner, title="보이는 글", body="흔한말")
    for _ in range(6):
        new_post(by=owner, body="흔한말", members_only=True)
    hits = finding.find_posts(finding.search(read("흔한말"), AnonymousUser()), count=2)
    assert (hits.pks, hits.has_more) == ([seen.pk], False)
    assert posts(client, "흔한말") == [seen.title]


def test_more_than_a_thousand_are_not_counted(
    client: Client, owner: User, new_post: NewPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding.find_posts, "__kwdefaults__", {"count": 4})
    for number in range(6):
        new_post(by=owner, title=f"흔한 글 {number}")
    found = results(client, "흔한")
    assert found.posts.counted == "4+"


def test_beginnings_of_words_give_way_where_the_whole_word_is_found_often_enough(
    owner: User, new_post: NewPost
) -> None:
    for title in ("useState", "use", "use it", "user"):
        new_post(by=owner, title=title)
    made = finding.search(read("use"), owner)
    assert len(finding.find_posts(made, count=9)) == 4
    assert {Post.objects.get(pk=pk).title for pk in finding.find_posts(made, count=1).pks} <= {"use", "use it"}


def test_results_go_on_without_a_repeat_or_a_hole(client: Client, owner: User, new_post: NewPost) -> None:
    for number in range(2 * PAGE + 3):
        new_post(by=owner, title=f"글 {number:03}", body="낱말")
    found, start = [], 0
    while True:
        page = results(client, "낱말", kind="posts", **{"from": start})
        found += [hit.post.title for hit in page.posts.shown]
        if not (start := page.posts.next_from):
            break
    assert found == [f"글 {number:03}" for number in reversed(range(2 * PAGE + 3))]
    more = client.get(f"/search/?q=낱말&kind=posts&from={PAGE}", headers=PARTIAL)
    assert "<html" not in more.text
    assert more.text.count("<mark>낱말</mark>") == PAGE
    assert "from=40" in more.text


def test_a_room_is_searched_alone(client: Client, owner: User, new_post: NewPost) -> None:
    here, there = new_post(by=owner, title="여기"), new_post(by=owner, title="저기")
    line = here.room.say(author=owner, text="같은낱말")
    there.room.say(author=owner, text="같은낱말")
    response = client.get(f"/search/?q=같은낱말&room={here.pk}")
    assert [hit.line for hit in response.context["results"].lines.shown] == [line]
    assert f"/posts/{here.pk}/?at={line.pk}" in response.text
    assert "여기" in response.text
    assert client.get("/search/?q=x&room=999999").status_code == 404
    assert client.get("/search/?q=x&room=x").status_code == 404
    assert f'name="room" value="{here.pk}"' in client.get(f"/posts/{here.pk}/room/").text


@pytest.mark.parametrize("path", ["/search/", "/search/?q=", "/search/?q=%20", "/search/?q=%00"])
def test_without_words_it_says_how_to_ask(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert 'id="search-help"' in response.text


@pytest.mark.parametrize(
    "query", ["모나드버거", "-모나드", "tag:모나드", "(", '"', "\\", "' OR 1", "*", "AND", "NEAR(a b)", "--"]
)
def test_nothing_found_is_said_with_the_words(client: Client, post: Post, query: str) -> None:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert 'class="empty"' in response.text
    assert client.get("/search/suggest/", {"q": query}, headers=PARTIAL).status_code == 200


def test_too_many_searches_are_refused_with_the_words_still_there(client: Client, settings: Any, post: Post) -> None:
    settings.SEARCH_RATE = Rate.parse("1/1h")
    assert client.get("/search/?q=본문").status_code == 200
    response = client.get("/search/?q=본문이")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert 'value="본문이"' in response.text
    typed = client.get("/search/suggest/?q=본문이", headers=PARTIAL)
    assert (typed.status_code, typed["Content-Type"]) == (429, "text/plain; charset=utf-8")


def test_a_page_of_results_takes_the_same_few_queries_however_much_is_found(
    client: Client, owner: User, new_post: NewPost, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(8):
        post = new_post(by=owner, title=f"낱말 {number}", tags=["낱말"])
        post.room.say(author=owner, text="낱말 하나")
    client.force_login(owner)
    with django_assert_max_num_queries(24):
        client.get("/search/?q=낱말 하나")
    with django_assert_max_num_queries(20):
        client.get("/search/suggest/?q=낱말", headers=PARTIAL)


def test_the_search_is_not_posted_to(client: Client) -> None:
    assert client.post("/search/").status_code == 405
    assert client.post("/search/suggest/").status_code == 405
