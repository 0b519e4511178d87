"""Somebody's page: what it tells, and to whom."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db

TOLD = ("디버깅 중", "서울에서", "PostgreSQL", "쿼리 최적화", "minseo.example")


@pytest.fixture
def minseo(new_member: Callable[..., User]) -> User:
    user = new_member("민서")
    user.profile.rewrite(
        status="디버깅 중",
        about="서울에서 **백엔드**를 만들어요",
        interests=["쿼리 최적화", "asgi"],
        links=["https://minseo.example/", "https://git.example/minseo"],
    )
    user.profile.know([("Rust", 1), ("PostgreSQL", 3)])
    return user


def page_of(person: User, *, reader: User | None = None) -> Any:
    client = Client()
    if reader:
        client.force_login(reader)
    return client.get(f"/people/{person.nickname}/")


def test_a_page_tells_everything_its_owner_told(minseo: User) -> None:
    text = page_of(minseo).text
    for each in TOLD:
        assert each in text
    assert "<strong>백엔드</strong>" in text
    assert '<a href="https://minseo.example/" rel="me nofollow noopener">' in text
    assert "<span>git.example/minseo</span>" in text
    assert text.index("PostgreSQL") < text.index("Rust")
    assert text.count('<i class="j"></i>') == 4
    assert minseo.email not in text


def test_a_skill_says_its_level_in_a_word(minseo: User) -> None:
    skill = minseo.profile.skills.first()
    assert skill
    assert str(skill.get_level_display()) in page_of(minseo).text
    assert (skill.cells, len(skill.cells)) == ("jjj.", 4)


def test_the_newest_posts_are_those_the_reader_may_see(minseo: User, new_post: Any, stranger: User) -> None:
    new_post(by=minseo, title="모두의 글")
    new_post(by=minseo, title="회원의 글", members_only=True)
    new_post(by=stranger, title="남의 글")
    for number in range(4):
        new_post(by=minseo, title=f"글 번호 {number}")
    visitor, member = page_of(minseo).text, page_of(minseo, reader=stranger).text
    assert "회원의 글" not in visitor
    assert "<small>5</small>" in visitor
    assert "회원의 글" in member
    assert "<small>6</small>" in member
    assert "모두의 글" not in member  # five are shown
    assert "남의 글" not in visitor + member


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("visitor", False),
        ("stranger", False),
        ("somebody who has them on a list", False),
        ("somebody on their list", True),
        ("staff", True),
        ("oneself", True),
    ],
)
def test_a_private_profile_is_read_by_those_on_its_owners_list(
    minseo: User, stranger: User, staff: User, new_post: Any, who: str, reads: bool
) -> None:
    new_post(by=minseo, title="모두의 글")
    minseo.profile.rewrite(is_private=True)
    readers = {"visitor": None, "staff": staff, "oneself": minseo}
    if who == "somebody who has them on a list":
        stranger.add_friend(minseo)
    if who == "somebody on their list":
        minseo.add_friend(stranger)
    response = page_of(minseo, reader=readers.get(who, stranger))
    assert response.status_code == 200
    assert "<h1>민서</h1>" in response.text
    assert 'class="avatar who' in response.text
    assert 'id="friendship"' in response.text
    assert 'content="noindex"' in response.text
    assert [each in response.text for each in (*TOLD, "모두의 글")] == [reads] * 6


def test_to_somebody_they_blocked_they_do_not_exist(minseo: User, stranger: User) -> None:
    minseo.rename("민서_py")
    minseo.block(stranger)
    assert page_of(minseo, reader=stranger).status_code == 404
    client = Client()
    client.force_login(stranger)
    assert client.get("/people/민서/").status_code == 404
    assert page_of(minseo).status_code == 200  # what visitors may read, they may read signed out


def test_people_who_are_not_there_are_404(client: Client, new_member: Callable[..., User]) -> None:
    new_member("떠난이", is_active=False)
    for nickname in ("떠난이", "없는이"):
        assert client.get(f"/people/{nickname}/").status_code == 404


def test_a_former_name_leads_on(client: Client, minseo: User) -> None:
    minseo.rename("민서_py")
    response = client.get("/people/민서/")
    assert (response.status_code, response["Location"]) == (302, minseo.get_absolute_url())


def test_a_page_of_nothing_says_so(new_member: Callable[..., User]) -> None:
    jiwoo = new_member("지우")
    assert "/settings/profile/" not in page_of(jiwoo).text
    assert "/settings/profile/" in page_of(jiwoo, reader=jiwoo).text


def test_a_link_never_runs_a_script(minseo: User) -> None:
    minseo.profile.rewrite(about="[x](javascript:alert(1)) <script>alert(1)</script>", interests=["<b>x</b>"])
    text = page_of(minseo).text
    assert 'href="javascript:' not in text
    assert "<script>alert" not in text
    assert "<b>x</b>" not in text


def test_a_page_costs_a_fixed_number_of_queries(
    minseo: User, stranger: User, new_post: Any, django_assert_num_queries: Any
) -> None:
    for _ in range(7):
        new_post(by=minseo)
    client = Client()
    client.force_login(stranger)
    # Session, reader, person, may they read, unread rooms, their newest posts, how many there are, skills, citations.
    with django_assert_num_queries(11):
        client.get("/people/민서/")
    with django_assert_num_queries(6):
        Client().get("/people/민서/")


def test_only_reading_is_allowed(client: Client, minseo: User) -> None:
    assert client.post(minseo.get_absolute_url()).status_code == 405
