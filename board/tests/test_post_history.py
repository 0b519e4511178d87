"""`/posts/<id>/history/`: what a post was, and what each change changed."""

import re
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.models import User
from board.changes import CONTEXT, changes
from board.models import Post
from cobra.db import _writers, write
from cobra.tests.patience import until

pytestmark = pytest.mark.django_db


def revise(post: Post, **fields: Any) -> None:
    now = {"title": post.title, "body": post.body, "category": post.category, "members_only": post.members_only}
    post.revise(by=post.author, **{**now, "tags": list(post.tags.names()), **fields})


def test_each_change_keeps_what_stood_before(post: Post) -> None:
    first = (post.title, post.body)
    revise(post, title="둘째 제목")
    revise(post, body="셋째 본문", tags=["django"])
    kept = list(post.revisions.values_list("number", "title", "body", "tags"))
    assert kept == [(1, *first, ""), (2, "둘째 제목", first[1], "")]
    assert post.revisions.get(number=1).created_at == post.created_at


@pytest.mark.django_db(transaction=True)
def test_what_somebody_else_saves_meanwhile_is_kept_too(post: Post) -> None:
    mine = Post.objects.get(pk=post.pk)

    def save() -> None:
        revise(mine, title="내 제목")
        connections.close_all()

    saving = Thread(target=save)
    with write():
        Post.objects.select_for_update().get(pk=post.pk)
        saving.start()
        until(lambda: connection.vendor != "sqlite" or _writers._waiting)
        Post.objects.filter(pk=post.pk).update(title="남의 제목")
    saving.join()
    assert post.revisions.get().title == "남의 제목"
    assert Post.objects.get(pk=post.pk).title == "내 제목"


def test_saving_without_a_change_keeps_nothing(post: Post) -> None:
    revise(post)
    revise(post, members_only=True)
    assert not post.revisions.exists()


def test_the_page_shows_the_last_change_and_any_other_by_its_number(client: Client, post: Post) -> None:
    revise(post, body="풀 크기는 코어 수가 아니에요.")
    revise(post, body="풀 크기는 코어의 수가 아니에요.", tags=["postgres"])
    address = f"/posts/{post.pk}/history/"

    def shown(number: str) -> str:
        text = client.get(address, {"version": number}).text
        return text[text.index("changes-h") : text.index("</main>")]

    last = shown("3")
    assert re.search(r"<ins>.*의</ins>", last)
    assert "postgres" in last
    assert "<ins>" not in shown("1")
    for nonsense in ("", "0", "99", "x", "-1"):
        assert shown(nonsense) == last


def test_a_text_in_it_is_a_text(client: Client, post: Post) -> None:
    revise(post, body="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(f"/posts/{post.pk}/history/").text


def test_who_may_not_read_the_post_may_not_read_what_it_was(client: Client, post: Post, stranger: User) -> None:
    revise(post, members_only=True)
    assert client.get(f"/posts/{post.pk}/history/").status_code == 404
    client.force_login(stranger)
    assert client.get(f"/posts/{post.pk}/history/").status_code == 200
    assert client.post(f"/posts/{post.pk}/history/").status_code == 405


def test_changes_give_both_texts_back() -> None:
    before, after = "가나다 라마바 사아자 " * 40, "가나다 라마바 " * 10 + "끼움 " + "가나다 라마바 사아자 " * 30
    pieces = changes(before, after)
    assert any(piece.kind == "gap" for piece in pieces)
    assert all(len(piece.text) <= 2 * CONTEXT for piece in pieces if piece.kind == "same")
    whole = changes("짧은 글이에요", "짧은 글이었어요")
    assert "".join(piece.text for piece in whole if piece.kind in ("same", "del")) == "짧은 글이에요"
    assert "".join(piece.text for piece in whole if piece.kind in ("same", "ins")) == "짧은 글이었어요"
