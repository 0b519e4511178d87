"""What is found: every part of every word, on both databases; and the index keeps step with what is written."""

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from accounts.models import User
from board.demo import community
from board.models import Post, Tag
from board.search.documents import MOST_OF_ONE, blocks, visible
from board.search.finding import find_lines, find_posts, search
from board.search.index import Match, Phrase, line_words, post_words
from board.search.query import read
from board.search.tokens import tokens
from rooms.models import Line, Room
from rooms.words import rewording

pytestmark = pytest.mark.django_db
NewPost = Callable[..., Post]

HANGUL = re.compile("[가-힣]{2,}")
WORD = re.compile(r"[가-힣]{2,}|(?<![^\W_가-힣])[A-Za-z]{2,}")


def posts(text: str, reader: User) -> list[int]:
    return list(find_posts(search(read(text), reader)).pks)


def lines(text: str, reader: User) -> list[int]:
    return list(find_lines(search(read(text), reader)).pks)


def pieces(word: str) -> Iterator[str]:
    """Every part of two syllables or more."""
    for start in range(len(word) - 1):
        yield from (word[start:end] for end in range(start + 2, len(word) + 1))


@pytest.fixture
def demo(db: None) -> list[Post]:
    community.load(timezone.now())
    return list(Post.objects.all())


def is_found(post: Post, words: str, reader: User, among: list[Post]) -> bool:
    """Where few posts have these words, within the first 20."""
    found = posts(words, reader)
    having = sum(words.lower() in f"{each.title}\n{each.body}".lower() for each in among)
    return post.pk in (found if having > 20 else found[:20])


def test_every_part_of_a_word_in_a_title_finds_its_post(demo: list[Post], staff: User) -> None:
    missed = [
        (piece, post.title)
        for post in demo
        for word in HANGUL.findall(post.title)
        for piece in pieces(word)
        if not is_found(post, piece, staff, demo)
    ]
    assert missed == []


def test_every_part_of_words_from_bodies_finds_its_post(demo: list[Post], staff: User) -> None:
    words = sorted({(word, nth) for nth, post in enumerate(demo) for word in WORD.findall(post.body)})
    sample = random.Random(4).sample(words, 500)
    missed = [(word, demo[nth].title) for word, nth in sample if not is_found(demo[nth], word, staff, demo)]
    assert missed == []


CODE = [
    "useEffect(", ".map(", "C++", "N+1", "#define", "a->b", "select_related(", "std::vector", "=>", "!==", "@property",
    "__init__", "<div>", "&mut", "${name}", "np.array([", "SELECT *", "C#", "node.js", "--no-input", "foo?.bar",
]  # fmt: skip


@pytest.mark.parametrize("code", CODE)
def test_code_is_found_by_its_signs(owner: User, new_post: NewPost, code: str) -> None:
    inline = new_post(by=owner, body=f"이렇게 `x {code} y`를 쓰면요?")
    fenced = new_post(by=owner, body=f"```\n{code}\n```")
    titled = new_post(by=owner, title=f"{code}가 왜 이럴까요")
    new_post(by=owner, title="useEffect map C N 1 define a b", body="select related std vector property init div")
    assert sorted(posts(code, owner)) == [inline.pk, fenced.pk, titled.pk]


def test_a_word_set_in_markdown_is_found_as_it_reads(owner: User, new_post: NewPost) -> None:
    post = new_post(by=owner, body="**커넥션**이 바닥나면 [여기](https://example.com/pgbouncer)를 보세요.")
    for words in ("커넥션이", "커넥션이 바닥나면", "pgbouncer", '"바닥나면 여기를"'):
        assert posts(words, owner) == [post.pk], words


def test_a_text_is_found_however_its_syllables_are_put_together(owner: User, new_post: NewPost) -> None:
    post = new_post(by=owner, title="한글 파일 이름")  # decomposed, as some systems write it
    assert posts("한글", owner) == [post.pk]
    assert posts("한글", owner) == [post.pk]


def test_a_very_long_body_is_found_to_its_end(owner: User, new_post: NewPost) -> None:
    body = "습니다 " * 9_000 + "가운데낱말 " + "map(map(" * 3_000 + " useSyncExternalStore( 끝낱말"
    post = new_post(by=owner, body=body)
    for words in ("가운데낱말", "useSyncExternalStore(", "끝낱말", "습니다"):
        assert posts(words, owner) == [post.pk], words


