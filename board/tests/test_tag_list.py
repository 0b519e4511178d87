"""All tags, and finding one while typing."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from board.models import Post, Tag
from board.tags import begun, tag_initials
from board.views.tags import PAGE

pytestmark = pytest.mark.django_db
NewPost = Callable[..., Post]


def suggested(client: Client, typed: str) -> list[str]:
    return [tag.name for tag in client.get("/tags/suggest/", {"q": typed}).context["tags"]]


def names(client: Client, **query: str) -> list[str]:
    return [tag.name for tag in client.get("/tags/", query).context["tags"]]


@pytest.fixture
def tagged(owner: User, new_post: NewPost) -> None:
    for tags in (["파이썬", "Django"], ["파이썬"], ["파이토치", "커넥션-풀", "C++"], ["djangorestframework"]):
        new_post(by=owner, tags=tags)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("파", ["파이썬", "파이토치"]),
        ("ㅍㅇㅌ", ["파이토치"]),
        ("파ㅇ", ["파이썬", "파이토치"]),
        ("팡", ["파이썬", "파이토치"]),  # what an input method shows on the way to 파이
        ("ㅋㄴㅅ-ㅍ", ["커넥션-풀"]),
        ("파읻", []),
        ("파잍", ["파이토치"]),
        ("ㅋㄴㅅ", ["커넥션-풀"]),
        ("풀", ["커넥션-풀"]),
        ("DJ", ["Django", "djangorestframework"]),
        ("rest", ["djangorestframework"]),
        ("c+", ["C++"]),
        ("파이썬, dj", ["Django", "djangorestframework"]),
        ("django dj", ["djangorestframework"]),
        ("", []),
        ("파이썬, ", []),
        ("없는말", []),
    ],
)
def test_the_last_word_is_completed(client: Client, tagged: None, typed: str, found: list[str]) -> None:
    assert suggested(client, typed) == found


def test_first_consonants_are_read_however_they_come() -> None:
    assert tag_initials("파이썬3") == "ㅍㅇㅆ3"
    assert tag_initials("\u1111\u110b") == "ㅍㅇ"  # as NFKC leaves them
    assert begun("가") is None
    assert begun("") is None
    assert begun("각") == ("가", "ㄱㄱ")


def test_all_tags_stand_there_the_most_used_first_with_their_counts(client: Client, tagged: None) -> None:
    assert names(client) == ["파이썬", "Django", "파이토치", "커넥션-풀", "C++", "djangorestframework"]
    assert "글 2개" in client.get("/tags/").text
    assert names(client, q="ㅍㅇ") == ["파이썬", "파이토치"]
    assert "<html" not in client.get("/tags/?q=파", headers={"HX-Request-Type": "partial"}).text
    assert 'class="empty"' in client.get("/tags/?q=없는말").text


def test_the_tags_page_to_their_end(client: Client, tagged: None) -> None:
    Tag.objects.bulk_create(
        Tag(name=f"t{number}", slug=f"t{number}", key=f"t{number}", post_count=1 + number % 3)
        for number in range(2 * PAGE + 3)
    )
    User.objects.create_user("x@example.com", nickname="누구")
    client.force_login(User.objects.get(nickname="누구"))
    found, before = [], ""
    while True:
        context = client.get("/tags/", {"before": before} if before else {}).context
        found += [tag.name for tag in context["tags"]]
        if not (last := context["last"]):
            break
        before = f"{last.post_count}-{last.pk}"
    assert len(found) == len(set(found)) == Tag.objects.count()
    assert client.get("/tags/?before=x").status_code == 404


def test_a_visitor_is_told_no_word_that_only_members_use(
    client: Client, owner: User, stranger: User, new_post: NewPost
) -> None:
    new_post(by=owner, tags=["내부", "공통"], members_only=True)
    new_post(by=owner, tags=["공통"])
    for ask in (names, lambda client: suggested(client, "내") + suggested(client, "공")):
        assert ask(client) == ["공통"]
    client.force_login(stranger)
    assert names(client) == ["공통", "내부"]
    assert suggested(client, "내") == ["내부"]


def test_the_search_box_tells_a_visitor_no_word_that_only_members_use(
    client: Client, owner: User, stranger: User, new_post: NewPost
) -> None:
    new_post(by=owner, tags=["내부"], members_only=True)

    def told() -> list[str]:
        return [tag.name for tag in client.get("/search/suggest/", {"q": "내"}).context["results"].tags]

    assert told() == []
    client.force_login(stranger)
    assert told() == ["내부"]


def test_a_deleted_post_is_counted_no_more_and_a_restored_one_again(owner: User, new_post: NewPost) -> None:
    post = new_post(by=owner, tags=["하나", "둘"])
    new_post(by=owner, tags=["둘"])
    post.delete_softly(by=owner)
    assert dict(Tag.objects.values_list("name", "post_count")) == {"하나": 0, "둘": 1}
    post.restore(by=owner)
    assert dict(Tag.objects.values_list("name", "post_count")) == {"하나": 1, "둘": 2}


def test_a_tag_of_the_same_word_as_an_address_has_another_one(client: Client, owner: User, new_post: NewPost) -> None:
    new_post(by=owner, tags=["suggest"])
    assert client.get(Tag.objects.get().get_absolute_url()).context["listing"].choice.tag.name == "suggest"
