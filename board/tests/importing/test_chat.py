"""Chat logs become rooms, whose lines keep their order."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import User
from board.importing import chat
from board.importing import said as said_elsewhere
from board.models import Post
from board.tests.importing.elsewhere import Write, came, everything, load, log_of, said
from cobra.markdown import RENDERER, render_line
from rooms.models import Room

pytestmark = pytest.mark.django_db


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


def test_a_longer_file_appends_what_is_missing(jsonl: Write) -> None:
    lines = [said("가", str(number)) for number in range(9)]
    load(jsonl(came("나"), *lines[:4]))
    before = everything()
    load(jsonl(came("나"), *lines))
    after = everything()
    assert [line.text for line in log_of("2004-12-25")] == [str(number) for number in range(9)]
    assert after["Line"][:4] == before["Line"]
    changed_at = after["RoomVersion"][0]["changed_at"]
    assert after["RoomVersion"][0] == {**before["RoomVersion"][0], "version": 9, "changed_at": changed_at}
    assert changed_at > before["RoomVersion"][0]["changed_at"]
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
