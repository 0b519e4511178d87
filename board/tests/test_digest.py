"""Kept thoughts: from ticked lines to a section of the post, and what becomes of them there."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from board.errors import DigestChanged, DigestDecided, NothingLeft, NotTakingPart, TooManyTicked, TooManyWaiting
from board.models import Citation, Digest, Post, Tick, tick
from board.models import digest as digests
from board.passages import cited_numbers, passages_of
from rooms.errors import KeptOut, RoomLocked
from rooms.models import Line, Room, RoomVersion, Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(post: Post, owner: User, stranger: User) -> list[Line]:
    """Three lines: by the stranger, the owner, the stranger."""
    people = (stranger, owner, stranger)
    return [post.room.say(author=by, text=f"{number}번째 **생각**") for number, by in enumerate(people, 1)]


@pytest.fixture
def digest(post: Post, stranger: User, lines: list[Line]) -> Digest:
    """The stranger's proposal, which cites lines 1 and 2."""
    return Digest.propose(post=post, by=stranger, title="알게 된 것", text="먼저\n\n[[1]]\n\n그리고\n\n[[2]]")


def kept(post: Post) -> dict[int, int | None]:
    """By line number, in which section it is kept."""
    return dict(post.room.lines.said().order_by("seq").values_list("seq", "kept_in"))


# --- The text ---


def test_a_citation_alone_is_a_quote_and_within_words_a_link_with_the_quote_after_them() -> None:
    text = "처음 [[3]] 말.\n\n- 하나 [[2]]\n- 둘\n\n[[1]] [[2]]\n\n끝 [[3]]."
    assert cited_numbers(text) == [3, 2, 1]
    first, *quotes, last = passages_of(text)
    assert '<a href="#cited-3"' in first["html"]
    assert first["html"].count("<li>") == 2
    assert [each["number"] for each in quotes] == [3, 2, 1]
    assert '<a href="#cited-3"' in last["html"]


def test_code_cites_nothing() -> None:
    text = "```python\n[[1]]\n```\n\n`[[2]]` 와 ``a`[[3]]`` 는 코드예요.\n\n~~~\n```\n[[4]]\n~~~\n[[5]]"
    assert cited_numbers(text) == [5]
    assert "[[2]]" in passages_of(text)[0]["html"]


# --- Ticking ---


def test_whoever_takes_part_ticks_lines_of_the_room(post: Post, stranger: User, lines: list[Line]) -> None:
    ids = [line.pk for line in lines]
    Tick.choose(by=stranger, room=post.room, shown=ids, ticked=ids[:2])
    Tick.choose(by=stranger, room=post.room, shown=ids[:1], ticked=[])
    Tick.choose(by=stranger, room=post.room, shown=ids[2:], ticked=ids[2:])
    Tick.choose(by=stranger, room=post.room, shown=ids[2:], ticked=ids[2:])
    assert [each.line_id for each in Tick.objects.of(stranger, post.pk)] == ids[1:]


def test_lines_of_other_rooms_notices_and_lines_that_are_gone_are_not_ticked(
    post: Post, owner: User, stranger: User, lines: list[Line], new_post: Callable[..., Post]
) -> None:
    elsewhere = new_post(by=owner).room.say(author=owner, text="다른 방")
    post.room.slow_down(by=owner, seconds=10)
    Line.objects.filter(pk=lines[0].pk).update(deleted_at=timezone.now())
    ids = [elsewhere.pk, *post.room.lines.values_list("pk", flat=True)]
    Tick.choose(by=stranger, room=post.room, shown=ids, ticked=ids)
    assert [each.line_id for each in Tick.objects.of(stranger, post.pk)] == [lines[1].pk, lines[2].pk]


def test_whoever_takes_no_part_neither_ticks_nor_proposes(
    post: Post, owner: User, lines: list[Line], new_member: Callable[..., User]
) -> None:
    newcomer = new_member()
    with pytest.raises(NotTakingPart):
        Tick.choose(by=newcomer, room=post.room, shown=[lines[0].pk], ticked=[lines[0].pk])
    with pytest.raises(NotTakingPart):
        Digest.propose(post=post, by=newcomer, title="제목", text="[[1]]")
    post.room.say(author=newcomer, text="저도요")
    Digest.propose(post=post, by=newcomer, title="제목", text="[[1]]")
    owner.block(newcomer)
    with pytest.raises(KeptOut):
        Digest.propose(post=post, by=newcomer, title="제목", text="[[1]]")


def test_ticks_have_an_end(post: Post, stranger: User, lines: list[Line], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tick, "MOST_TICKED", 2)
    ids = [line.pk for line in lines]
    with pytest.raises(TooManyTicked):
        Tick.choose(by=stranger, room=post.room, shown=ids, ticked=ids)
    assert not Tick.objects.exists()


