"""manage.py load_community: posts and chat logs from elsewhere."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Profile, User
from board.importing import chat, posts, react_docs
from board.importing import said as said_elsewhere
from board.models import Category, Post, PostTag, Tag
from cobra.markdown import RENDERER, render_line
from rooms.models import Line, Room, RoomVersion

pytestmark = pytest.mark.django_db
Write = Callable[..., Path]

POST = {"title": "제목", "body": "본문이에요.", "category": "learn", "tags": ["React", "hooks"], "source": "어딘가/1"}
DOC = {
    "title": "'Effect가 필요하지 않은 경우'",
    "body": "[훅](/reference/react/hooks)과 [아래](#usage)\n\n```js\nlet a = '[x](/y)'\n```",
    "category": "reference",
    "tags": [],
    "source": "src/content/reference/react/useState.md",
}


@pytest.fixture
def jsonl(tmp_path: Path) -> Write:
    """`jsonl(record, …, name="a.jsonl")`: a file of these."""

    def write(*records: Any, name: str = "file.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records), encoding="utf-8")
        return path

    return write


def load(*paths: Path) -> None:
    call_command("load_community", *map(str, paths), verbosity=0)


def said(author: str, body: str, at: str | None = "2004-12-25T09:14:00Z", room: str = "2004-12-25") -> dict[str, Any]:
    return {"room": room, "at": at, "kind": "line", "author": author, "body": body}


def came(author: str, kind: str = "join", room: str = "2004-12-25") -> dict[str, Any]:
    return {"room": room, "at": None, "kind": kind, "author": author}


def everything() -> dict[str, Any]:
    """All rows that an import could touch."""
    models: tuple[type[Model], ...] = (User, Profile, Category, Tag, PostTag, Post, Room, RoomVersion, Line)
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in models}


def log_of(room: str) -> list[Line]:
    return list(Line.objects.filter(room__post__source=f"chat:{room}").order_by("seq").select_related("author"))


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


def test_pages_of_the_react_documentation_lead_back_there(jsonl: Write) -> None:
    load(jsonl(DOC))
    post = Post.objects.get()
    assert post.title == "Effect가 필요하지 않은 경우"
    assert "[훅](https://ko.react.dev/reference/react/hooks)" in post.body
    assert "[아래](https://ko.react.dev/reference/react/useState#usage)" in post.body
    assert "'[x](/y)'" in post.body
    credit = post.body.splitlines()[-1]
    assert "https://ko.react.dev/reference/react/useState" in credit
    assert "CC BY 4.0" in credit


@pytest.mark.parametrize(
    ("mdx", "markdown"),
    [
        ("<CodeStep step={1}>현재 `state`</CodeStep>로", "현재 `state`로"),
        ("`<CodeStep step={1}>`", "`<CodeStep step={1}>`"),
        ("``` js\n<div>\n```\n\n<div style={{a: 'b'}}>\n글\n</div>", "``` js\n<div>\n```\n\n글"),
        ("<ul>\n    <li>하나</li>\n</ul>", "- 하나"),
        (
            '<picture >\n   <source srcset="/a.png" />\n   <img className="light" src="/a.webp" />\n</picture>',
            "![그림](https://ko.react.dev/a.webp)",
        ),
        ("[a](learn/x) [b](https://e.org/) [c](mailto:a@e.org)", None),
        ('글\n\n<div className="h-12"></div>', "글"),
        ("홀로 선 ` 하나\n\n<div>\n글", "홀로 선 ` 하나\n\n글"),
    ],
)
def test_what_is_left_of_mdx_becomes_markdown(mdx: str, markdown: str | None) -> None:
    expected = markdown or "[a](https://ko.react.dev/learn/x) [b](https://e.org/) [c](mailto:a@e.org)"
    body = react_docs.body_of(mdx, "https://ko.react.dev/learn")
    assert body.rpartition("\n\n---\n\n")[0] == expected


def test_the_index_of_a_folder_is_the_folder() -> None:
    assert react_docs.page_of("src/content/learn/index.md") == "https://ko.react.dev/learn"
    assert react_docs.page_of("어딘가/1.md") is None


def test_a_chat_room_becomes_a_post_with_its_room(jsonl: Write) -> None:
    load(jsonl(said("crimsun", "첫 `말`"), said("|QuaD-", "둘째 말", "2004-12-25T09:20:00Z")))
    post = Post.objects.get()
    assert post.title == "우분투 대화방 기록 2004-12-25"
    assert post.author.nickname == "우분투-대화-기록"
    assert post.category.slug == "chat"
    assert "CC BY 4.0" in post.body
    assert post.created_at == datetime(2004, 12, 25, 9, 14, tzinfo=UTC)
    first, second = log_of("2004-12-25")
    assert (first.text, first.html, first.renderer) == ("첫 `말`", render_line("첫 `말`"), RENDERER)
    assert [line.author.nickname for line in (first, second)] == ["crimsun", "QuaD-"]
    assert second.created_at == datetime(2004, 12, 25, 9, 20, tzinfo=UTC)


def test_a_room_of_another_community_is_not_called_ubuntus(jsonl: Write) -> None:
    load(jsonl(said("가", "말", room="잡담방")))
    post = Post.objects.get()
    assert post.title == "잡담방 대화 기록"
    assert "Ubuntu" not in post.body


def test_lines_keep_the_order_of_the_file_and_nobody_comes_or_leaves(jsonl: Write) -> None:
    lines = [said("가", str(number)) for number in range(30)]
    load(jsonl(came("나"), *lines[:10], came("가", "leave"), *lines[10:], said("다", "  ")))
    log = log_of("2004-12-25")
    assert [line.text for line in log] == [str(number) for number in range(30)]
    assert [line.seq for line in log] == [line.version for line in log] == list(range(1, 31))
    assert log[0].room.position.version == 30
    assert not User.objects.filter(nickname="나").exists()


def test_a_line_without_a_time_was_said_when_the_one_before_it_was(jsonl: Write) -> None:
    load(jsonl(said("가", "하나"), said("나", "둘", None)))
    assert {line.created_at for line in log_of("2004-12-25")} == {datetime(2004, 12, 25, 9, 14, tzinfo=UTC)}


def test_a_line_continues_its_authors_block_within_five_minutes(jsonl: Write) -> None:
    times = ("09:00", "09:04", "09:09", "09:10", "09:10")
    lines = [said(name, "말", f"2004-12-25T{at}:00Z") for name, at in zip("가가가나나", times, strict=True)]
    load(jsonl(*lines))
    assert [line.continues for line in log_of("2004-12-25")] == [False, True, False, False, True]


def test_importing_twice_changes_nothing(jsonl: Write, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    lines = [said(f"사람{number % 7}", str(number)) for number in range(200)]
    files = jsonl(POST, DOC, name="posts.jsonl"), jsonl(came("가"), *lines, name="chat.jsonl")
    load(*files)
    before = everything()
    with django_assert_max_num_queries(8):
        load(*files)
    assert everything() == before


def test_a_longer_file_appends_what_is_missing(jsonl: Write) -> None:
    lines = [said("가", str(number)) for number in range(9)]
    load(jsonl(came("나"), *lines[:4]))
    before = everything()
    load(jsonl(came("나"), *lines))
    after = everything()
    assert [line.text for line in log_of("2004-12-25")] == [str(number) for number in range(9)]
    assert after["Line"][:4] == before["Line"]
    assert after["RoomVersion"][0] == {**before["RoomVersion"][0], "version": 9}
    assert all(line["continues"] for line in after["Line"][1:])


def test_what_was_said_here_meanwhile_stays_where_it_is(jsonl: Write, stranger: User) -> None:
    lines = [said("가", str(number)) for number in range(5)]
    load(jsonl(*lines[:2]))
    Room.objects.get().say(author=stranger, text="옛날이야기네요")
    load(jsonl(*lines))
    load(jsonl(*lines))
    log = log_of("2004-12-25")
    assert [line.text for line in log] == ["0", "1", "옛날이야기네요", "2", "3", "4"]
    assert [line.seq for line in log] == list(range(1, 7))
    assert [line.continues for line in log] == [False, True, False, False, True, True]


def test_rooms_may_be_long_and_mixed(jsonl: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "BATCH", 4)
    rooms = "1111111111" + "1212" + "22" + "3" + "1"
    file = jsonl(*(said("가", str(number), room=room) for number, room in enumerate(rooms)))
    load(file)
    for room in "123":
        log = log_of(room)
        assert [int(line.text) for line in log] == [number for number, name in enumerate(rooms) if name == room]
        assert [line.seq for line in log] == list(range(1, len(log) + 1))
        assert log[0].room.position.version == len(log)
    before = everything()
    load(file)
    assert everything() == before


def test_an_import_that_was_ended_goes_on_where_it_ended(jsonl: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "BATCH", 3)
    file = jsonl(*(said("가", str(number)) for number in range(8)))

    def ended(room_id: int, lines: list[Any], append: Any = said_elsewhere.append) -> Any:
        if lines[0].text == "3":
            raise KeyboardInterrupt
        return append(room_id, lines)

    with monkeypatch.context() as patch:
        patch.setattr(chat, "append", ended)
        with pytest.raises(KeyboardInterrupt):
            load(file)
    assert len(log_of("2004-12-25")) == 3
    load(file)
    assert [line.text for line in log_of("2004-12-25")] == [str(number) for number in range(8)]


def test_nobody_can_sign_in_as_or_find_imported_people(jsonl: Write) -> None:
    load(jsonl(POST, name="posts.jsonl"), jsonl(said("|QuaD-", "말"), name="chat.jsonl"))
    assert User.objects.count() == 3
    for person in User.objects.all():
        assert not person.has_usable_password()
        assert not person.is_findable_by_email
        assert not person.is_staff
        assert person.email.endswith(".invalid")
        assert authenticate(email=person.email, password="") is None
        assert person.profile


def test_names_that_look_alike_are_different_people_and_stay_so(jsonl: Write) -> None:
    names = ["QuaD-", "|QuaD-", "quad-", "T`", "T|", "가" * 30, "가" * 31, "\u1100\u1161나", "가나"]
    file = jsonl(*(said(name, name, room="1") for name in names))
    load(file)
    authors = [line.author_id for line in log_of("1")]
    assert authors[7] == authors[8]  # one name in two encodings
    assert len(set(authors)) == 8
    load(jsonl(*(said(name, name, room="2") for name in names), name="2.jsonl"))
    assert [line.author_id for line in log_of("2")] == authors


def test_a_member_of_that_name_is_somebody_else(jsonl: Write, stranger: User) -> None:
    load(jsonl({**POST, "author": stranger.nickname}, said(stranger.nickname, "말")))
    author = Post.objects.get(source="어딘가/1").author
    assert author != stranger
    assert author.nickname == f"{stranger.nickname}2"
    assert log_of("2004-12-25")[0].author == author


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "\udcff",
        '{"body": "b"}',
        '{"title": "t", "source": "s"}',
        '{"title": " ", "body": "b", "source": "s"}',
        '{"title": "t", "body": "b"}',
        '{"title": "t", "body": "b", "source": "s", "tags": "a"}',
        '{"title": "t", "body": "b", "source": "s", "at": "yesterday"}',
        '{"title": "t", "body": "b", "source": "s", "at": "0001-01-01T00:00:00+09:00"}',
        '{"room": "r", "author": "a", "body": "b"}',
        '{"room": "r", "author": "a", "kind": "line"}',
        '{"room": "r", "author": "", "kind": "line", "body": "b"}',
        '{"room": 7, "author": "a", "kind": "line", "body": "b"}',
        "[" * 100_000,
    ],
)
def test_a_broken_file_says_where_and_changes_nothing(jsonl: Write, tmp_path: Path, line: str) -> None:
    good = jsonl(POST, said("가", "말"), name="good.jsonl")
    broken = tmp_path / "broken.jsonl"
    text = "\n".join((json.dumps({**POST, "source": "2"}), "", line, json.dumps(POST)))
    broken.write_bytes(text.encode(errors="surrogateescape"))
    before = everything()
    with pytest.raises(CommandError, match=r"broken\.jsonl\D*3\D"):
        load(good, broken)
    assert everything() == before


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nowhere"):
        load(tmp_path / "nowhere.jsonl")


def test_signs_that_no_database_holds_are_replaced(jsonl: Write, tmp_path: Path) -> None:
    file = tmp_path / "odd.jsonl"
    file.write_text(json.dumps(said("가\0나", "a\0b\ud800c")), encoding="ascii")
    load(file)
    assert log_of("2004-12-25")[0].text == "a\ufffdb\ufffdc"


def test_the_command_says_what_it_did(jsonl: Write, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_community", str(jsonl(POST, said("가", "하나"), said("나", "둘"))))
    assert "file.jsonl" in capsys.readouterr().out
