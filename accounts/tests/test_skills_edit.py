"""Saying what one can do, and how well."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Skill, User
from accounts.skills import COMMON

pytestmark = pytest.mark.django_db


@pytest.fixture
def minseo(client: Client, new_member: Callable[..., User]) -> User:
    user = new_member("민서")
    client.force_login(user)
    return user


def typed(*rows: tuple[str, int | str], there: int = 0) -> dict[str, Any]:
    fields: dict[str, Any] = {"skills-TOTAL_FORMS": len(rows), "skills-INITIAL_FORMS": there}
    for number, (name, level) in enumerate(rows):
        fields |= {f"skills-{number}-name": name, f"skills-{number}-level": level}
    return fields


def post(client: Client, *rows: tuple[str, int | str], there: int = 0, **more: str) -> Any:
    return client.post("/settings/skills/", typed(*rows, there=there) | more)


def known(user: User) -> list[tuple[str, int]]:
    return list(user.profile.skills.values_list("name", "level"))


def test_rows_are_added_changed_and_emptied(client: Client, minseo: User) -> None:
    assert client.get("/settings/skills/").text.count("<select") == 3
    response = post(client, ("  Python ", 4), ("Rust", 1), ("", 2))
    assert response["Location"] == minseo.get_absolute_url()
    assert known(minseo) == [("Python", 4), ("Rust", 1)]
    text = client.get("/settings/skills/").text
    assert text.count("<select") == 5
    assert 'value="Python"' in text
    post(client, ("", 4), ("Rust", 3), ("질문하는   법", 2), there=2)
    assert known(minseo) == [("Rust", 3), ("질문하는 법", 2)]


def test_saving_may_go_on_to_more_rows(client: Client, minseo: User) -> None:
    response = post(client, ("Python", 4), ("Go", 1), ("Rust", 2), more="1")
    assert response["Location"] == "/settings/skills/#id_skills-3-name"
    assert client.get("/settings/skills/").text.count("<select") == 6


def test_one_skill_counts_once_however_it_is_spelled(client: Client, minseo: User) -> None:
    post(client, ("Python", 4), ("python", 1), ("ＰＹＴＨＯＮ", 2))
    assert known(minseo) == [("Python", 4)]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("a" * 41, 2), "name"),
        (("ﷺ" * 40, 2), "name"),
        (("Python", 5), "level"),
        (("Python", 0), "level"),
        (("Python", ""), "level"),
        (("Python", "best"), "level"),
    ],
)
def test_a_refused_row_says_so_and_every_row_is_still_there(
    client: Client, minseo: User, row: tuple[str, int | str], field: str
) -> None:
    response = post(client, ("Rust", 1), row)
    assert response.status_code == 422
    assert f'id="id_skills-1-{field}_error"' in response.text
    assert f'href="#id_skills-1-{field}"' in response.text
    assert response.text.count('<div class="note bad" role="alert"') == 1
    assert 'value="Rust"' in response.text
    assert f'value="{row[0]}"' in response.text
    assert not Skill.objects.exists()


def test_twenty_are_the_most(client: Client, minseo: User) -> None:
    rows = [(f"기술 {number}", 2) for number in range(21)]
    assert post(client, *rows[:20]).status_code == 302
    assert client.get("/settings/skills/").text.count("<select") == 20
    response = post(client, *rows, there=20)
    assert response.status_code == 422
    assert "기술 19" in response.text
    assert len(known(minseo)) == 20


@pytest.mark.parametrize("fields", [{}, {"skills-TOTAL_FORMS": "x"}, {"skills-TOTAL_FORMS": "100000"}])
def test_a_form_without_its_counts_is_refused(client: Client, minseo: User, fields: dict[str, str]) -> None:
    assert client.post("/settings/skills/", fields).status_code == 422


def test_names_are_completed_from_what_people_here_can_do(
    client: Client, minseo: User, new_member: Callable[..., User]
) -> None:
    for nickname, names in {"지우": ["Zig", "rust"], "하린": ["Zig", "Gleam"], "비밀": ["남모르는 일"]}.items():
        new_member(nickname).profile.know((name, 2) for name in names)
    User.objects.get(nickname="비밀").profile.rewrite(is_private=True)
    text = client.get("/settings/skills/").text
    assert 'list="known-skills"' in text
    assert (
        text.index('<option value="Zig">')
        < text.index('<option value="Gleam">')
        < text.index('<option value="Python">')
    )
    assert '<option value="rust">' in text
    assert '<option value="Rust">' not in text
    assert "남모르는" not in text


def test_the_common_ones_are_some_sixty_and_different() -> None:
    assert 55 <= len(COMMON) <= 80
    assert len({name.casefold() for name in COMMON}) == len(COMMON)


def test_a_stranger_is_sent_to_the_door_and_the_pages_cost_little(
    client: Client, minseo: User, django_assert_num_queries: Any
) -> None:
    assert Client().post("/settings/skills/", typed(("Python", 4)))["Location"].startswith("/accounts/login/")
    # Session, reader, skills, what people know.
    with django_assert_num_queries(6):
        client.get("/settings/skills/")