# --- Proposing ---


def test_a_proposal_is_in_no_post_and_uses_up_what_it_cites(post: Post, stranger: User, lines: list[Line]) -> None:
    ids = [line.pk for line in lines]
    Tick.choose(by=stranger, room=post.room, shown=ids, ticked=ids)
    digest = Digest.propose(post=post, by=stranger, title="제목", text="[[3]]\n\n[[1]] [[99]]")
    assert [each.line_id for each in digest.citations.all()] == [ids[2], ids[0]]
    assert [each.line_id for each in Tick.objects.of(stranger, post.pk)] == [ids[1]]
    assert kept(post) == {1: None, 2: None, 3: None}
    assert not Digest.objects.published().exists()


def test_only_so_many_proposals_of_one_person_wait(
    post: Post, stranger: User, owner: User, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "MOST_WAITING", 1)
    Digest.propose(post=post, by=stranger, title="하나", text="[[1]]")
    with pytest.raises(TooManyWaiting):
        Digest.propose(post=post, by=stranger, title="둘", text="[[2]]")
    Digest.propose(post=post, by=owner, title="셋", text="[[2]]")


def test_thoughts_are_kept_in_a_closed_room_but_not_in_a_locked_one(
    post: Post, owner: User, stranger: User, lines: list[Line]
) -> None:
    post.room.close(by=owner, verdict=Verdict.SOLVED, text="됐어요.")
    Digest.propose(post=post, by=stranger, title="나중에", text="[[1]]")
    Room.objects.filter(pk=post.pk).update(locked_at=timezone.now())
    with pytest.raises(RoomLocked):
        Digest.propose(post=Post.objects.get(pk=post.pk), by=stranger, title="더 나중에", text="[[1]]")


# --- Publishing ---


def test_published_it_is_said_in_the_room_and_its_lines_say_where_they_are_kept(
    post: Post, owner: User, digest: Digest
) -> None:
    digest.publish(by=owner, version=1)
    assert kept(post) == {1: digest.pk, 2: digest.pk, 3: None}
    notice = post.room.lines.get(kind="kept")
    assert (notice.seq, notice.text, notice.kept_in) == (4, "알게 된 것", digest.pk)
    versions = dict(post.room.lines.order_by("seq").values_list("seq", "version"))
    assert versions == {1: 5, 2: 6, 3: 3, 4: 4}
    assert RoomVersion.objects.get(pk=post.pk).version == 6


def test_publishing_twice_is_harmless(post: Post, owner: User, staff: User, digest: Digest) -> None:
    digest.publish(by=owner, version=1)
    Digest.objects.get(pk=digest.pk).publish(by=staff, version=1)
    assert Digest.objects.get(pk=digest.pk).decided_by == owner
    assert post.room.lines.filter(kind="kept").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_who_publish_at_once_publish_once(post: Post, owner: User, digest: Digest) -> None:
    def publish(_: int) -> None:
        try:
            Digest.objects.get(pk=digest.pk).publish(by=owner, version=1)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(publish, range(8)))
    assert post.room.lines.filter(kind="kept").count() == 1
    assert RoomVersion.objects.get(pk=post.pk).version == 6


def test_what_was_rewritten_since_it_was_read_is_not_published(owner: User, stranger: User, digest: Digest) -> None:
    Digest.objects.get(pk=digest.pk).revise(by=stranger, title="새 제목", text="[[1]]", version=1)
    with pytest.raises(DigestChanged):
        digest.publish(by=owner, version=1)
    assert not Digest.objects.published().exists()


def test_a_line_deleted_in_between_stays_cited_but_is_kept_nowhere(
    post: Post, owner: User, lines: list[Line], digest: Digest
) -> None:
    Line.objects.filter(pk=lines[0].pk).update(deleted_at=timezone.now())
    digest.publish(by=owner, version=1)
    assert kept(post) == {1: None, 2: digest.pk, 3: None}
    assert digest.citations.count() == 2


def test_nothing_is_published_once_all_it_cites_is_gone(
    post: Post, owner: User, lines: list[Line], digest: Digest
) -> None:
    Line.objects.filter(pk__in=[line.pk for line in lines]).update(hidden_at=timezone.now())
    with pytest.raises(NothingLeft):
        digest.publish(by=owner, version=1)
    assert not Digest.objects.published().exists()
    assert not post.room.lines.filter(kind="kept").exists()


