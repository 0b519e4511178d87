"""What was changed reaches everybody too: live, after a gap, once, and in the program's words."""

import json
import time
from collections.abc import Callable
from functools import partial

import pytest

from accounts.models import User
from board.models import Post
from rooms import live, settling
from rooms.models import Line, Room
from rooms.tests.ears import BotEar, Ear, listen, on_thread, until
from rooms.tests.room import cursor_now, say

pytestmark = pytest.mark.django_db(transaction=True)

LONG = time.monotonic() + 600  # seconds: longer than the clock has run, as a moment is on a machine that just came up


def changed(line: Line, verb: str, by: User, **how: object) -> Callable[[], bool]:
    """Work for a thread: the line as it is there."""
    return lambda: getattr(Line.objects.get(pk=line.pk), verb)(by=by, **how)


def test_an_edit_a_reaction_and_a_deletion_reach_everybody(post: Post, owner: User, stranger: User) -> None:
    async def conversation() -> None:
        line = await on_thread(partial(say, post, owner, "첫 말"))
        korean, english = [await Ear(post.pk, lang=lang).open() for lang in ("ko", "en")]
        await on_thread(changed(line, "edit", owner, text="고친 말"))
        await until(lambda: "고친 말" in korean.text)
        await on_thread(changed(line, "react", stranger, word="아하"))
        await until(lambda: 'value="아하"' in english.text)
        await on_thread(changed(line, "delete_softly", owner))
        await until(lambda: "지운 줄이에요." in korean.text and "This line was deleted." in english.text)
        assert korean.heard == english.heard == [line.pk] * 3
        for ear in (korean, english):
            await ear.close()

    listen(conversation)


def test_who_was_away_gets_what_a_line_has_become_and_nothing_of_what_it_was(post: Post, owner: User) -> None:
    async def conversation() -> None:
        line = await on_thread(partial(say, post, owner, "첫 말"))
        other = await on_thread(partial(say, post, owner, "다른 말"))
        ear = await Ear(post.pk).open()
        cursor = await cursor_now(post)
        await ear.close()
        await on_thread(changed(line, "edit", owner, text="말하지 말 것"))
        await on_thread(changed(other, "edit", owner, text="고친 말"))
        await on_thread(changed(line, "delete_softly", owner))
        for begin in (cursor, cursor.rpartition("-")[0] + "-0"):
            back = await Ear(post.pk, cursor=begin).open()
            await back.hears(other.pk, line.pk)
            assert "말하지 말 것" not in back.text
            assert "첫 말" not in back.text
            await back.close()

    listen(conversation)


def test_a_quote_of_a_deleted_line_is_emptied_for_everybody(post: Post, owner: User, stranger: User) -> None:
    async def conversation() -> None:
        line = await on_thread(partial(say, post, owner, "비밀번호는 1234"))
        reply = await on_thread(lambda: Room.objects.get(pk=post.pk).say(author=stranger, text="저런", reply_to=line))
        ear = await Ear(post.pk).open()
        await on_thread(changed(line, "delete_softly", owner))
        await ear.hears(line.pk, reply.pk)
        late = await Ear(post.pk, cursor=ear.cursor.rpartition("-")[0] + "-0").open()
        await late.hears(line.pk, reply.pk)
        assert "1234" not in ear.text + late.text
        for one in (ear, late):
            await one.close()

    listen(conversation)


def test_what_changes_of_one_line_in_a_moment_goes_out_once(
    post: Post, owner: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "SETTLE", LONG)  # a moment that ends when this test says so

    async def conversation() -> None:
        line = await on_thread(partial(say, post, owner, "골라 주세요"))
        ear = await Ear(post.pk).open()
        await on_thread(changed(line, "react", stranger, word="+1"))
        await until(lambda: ear.heard == [line.pk])
        for word in ("아하", "TIL", "ㅋㅋ"):
            await on_thread(changed(line, "react", stranger, word=word))
        version = int((await cursor_now(post)).partition("-")[2])
        await until(lambda: live.get_hub().rooms[post.pk].rung == version)  # all of them have been heard of
        assert ear.heard == [line.pk]  # and nobody was told of them
        monkeypatch.setattr(settling, "SETTLE", 0)
        await on_thread(changed(line, "react", stranger, word="LGTM"))
        # Reactions are read after their line: the telling before the last one may show it already.
        cursor = await cursor_now(post)
        await until(lambda: ear.cursor == cursor)
        assert 'value="LGTM"' in ear.text
        # Of five the first, what came meanwhile, and perhaps what was being read when the moment ended, and the last.
        assert len(ear.heard) < 5
        await ear.close()

    listen(conversation)


def test_what_is_said_does_not_wait_for_changes_to_settle(
    post: Post, owner: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "SETTLE", LONG)

    async def conversation() -> None:
        line = await on_thread(partial(say, post, owner, "골라 주세요"))
        ear = await Ear(post.pk).open()
        await on_thread(changed(line, "react", stranger, word="+1"))
        await until(lambda: ear.heard == [line.pk])
        await on_thread(changed(line, "react", stranger, word="TIL"))
        said = await on_thread(partial(say, post, owner, "새 말"))
        await ear.hears(line.pk, line.pk, said.pk)
        assert ear.cursor == await cursor_now(post)
        await ear.close()

    listen(conversation)


def test_a_program_is_told_what_has_happened_to_a_line_since_its_cursor(
    post: Post, owner: User, stranger: User
) -> None:
    async def conversation() -> None:
        start = await cursor_now(post)
        bot = await BotEar(post.pk, cursor=start).open()
        line = await on_thread(partial(say, post, owner, "첫 말"))
        await until(lambda: len(bot.named("chat.message")) == 1)
        await on_thread(changed(line, "edit", owner, text="고친 말"))
        await until(lambda: len(bot.named("chat.message.edited")) == 1)
        await on_thread(changed(line, "react", stranger, word="+1"))
        await until(lambda: len(bot.named("chat.message.edited")) == 2)
        await on_thread(changed(line, "delete_softly", owner))
        await until(lambda: len(bot.named("chat.message.deleted")) == 1)
        told = [line for _name, line in bot.told]
        assert [each["type"] for each in told] == [
            "chat.message",
            "chat.message.edited",
            "chat.message.edited",
            "chat.message.deleted",
        ]
        assert [each["version"] for each in told] == [1, 2, 3, 4]
        assert [(each["message"], each["deleted"]) for each in told[1:]] == [("고친 말", False)] * 2 + [("", True)]
        assert bot.cursor == await cursor_now(post)
        new = await BotEar(post.pk, cursor=start).open()  # which has never heard of the line
        await until(lambda: len(new.named("chat.message")) == 1)
        assert json.loads(new.named("chat.message")[0].data)["deleted"]
        for ear in (bot, new):
            await ear.close()

    listen(conversation)
