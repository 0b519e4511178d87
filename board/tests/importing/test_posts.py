"""Posts keep author, time and tags, and find their category."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from board.importing import posts
from board.models import Category, Post, Tag
from board.tests.importing.elsewhere import POST, Write, load
from cobra.markdown import RENDERER

pytestmark = pytest.mark.django_db


def test_a_post_keeps_its_author_and_its_time(jsonl: Write) -> None:
    load(jsonl({**POST, "author": "글쓴이", "at": "2020-02-29T12:00:00+09:00"}))
    post = Post.objects.get()
    assert (post.title, post.body, post.source) == ("제목", "본문이에요.", "어딘가/1")
    assert post.author.nickname == "글쓴이"
    assert post.created_at == post.room.created_at == datetime(2020, 2, 29, 3, tzinfo=UTC)
    assert post.room.owner == post.author
    assert (post.body_html, post.renderer, post.excerpt) == ("<p>본문이에요.</p>", RENDERER, "본문이에요.")
    assert post.room.position.version == 0


def test_without_author_and_date_it_is_of_the_documentation_team_and_of_today(jsonl: Write) -> None:
    load(jsonl(POST))
    post = Post.objects.get()
    assert post.author.nickname == "React-문서-팀"
    assert timezone.now() - post.created_at < timedelta(minutes=1)


def test_categories_have_names_in_both_languages_and_known_ones_are_found(jsonl: Write) -> None:
    names = ("learn", "디버깅", "Tools", "새 분류", "learn")
    load(jsonl(*({**POST, "source": str(number), "category": name} for number, name in enumerate(names))))
    slugs = [post.category.slug for post in Post.objects.order_by("pk").select_related("category")]
    assert slugs[:3] == ["learn", "debugging", "tools"]
    assert slugs[4] == "learn"
    learn = Category.objects.get(slug="learn")
    assert (learn.name_ko, learn.name_en) == ("배우기", "Learn")
    assert Category.objects.get(slug=slugs[3]).name_ko == "새 분류"
    assert slugs[3].isascii()


def test_a_long_title_is_cut_where_it_must_be(jsonl: Write) -> None:
    load(jsonl({**POST, "title": "가" * 121}, {**POST, "source": "2", "title": "나" * 120}))
    cut, whole = Post.objects.order_by("pk")
    assert cut.title == "가" * 119 + "…"
    assert whole.title == "나" * 120


def test_tags_are_one_by_their_key_and_their_counts_stay_true(jsonl: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "BATCH", 2)
    labels: tuple[list[str], ...] = (["React"], ["react", "두 말"], ["REACT", "a", "b", "c", "d", "e"], [])
    load(jsonl(*({**POST, "source": str(number), "tags": tags} for number, tags in enumerate(labels))))
    react = Tag.objects.get(key="react")
    assert (react.name, react.post_count) == ("React", 3)
    for tag in Tag.objects.all():
        assert tag.post_count == tag.post_tags.count()
    assert sorted(Post.objects.get(source="1").tags.names()) == ["React", "두", "말"]
    assert Post.objects.get(source="2").tags.count() == 5
