"""Line.edit(), delete_softly() and react(): what becomes of a line, and of those that quote it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.errors import Suspended
from accounts.models import User
from board.models import Post
from cobra.rates import Rate
from rooms import log
from rooms.errors import KeptOut, LineGone, NothingToAnswer, RoomLocked, TooFast
from rooms.models import WORDS, Line, Reaction, Room, RoomVersion, Touch

pytestmark = pytest.mark.django_db
type Verb = Callable[[Line, User], bool]

VERBS: dict[str, Verb] = {
    "edit": lambda line, by: line.edit(by=by, text="고친 말"),
    "delete": lambda line, by: line.delete_softly(by=by),
    "react": lambda line, by: line.react(by=by, word="아하"),
}
every_verb = pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))


@pytest.fixture
def line(post: Post, owner: User) -> Line:
    return post.room.say(author=owner, text="첫 말")


def version_of(room: Room) -> int:
    return RoomVersion.objects.get(pk=room.pk).version


def again(line: Line) -> Line:
    return Line.objects.for_log().get(pk=line.pk)


@every_verb
def test_a_change_moves_the_line_to_the_next_version_and_keeps_its_place(
    line: Line, owner: User, post: Post, verb: Verb
) -> None:
    post.room.say(author=owner, text="다음 말")
    assert verb(line, owner)
    assert (again(line).seq, again(line).version, version_of(post.room)) == (1, 3, 3)


@every_verb
def test_the_same_change_again_takes_no_version(line: Line, owner: User, post: Post, verb: Verb) -> None:
    assert verb(line, owner)
    assert not verb(line, owner) if verb is not VERBS["edit"] else not line.edit(by=owner, text="고친 말")
    assert version_of(post.room) == 2


def test_an_edit_says_that_it_is_one(line: Line, owner: User) -> None:
    line.edit(by=owner, text="**고친** 말")
    after = again(line)
    assert (after.text, after.html) == ("**고친** 말", "<p><strong>고친</strong> 말</p>")
    assert after.edited_at


def test_a_deleted_line_is_gone_but_its_row_stays(line: Line, owner: User) -> None:
    line.delete_softly(by=owner)
    after = again(line)
    assert after.is_gone
    assert after.glimpse == ""
    with pytest.raises(LineGone):
        line.edit(by=owner, text="되살리기")
    with pytest.raises(LineGone):
        line.react(by=owner, word="+1")


@pytest.mark.parametrize("verb", [VERBS["edit"], VERBS["delete"]], ids=["edit", "delete"])
def test_nobody_changes_what_somebody_else_said(
    line: Line, post: Post, stranger: User, staff: User, verb: Verb
) -> None:
    for person in (stranger, staff):
        with pytest.raises(PermissionDenied):
            verb(line, person)
    assert version_of(post.room) == 1


def test_a_notice_is_nobodys_and_takes_no_reaction(post: Post, owner: User) -> None:
    post.room.admit(by=owner, members_only=True)
    notice = Line.objects.get()
    for verb in VERBS.values():
        with pytest.raises(Line.DoesNotExist):
            verb(notice, owner)


@every_verb
def test_a_locked_room_refuses_every_change(line: Line, owner: User, verb: Verb) -> None:
    Room.objects.filter(pk=line.room_id).update(locked_at=timezone.now())
    with pytest.raises(RoomLocked):
        verb(line, owner)
    assert version_of(line.room) == 1


@every_verb
def test_a_suspended_person_changes_nothing(line: Line, owner: User, verb: Verb) -> None:
    owner.suspended_until = timezone.now() + timedelta(hours=1)
    with pytest.raises(Suspended):
        verb(line, owner)


@every_verb
def test_somebody_kept_out_changes_nothing_any_more(post: Post, owner: User, stranger: User, verb: Verb) -> None:
    mine = post.room.say(author=stranger, text="내 말")
    owner.block(stranger)
    with pytest.raises(KeptOut):
        verb(mine, stranger)


@every_verb
def test_in_a_room_that_is_deleted_there_is_nothing_to_change(line: Line, owner: User, verb: Verb) -> None:
    line.room.delete_softly(by=owner)
    with pytest.raises(Room.DoesNotExist):
        verb(line, owner)


@every_verb
def test_every_change_counts_as_a_line_does(line: Line, owner: User, settings: LazySettings, verb: Verb) -> None:
    settings.LINE_RATE = Rate.parse("3/10s")
    line.react(by=owner, word="+1")
    line.react(by=owner, word="+1", wanted=False)
    with pytest.raises(TooFast):
        verb(line, owner)
    with pytest.raises(TooFast):
        line.room.say(author=owner, text="더는")
    Touch.objects.update(at=timezone.now() - timedelta(seconds=11))
    assert verb(line, owner)
    assert Touch.objects.count() == 1  # what counts no longer is not kept


def test_deleting_a_line_gives_new_versions_to_those_that_quote_it(
    line: Line, post: Post, owner: User, stranger: User
) -> None:
    replies = [post.room.say(author=stranger, text=f"답 {number}", reply_to=line) for number in range(3)]
    other = post.room.say(author=stranger, text="딴 얘기")
    line.delete_softly(by=owner)
    assert again(line).version == 6
    assert [again(reply).version for reply in replies] == [7, 8, 9]
    assert again(other).version == 5
    assert version_of(post.room) == 9


def test_editing_a_line_renews_its_quotes_where_they_show_it(
    line: Line, post: Post, owner: User, stranger: User
) -> None:
    reply = post.room.say(author=stranger, text="답", reply_to=line)
    line.edit(by=owner, text="**첫** 말")  # the same words
    assert again(reply).version == 2
    line.edit(by=owner, text="새 말")
    assert again(reply).version == version_of(post.room) == 5
    line.react(by=stranger, word="+1")
    assert again(reply).version == 5


def test_a_reply_to_a_line_that_was_just_deleted_is_said_without_its_words(
    line: Line, post: Post, owner: User, stranger: User
) -> None:
    known = Line.objects.get(pk=line.pk)
    line.delete_softly(by=owner)
    reply = post.room.say(author=stranger, text="그 말은요", reply_to=known)
    assert reply.reply_to
    assert reply.reply_to.glimpse == ""


def test_a_reply_to_another_rooms_line_is_refused(line: Line, owner: User, new_post: Callable[..., Post]) -> None:
    elsewhere = new_post(by=owner).room
    with pytest.raises(NothingToAnswer):
        elsewhere.say(author=owner, text="저쪽 말", reply_to=line)
    assert version_of(elsewhere) == 0


def test_reactions_are_told_by_word_with_who_said_them(line: Line, owner: User, stranger: User) -> None:
    line.react(by=stranger, word="ㅋㅋ")
    line.react(by=stranger, word="+1")
    line.react(by=owner, word="+1")
    assert [(each.word, each.people) for each in again(line).tally] == [("+1", [stranger, owner]), ("ㅋㅋ", [stranger])]
    line.react(by=stranger, word="+1", wanted=False)
    assert [(each.word, each.count) for each in again(line).tally] == [("+1", 1), ("ㅋㅋ", 1)]


def test_only_the_words_of_the_set_are_reactions(line: Line, owner: User) -> None:
    for word in WORDS:
        line.react(by=owner, word=word)
    assert [each.word for each in again(line).tally] == list(WORDS)


@pytest.mark.django_db(transaction=True)
def test_a_reaction_sent_many_times_at_once_stands_once(line: Line, stranger: User) -> None:
    def react(_: int) -> bool:
        try:
            return Line.objects.get(pk=line.pk).react(by=stranger, word="LGTM")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(react, range(12))) == 1
    assert Reaction.objects.count() == 1
    assert version_of(line.room) == 2


@pytest.mark.django_db(transaction=True)
def test_replies_and_a_deletion_at_once_leave_every_version_on_one_row(line: Line, owner: User, stranger: User) -> None:
    def act(number: int) -> None:
        try:
            if number == 5:
                Line.objects.get(pk=line.pk).delete_softly(by=owner)
            else:
                Room(pk=line.room_id).say(author=stranger, text=f"답 {number}", reply_to=line)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(act, range(12)))
    versions = list(Line.objects.order_by("version").values_list("version", flat=True))
    assert len(set(versions)) == len(versions) == 12
    assert versions[-1] == version_of(line.room)


@pytest.mark.parametrize("what", ["said", "answered", "long", "edited", "deleted", "reacted", "held", "joined"])
def test_a_line_is_rendered_once_for_all_languages_only_where_it_looks_the_same_in_each(
    line: Line, owner: User, stranger: User, post: Post, what: str
) -> None:
    if what == "answered":
        line = post.room.say(author=stranger, text="대답", reply_to=line)
    elif what == "long":
        line = post.room.say(author=stranger, text="가나다 " * 400)
    elif what == "joined":
        line = Line(pk=9, room=post.room, seq=2, version=2, author=stranger, kind=Line.Kind.JOINED)
    elif what == "held":
        Line.objects.filter(pk=line.pk).update(hidden_at=timezone.now(), is_held=True)
    elif what != "said":
        {"edited": VERBS["edit"], "deleted": VERBS["delete"], "reacted": VERBS["react"]}[what](line, owner)
    line = line if what == "joined" else again(line)
    kept = {encoding: log.fragment(line, encoding) for encoding in log.ENCODINGS}
    line.fragments.clear()
    for encoding in log.ENCODINGS:
        with translation.override(encoding):
            assert kept[encoding] == render_to_string("rooms/_line.html", {"line": line}).strip()
    assert (kept["ko"] is kept["en"]) == (what == "said")
