"""What makes two spellings one tag."""

import unicodedata

import pytest
from django.test import Client

from accounts.models import User
from board.models import Category, Tag
from board.models.tag import LONGEST_SLUG
from board.tags import split_tags, tag_key, tag_slug


@pytest.mark.parametrize("spelling", ["Django", "django", "DJANGO", " django ", "#django", "Ｄｊａｎｇｏ", "## Django"])
def test_spellings_of_a_tag_have_one_key(spelling: str) -> None:
    assert tag_key(spelling) == "django"


def test_a_korean_tag_typed_on_a_mac_is_the_same_tag() -> None:
    assert tag_key(unicodedata.normalize("NFD", "파이썬")) == tag_key("파이썬")


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("파이썬, 장고", ["파이썬", "장고"]),
        ("파이썬 장고", ["파이썬", "장고"]),
        ("파이썬，장고、러스트", ["파이썬", "장고", "러스트"]),
        ("#파이썬 #Django django", ["파이썬", "Django"]),
        (" , # ,, ", []),
        ("C++ C# C", ["C++", "C#", "C"]),
    ],
)
def test_what_is_typed_is_split_as_a_korean_reader_expects(typed: str, labels: list[str]) -> None:
    assert split_tags(typed) == labels


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("C", "c"),
        ("파이썬", "파이썬"),
        ("node.js", "node-dot-js"),
        ("🐍", "1f40d"),
    ],
)
def test_slugs_are_readable_and_their_own(label: str, slug: str) -> None:
    assert tag_slug(tag_key(label)) == slug


@pytest.mark.django_db
def test_tags_that_share_a_slug_are_still_two_tags() -> None:
    tags = Tag.for_labels(["node.js", "node-dot-js"])
    assert len({tag.slug for tag in tags}) == 2
    assert [tag.name for tag in Tag.for_labels(["NODE.JS"])] == ["node.js"]


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["+", "🐍"])
def test_a_tag_of_signs_that_are_words_in_an_address_fits(sign: str) -> None:
    tags = Tag.for_labels([sign * 29, sign * 30])
    assert len(tags) == len({tag.slug for tag in tags}) == 2
    assert all(len(tag.slug) <= LONGEST_SLUG for tag in tags)


@pytest.mark.django_db
def test_a_tag_that_is_too_long_once_folded_is_told(client: Client, owner: User) -> None:
    client.force_login(owner)
    category = Category.objects.all()[0]
    fields = {"title": "제목", "body": "본문", "category": category.pk, "tags": "ﷺ" * 6}
    response = client.post("/posts/new/", fields)
    assert response.status_code == 422
    assert "tags" in response.context["form"].errors