def test_two_proposals_of_one_line_are_two_sections_and_the_line_leads_to_the_first(
    post: Post, owner: User, stranger: User, digest: Digest
) -> None:
    second = Digest.propose(post=post, by=owner, title="또 하나", text="[[2]]\n\n[[3]]")
    second.publish(by=owner, version=1)
    assert kept(post) == {1: None, 2: second.pk, 3: second.pk}
    digest.publish(by=owner, version=1)
    assert kept(post) == {1: digest.pk, 2: digest.pk, 3: second.pk}
    digest.withdraw(by=owner)
    assert kept(post) == {1: None, 2: second.pk, 3: second.pk}
    second.withdraw(by=owner)
    assert set(kept(post).values()) == {None}


# --- Afterwards ---


def test_a_returned_proposal_is_one_again_when_it_is_rewritten(owner: User, stranger: User, digest: Digest) -> None:
    digest.give_back(by=owner, word="두 번째 줄이 빠졌어요.")
    assert (digest.state, digest.word) == ("returned", "두 번째 줄이 빠졌어요.")
    with pytest.raises(DigestDecided):
        digest.give_back(by=owner, word="또")
    digest.revise(by=stranger, title="고친 제목", text="[[1]]\n\n[[3]]", version=1)
    assert digest.state == "proposed"
    assert [(each.number, each.title) for each in digest.revisions.all()] == [(1, "알게 된 것"), (2, "고친 제목")]


def test_editing_a_published_section_marks_new_lines_and_frees_old_ones(
    post: Post, owner: User, digest: Digest
) -> None:
    digest.publish(by=owner, version=1)
    digest.revise(by=owner, title="알게 된 것", text="[[2]]\n\n[[3]]", version=1)
    assert kept(post) == {1: None, 2: digest.pk, 3: digest.pk}
    with pytest.raises(DigestChanged):
        digest.revise(by=owner, title="늦은 글", text="[[1]]", version=1)


def test_withdrawn_it_may_be_published_again(post: Post, owner: User, digest: Digest) -> None:
    digest.publish(by=owner, version=1)
    digest.withdraw(by=owner)
    digest.withdraw(by=owner)
    assert set(kept(post).values()) == {None}
    digest.publish(by=owner, version=1)
    kinds = post.room.lines.exclude(kind="said").order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["kept", "unkept", "kept"]


def test_who_sees_what_is_not_published(
    post: Post, owner: User, stranger: User, staff: User, digest: Digest, new_member: Callable[..., User]
) -> None:
    other = new_member()
    seen = {person.nickname: Digest.objects.visible_to(person).exists() for person in (owner, stranger, staff, other)}
    assert list(seen.values()) == [True, True, True, False]
    digest.publish(by=owner, version=1)
    assert Digest.objects.visible_to(other).exists()
    post.room.admit(by=owner, members_only=True)
    owner.block(other)
    assert not Digest.objects.visible_to(User.objects.get(pk=other.pk)).exists()


def test_who_may_change_it(owner: User, stranger: User, staff: User, digest: Digest) -> None:
    assert [digest.can_be_edited_by(person) for person in (owner, stranger, staff)] == [True, True, True]
    assert [digest.can_be_decided_by(person) for person in (owner, stranger, staff)] == [True, False, True]
    digest.publish(by=owner, version=1)
    assert not digest.can_be_edited_by(stranger)


def test_citations_count_unless_somebody_cites_and_publishes_themselves(
    post: Post, owner: User, stranger: User, lines: list[Line], digest: Digest
) -> None:
    assert Citation.objects.crediting(stranger).count() == 0
    digest.publish(by=owner, version=1)
    assert Citation.objects.crediting(stranger).count() == 1
    assert Citation.objects.crediting(owner).count() == 1
    mine = Digest.propose(post=post, by=owner, title="내 말", text="[[2]]\n\n[[3]]")
    mine.publish(by=owner, version=1)
    assert Citation.objects.crediting(owner).count() == 1
    assert Citation.objects.crediting(stranger).count() == 2
    Line.objects.filter(pk=lines[2].pk).update(deleted_at=timezone.now())
    assert Citation.objects.crediting(stranger).count() == 1


def test_whoever_is_cited_is_told_once_and_who_takes_part_hears_of_the_section(
    post: Post, owner: User, stranger: User, digest: Digest, new_member: Callable[..., User]
) -> None:
    reader = new_member()
    post.room.take_part(by=reader)
    digest.publish(by=owner, version=1)
    digest.withdraw(by=owner)
    digest.publish(by=owner, version=1)
    assert list(stranger.notifications.values_list("kind", flat=True)) == ["cited"]
    assert set(reader.notifications.values_list("kind", flat=True)) == {"digest"}
    assert not owner.notifications.exists()
    digest.revise(by=owner, title="더", text="[[1]]\n\n[[2]]\n\n[[3]]", version=1)
    assert post.room.lines.filter(kind="kept").count() == 2  # what is edited is no news
