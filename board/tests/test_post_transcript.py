"""A room's transcript, in pages and as files."""

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from board import transcripts
from board.models import Digest, Post
from rooms.models import Line, Verdict

pytestmark = pytest.mark.django_db


def said(post: Post, by: User, count: int) -> None:
    for number in range(count):
        post.room.say(author=by, text=f"말{number + 1}번")


def numbers_on(client: Client, post: Post, page: int) -> list[int]:
    text = client.get(f"/posts/{post.pk}/transcript/?page={page}").text
    return [int(number) for number in re.findall(r">말(\d+)번<", text)]


def test_pages_keep_their_lines_whatever_becomes_of_others(
    client: Client, post: Post, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcripts, "PAGE", 3)
    said(post, owner, 7)
    assert [numbers_on(client, post, page) for page in (1, 2, 3)] == [[1, 2, 3], [4, 5, 6], [7]]
    Line.objects.filter(text="말5번").update(deleted_at=timezone.now())
    post.room.slow_down(by=owner, seconds=10)
    assert [numbers_on(client, post, page) for page in (1, 2, 3)] == [[1, 2, 3], [4, 6], [7]]
    for page in ("0", "4", "x", "1e3", "9" * 30):
        assert client.get(f"/posts/{post.pk}/transcript/?page={page}").status_code == 404


def test_pages_lead_past_stretches_without_a_row(
    client: Client, post: Post, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcripts, "PAGE", 3)
    said(post, owner, 2)
    Line.objects.filter(text="말2번").update(seq=20)  # many changes took the numbers between
    text = client.get(f"/posts/{post.pk}/transcript/").text
    assert '<link rel="next" href="?page=7">' in text
    assert "noindex" in client.get(f"/posts/{post.pk}/transcript/?page=4").text


def test_search_engines_find_each_page_once_and_none_of_members_rooms(client: Client, post: Post, owner: User) -> None:
    said(post, owner, 1)
    text = client.get(f"/posts/{post.pk}/transcript/").text
    assert f'<link rel="canonical" href="/posts/{post.pk}/transcript/?page=1">' in text
    assert "noindex" not in text
    assert f'href="/posts/{post.pk}/transcript/"' in client.get(post.get_absolute_url()).text
    post.room.admit(by=owner, members_only=True)
    client.force_login(owner)
    assert "noindex" in client.get(f"/posts/{post.pk}/transcript/").text


def test_a_page_costs_the_same_however_much_was_said(
    client: Client, post: Post, owner: User, django_assert_max_num_queries: object
) -> None:
    said(post, owner, 30)
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # pytest-django's own type is private
        client.get(f"/posts/{post.pk}/transcript/")


def test_a_page_costs_the_same_however_many_reactions_stand_in_it(
    client: Client, post: Post, owner: User, stranger: User, django_assert_max_num_queries: object
) -> None:
    said(post, owner, 10)
    for line in Line.objects.filter(room=post.pk):
        line.react(by=stranger, word="+1")
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        assert "+1" in client.get(f"/posts/{post.pk}/transcript/").text


def the_room(post: Post, owner: User, stranger: User) -> None:
    first = post.room.say(author=stranger, text="```python\nprint('안녕')\n```")
    post.room.say(author=owner, text="비밀이었어요", reply_to=first)
    Line.objects.filter(text="비밀이었어요").update(deleted_at=timezone.now())
    Digest.propose(post=post, by=stranger, title="모음", text="알게 됨\n\n[[1]]").publish(by=owner, version=1)
    Digest.propose(post=post, by=stranger, title="기다리는 모음", text="[[1]]")
    post.room.close(by=owner, verdict=Verdict.SOLVED, text="풀렸어요.")


def test_the_room_as_markdown(client: Client, post: Post, owner: User, stranger: User) -> None:
    the_room(post, owner, stranger)
    response = client.get(f"/posts/{post.pk}/export/?format=md")
    text = b"".join(response).decode()
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    assert text.startswith(f"# {post.title}\n")
    assert "**해결** 풀렸어요." in text
    assert "```python\nprint('안녕')\n```" in text
    assert "모음\n\n알게 됨" in text
    assert "### 2 → 1 · 민서" in text
    assert "비밀이었어요" not in text
    assert "기다리는" not in text


def test_the_room_as_json(
    client: Client, post: Post, owner: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcripts, "CHUNK", 2)
    the_room(post, owner, stranger)
    data = json.loads(b"".join(client.get(f"/posts/{post.pk}/export/?format=json")))
    assert (data["verdict"], data["verdict_text"]) == ("solved", "풀렸어요.")
    assert [row["number"] for row in data["lines"]] == [1, 2, 3, 5]  # 4: a line that says where it is kept
    assert [row["kind"] for row in data["lines"]] == ["said", "said", "kept", "solved"]
    assert data["lines"][1]["gone"] is True
    assert data["lines"][1]["text"] == ""
    assert data["digests"][0]["lines"] == [1]
    assert client.get(f"/posts/{post.pk}/export/?format=pdf").status_code == 404


def test_a_room_without_a_line_is_a_whole_file_too(client: Client, post: Post) -> None:
    assert json.loads(b"".join(client.get(f"/posts/{post.pk}/export/?format=json")))["lines"] == []


def test_a_download_stops_when_the_room_is_closed_to_its_reader(
    post: Post, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.contrib.auth.models import AnonymousUser

    monkeypatch.setattr(transcripts, "CHUNK", 2)
    said(post, owner, 6)
    pieces = transcripts.markdown_of(post, AnonymousUser())
    seen = ""
    while "말2번" not in seen:
        seen += next(pieces)
    post.room.admit(by=owner, members_only=True)
    seen += "".join(pieces)
    assert "말3번" not in seen
