"""Who wrote elsewhere is nobody who signs in here."""

import pytest
from django.contrib.auth import authenticate

from accounts.models import User
from board.models import Post
from board.tests.importing.elsewhere import POST, Write, load, log_of, said

pytestmark = pytest.mark.django_db


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
