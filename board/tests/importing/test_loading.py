"""manage.py load_community: files that are broken, or here already, change nothing."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from board.tests.importing.elsewhere import DOC, POST, Write, came, everything, load, log_of, said

pytestmark = pytest.mark.django_db


def test_importing_twice_changes_nothing(jsonl: Write, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    lines = [said(f"사람{number % 7}", str(number)) for number in range(200)]
    files = jsonl(POST, DOC, name="posts.jsonl"), jsonl(came("가"), *lines, name="chat.jsonl")
    load(*files)
    before = everything()
    with django_assert_max_num_queries(8):
        load(*files)
    assert everything() == before


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
