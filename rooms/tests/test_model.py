"""Whatever people do and whatever breaks: everybody who listens ends with exactly what the room is.

Hypothesis makes up the story (https://hypothesis.readthedocs.io/en/latest/stateful.html): lines said, edited, deleted,
answered and reacted to, while listeners go and come back, bells are not heard, and the server starts anew. Beside the
room a model of some dictionaries says what it should be; listeners keep what they are told as a page or a program does.
"""

import asyncio
import itertools
import json
import re
from typing import Any

import pytest
from django.db import connections
from django_eventstream.views import get_listener_manager
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from accounts.models import User
from board.models import Category, Post
from rooms import live, log, settling
from rooms.line_json import line_of
from rooms.models import WORDS, Line, Room, RoomVersion
from rooms.tests.ears import BotEar, Ear, Event, on_thread, until

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = st.sampled_from(["안녕", "**굵게**", "`code`", "```python\nx = 1\n```", "@지우 보세요", "> 인용\n\n답"])
PERSON = st.integers(0, 2)
LISTENER = st.integers(0, 3)
LINE = re.compile(r'<li class="[^"]*" id="line-(\d+)" data-seq="\d+" data-version="(\d+)"')
_numbers = itertools.count()


class Mirror:
    """A listener's own copy of the room, kept as `line-swap.js` keeps a page and as a program keeps its lines."""

    def __init__(self, room_id: int, encoding: str, cursor: str) -> None:
        self.room_id = room_id
        self.encoding = encoding
        self.cursor = cursor
        self.lines: dict[int, tuple[int, str]] = {}  # by id: version, and what stands there
        self.ear: Ear | None = None
        self._read = 0

    async def connect(self) -> None:
        if self.ear is None:
            is_bot = self.encoding == log.JSON
            ear = (
                BotEar(self.room_id, cursor=self.cursor)
                if is_bot
                else Ear(self.room_id, cursor=self.cursor, lang=self.encoding)
            )
            self._read = 0
            self.ear = await ear.open()

    async def disconnect(self) -> None:
        if self.ear is not None:
            self.take()
            await self.ear.close()
            self.ear = None

    def take(self) -> None:
        """What has come since."""
        if self.ear is None:
            return
        events = self.ear.events
        for event in events[self._read :]:
            assert event.name != "reset"  # nobody was that far behind, and the log is the same one
            for pk, version, what in self._lines_in(event):
                before = self.lines.get(pk)
                assert before is None or version > before[0], "the same version came twice"
                self.lines[pk] = (version, what)
            if event.id:
                self.cursor = event.id
        self._read = len(events)

    def _lines_in(self, event: Event) -> list[tuple[int, int, str]]:
        if self.encoding == log.JSON:
            return self._told(event) if event.name.startswith("chat.message") else []
        html = re.sub(r"^<hx-partial[^>]*>|</hx-partial>$", "", event.data)
        found = [part for part in re.split(r'(?=<li class="(?:line who|sys))', html) if part.startswith("<li")]
        ids = [LINE.match(part) for part in found]
        return [(int(head[1]), int(head[2]), part) for head, part in zip(ids, found, strict=True) if head]

    def _told(self, event: Event) -> list[tuple[int, int, str]]:
        line = json.loads(event.data)
        is_known = line["id"] in self.lines
        assert line["type"] == event.name
        assert is_known == (event.name != "chat.message"), "said is what it has not heard of"
        assert not is_known or line["deleted"] == (event.name == "chat.message.deleted")
        return [(line["id"], line["version"], json.dumps(line | {"type": "chat.message"}, sort_keys=True))]