def test_blocks_hold_no_token_too_often_and_lose_none() -> None:
    body = [*"ab" * 300, *map(str, range(30_000)), *"c" * 500]
    parts = list(blocks(body))
    assert all(part.count(token) <= MOST_OF_ONE for part in parts for token in "abc")
    assert {token for part in parts for token in part} == set(body)
    assert list(blocks([])) == [[]]


def test_what_is_indexed_is_what_a_reader_sees_and_where_links_lead() -> None:
    markup = '<p>하나 <strong>둘</strong>셋</p><p>&lt;넷&gt; <a href="https://x.example/?a=1&amp;b=2">다섯</a></p>'
    source = "하나 **둘**셋\n\n\\<넷> [다섯](https://x.example/?a=1&b=2)\n\n```py\n```"
    found = [text for text in visible(markup, source).split("\n") if text]
    assert found[:3] == ["하나 둘셋", "<넷> 다섯", "https://x.example/?a=1&b=2"]
    assert found[-1] == "py"


def test_the_index_keeps_step_with_posts(owner: User, new_post: NewPost) -> None:
    post = new_post(by=owner, title="처음 제목", body="처음본문", tags=["처음태그"])
    fields: dict[str, Any] = {"title": "나중 제목", "body": "나중본문", "category": post.category, "tags": ["나중태그"]}
    post.revise(by=owner, members_only=False, **fields)
    for words in ("나중 제목", "나중본문", "나중태그", "tag:나중태그"):
        assert posts(words, owner) == [post.pk], words
    for words in ("처음 제목", "처음본문", "처음태그"):
        assert posts(words, owner) == [], words
    post.delete_softly(by=owner)
    assert posts("나중본문", owner) == []
    post.restore(by=owner)
    assert posts("나중본문", owner) == [post.pk]


def test_the_index_keeps_step_with_tags_that_staff_rename_and_delete(
    owner: User, new_post: NewPost, rf: RequestFactory
) -> None:
    post = new_post(by=owner, tags=["옛이름"])
    tag, verbs, request = post.tags.get(), admin.site.get_model_admin(Tag), rf.get("/")
    tag.name = "새이름"
    verbs.save_model(request, tag, None, True)
    assert (posts("옛이름", owner), posts("새이름", owner)) == ([], [post.pk])
    verbs.delete_queryset(request, Tag.objects.filter(pk=tag.pk))
    assert posts("새이름", owner) == []


def test_a_change_that_is_not_committed_is_not_in_the_index(owner: User, post: Post) -> None:
    with transaction.atomic():
        post.room.say(author=owner, text="되돌린말")
        transaction.set_rollback(True)
    assert line_words().hits(match("되돌린말"), count=5) == []


def match(word: str) -> Match:
    return Match(((Phrase(tuple(tokens(word))),),))


def test_the_index_keeps_step_with_lines(owner: User, post: Post) -> None:
    line = post.room.say(author=owner, text="처음 한 말")
    assert lines("처음", owner) == [line.pk]
    with rewording(line):
        Line.objects.filter(pk=line.pk).update(text="나중 한 말", html="<p>나중 한 말</p>")
    assert (lines("처음", owner), lines("나중", owner)) == ([], [line.pk])
    with rewording(line):
        Line.objects.filter(pk=line.pk).update(deleted_at=timezone.now())
    assert line_words().hits(match("나중"), count=5) == []
    with rewording(line):
        Line.objects.filter(pk=line.pk).update(deleted_at=None)
    assert lines("나중", owner) == [line.pk]


def test_it_can_be_made_anew(demo: list[Post], staff: User) -> None:
    Room.objects.get(pk=demo[0].pk).say(author=staff, text="방금한말")
    words = ("커넥션", "방금한말", "rust")
    before = [(posts(word, staff), lines(word, staff)) for word in words]
    post_words().clear()
    line_words().clear()
    assert posts("커넥션", staff) == []
    call_command("rebuild_search", verbosity=0)
    assert [(posts(word, staff), lines(word, staff)) for word in words] == before


def test_a_line_that_is_edited_or_taken_back_is_found_by_what_it_says_now(owner: User, post: Post) -> None:
    line = post.room.say(author=owner, text="틀린말이에요")
    line.edit(by=owner, text="고친말이에요")
    assert (lines("틀린말", owner), lines("고친말", owner)) == ([], [line.pk])
    line.delete_softly(by=owner)
    assert line_words().hits(match("고친"), count=5) == []