class RoomStory(RuleBasedStateMachine):
    """Three people and four listeners: two Korean pages, an English one and a program."""

    lines: Bundle[int] = Bundle("lines")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.model: dict[int, dict[str, Any]] = {}

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def on_thread(self, work: Any) -> Any:
        async def there() -> Any:
            return await on_thread(work)

        return self.run(there())

    @initialize()
    def open_room(self) -> None:
        self.on_thread(self._open_room)

        async def connect() -> None:
            for mirror in self.mirrors:
                await mirror.connect()

        self.run(connect())

    def _open_room(self) -> None:
        number = next(_numbers)
        self.people = [
            User.objects.create_user(f"{number}-{who}@example.com", nickname=f"사람{number}.{who}") for who in range(3)
        ]
        names = {"name_ko": "디버깅", "name_en": "Debugging"}
        category, _is_new = Category.objects.get_or_create(slug="debugging", defaults=names)
        post = Post.publish(by=self.people[0], title="글", body="본문", tags=[], category=category)
        self.room_id = post.pk
        position = RoomVersion.objects.position(post.pk)
        assert position
        cursor = log.cursor_of(position)
        self.mirrors = [Mirror(post.pk, encoding, cursor) for encoding in ("ko", "ko", "en", log.JSON)]

    # --- What people do ---

    @rule(target=lines, who=PERSON, text=TEXTS)
    def say(self, who: int, text: str) -> int:
        return self._say(who, text, None)

    @rule(target=lines, who=PERSON, text=TEXTS, answered=lines)
    def reply(self, who: int, text: str, answered: int) -> int:
        return self._say(who, text, answered)

    def _say(self, who: int, text: str, answered: int | None) -> int:
        text = f"{text}\n{next(_numbers)}"  # nobody says the same twice
        reply_to = Line(pk=answered) if answered else None
        line = self.on_thread(lambda: Room(pk=self.room_id).say(author=self.people[who], text=text, reply_to=reply_to))
        self.model[line.pk] = {"who": who, "text": text, "reply_to": answered, "deleted": False, "words": set()}
        pk: int = line.pk
        return pk

    @rule(line=lines, text=TEXTS)
    def edit(self, line: int, text: str) -> None:
        state = self.model[line]
        if state["deleted"]:
            return
        changed = self.on_thread(lambda: self._line(line).edit(by=self.people[state["who"]], text=text))
        assert changed == (state["text"] != text)
        state["text"] = text

    @rule(target=lines, line=consumes(lines))
    def delete(self, line: int) -> Any:
        state = self.model[line]
        changed = self.on_thread(lambda: self._line(line).delete_softly(by=self.people[state["who"]]))
        assert changed != state["deleted"]
        state["deleted"] = True
        return multiple(line)  # it can still be answered

    @rule(line=lines, who=PERSON, word=st.sampled_from(WORDS[:3]), wanted=st.booleans())
    def react(self, line: int, who: int, word: str, wanted: bool) -> None:
        state = self.model[line]
        if state["deleted"]:
            return
        changed = self.on_thread(lambda: self._line(line).react(by=self.people[who], word=word, wanted=wanted))
        assert changed == (((who, word) in state["words"]) != wanted)
        (state["words"].add if wanted else state["words"].discard)((who, word))

    def _line(self, pk: int) -> Line:
        return Line.objects.get(pk=pk)

    # --- What happens to listeners ---

    @rule(which=LISTENER)
    def disconnect(self, which: int) -> None:
        self.run(self.mirrors[which].disconnect())

    @rule(which=LISTENER)
    def reconnect(self, which: int) -> None:
        self.run(self.mirrors[which].connect())

    @rule()
    def time_passes(self) -> None:
        self.run(asyncio.sleep(settling.SETTLE))

    @rule()
    def bells_fail(self) -> None:
        """This process hears of nothing for a while; then its clock finds it."""

        async def hear(*, bells: bool) -> None:
            for room in live.get_hub().rooms.values():
                manager = get_listener_manager()
                (manager.add_listener if bells else manager.remove_listener)(room.tap)

        self.run(hear(bells=False))
        self._say(0, "아무도 못 들은 말", None)
        for line in list(self.model)[:2]:
            self.react(line, 1, WORDS[0], True)
        self.run(hear(bells=True))

        async def clock() -> None:
            await live.get_hub().clock.check()

        self.run(clock())

    @rule()
    def restart(self) -> None:
        """The server goes, and all its streams with it; those who were there come back at once."""

        async def again() -> None:
            was_there = [mirror for mirror in self.mirrors if mirror.ear is not None]
            await live.close_hub()
            for mirror in was_there:
                await mirror.disconnect()
                await mirror.connect()

        self.run(again())

    # --- How it ends ---

    def teardown(self) -> None:
        try:
            if hasattr(self, "mirrors"):
                self.run(self._everybody_knows())
        finally:
            self.run(self._close())
            self.loop.close()

    async def _everybody_knows(self) -> None:
        told = await on_thread(self._as_it_is)
        for mirror in self.mirrors:
            await mirror.connect()

        def all_know() -> bool:
            for mirror in self.mirrors:
                mirror.take()
            return all(mirror.lines == told[mirror.encoding] for mirror in self.mirrors)

        try:
            await until(all_know, seconds=30)
        except TimeoutError:
            for mirror in self.mirrors:
                assert mirror.lines == told[mirror.encoding]  # says what differs
        position = await on_thread(lambda: RoomVersion.objects.position(self.room_id))
        assert {mirror.cursor for mirror in self.mirrors} == {log.cursor_of(position)} if position else True

    def _as_it_is(self) -> dict[str, dict[int, tuple[int, str]]]:
        """The room as the database has it, read anew, which is as the model has it; by encoding."""
        lines = list(Line.objects.for_log().filter(room=self.room_id))
        rows = {line.pk: self._row(line) for line in lines if line.kind == Line.Kind.SAID}
        assert rows == self.model
        told: dict[str, dict[int, tuple[int, str]]] = {}
        for encoding in log.ENCODINGS:
            told[encoding] = {line.pk: (line.version, log.fragment(line, encoding)) for line in lines}
        as_json = {line.pk: json.dumps(json.loads(log.fragment(line, log.JSON)), sort_keys=True) for line in lines}
        told[log.JSON] = {line.pk: (line.version, as_json[line.pk]) for line in lines if line.kind == Line.Kind.SAID}
        return told

    def _row(self, line: Line) -> dict[str, Any]:
        places = {person.pk: place for place, person in enumerate(self.people)}
        words = {(places[each.person_id], each.word) for each in line.reactions.all()}
        assert line_of(line)["message"] == ("" if line.is_gone else line.text)
        return {
            "who": places[line.author_id],
            "text": line.text,
            "reply_to": line.reply_to_id,
            "deleted": line.is_gone,
            "words": words,
        }

    async def _close(self) -> None:
        for mirror in getattr(self, "mirrors", ()):
            await mirror.disconnect()
        await live.close_hub()
        await on_thread(connections.close_all)


def test_everybody_ends_with_what_the_room_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "SETTLE", 0.02)
    run_state_machine_as_test(
        RoomStory,
        settings=settings(
            max_examples=20,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,  # the suite is the same every time; a longer search is made by hand
            suppress_health_check=list(HealthCheck),
        ),
    )
