"""Who is in a room, and for how long after."""

import time

import pytest

from rooms.log import render_presence
from rooms.presence import GRACE, SHOWN, Person, Presence, Roster
from rooms.standing import Reader

MINSEO, JIWOO, VISITOR = Reader(1, "민서"), Reader(2, "지우"), Reader()


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    return clock


class Clock:
    now = 1_000.0


def names(presence: Presence) -> list[str]:
    return [person.nickname for person in presence.refresh().people]


def test_a_member_stays_for_a_while_without_any_stream_and_a_visitor_does_not(pass_time: Clock) -> None:
    presence = Presence()
    for reader in (MINSEO, VISITOR):
        presence.enter(reader)
        presence.leave(reader)
    pass_time.now += GRACE - 1
    assert (names(presence), presence.roster.visitors) == (["민서"], 0)
    pass_time.now += 2
    assert names(presence) == []
    assert presence.is_empty


def test_one_of_two_tabs_is_enough_and_a_reload_is_no_leaving(pass_time: Clock) -> None:
    presence = Presence()
    for _tab in range(2):
        presence.enter(MINSEO)
    presence.leave(MINSEO)
    pass_time.now += GRACE * 2
    assert names(presence) == ["민서"]
    presence.leave(MINSEO)
    pass_time.now += GRACE - 1
    presence.enter(MINSEO)
    pass_time.now += GRACE * 2
    assert names(presence) == ["민서"]


def test_who_reads_unseen_counts_as_a_visitor(pass_time: Clock) -> None:
    presence = Presence()
    presence.enter(JIWOO._replace(is_unseen=True))
    assert names(presence) == []
    assert presence.roster.size == presence.roster.visitors == 1


def test_a_crowd_is_counted_and_its_first_are_named(pass_time: Clock) -> None:
    presence = Presence()
    for number in range(SHOWN + 5):
        presence.enter(Reader(number + 10, f"사람{number:02}"))
    roster = presence.refresh()
    assert (len(roster.people), roster.members, roster.unnamed) == (SHOWN, SHOWN + 5, 5)


def test_the_head_of_a_room_shows_four_faces_to_members_and_none_to_visitors() -> None:
    people = tuple(Person(number, f"사람{number}") for number in range(6))
    roster = Roster(people, members=6)
    for for_member, faces in ((True, 4), (False, 0)):
        html = render_presence(roster, "ko", for_member=for_member)
        head = html.partition('hx-target="#here-faces"')[2].partition("</hx-partial>")[0]
        assert head.count("avatar who") == faces
        assert ("#i-users" in head) == (not for_member)
        assert people[0].nickname not in head


def test_everybody_is_sent_the_names_once_for_both_places_that_show_them() -> None:
    people = tuple(Person(number, f"사람{number:02}") for number in range(SHOWN))
    html = render_presence(Roster(people, members=1_000), "ko", for_member=True)
    assert [html.count(f">{person.nickname}</a>") for person in people] == [1] * SHOWN
    assert len(html.encode()) < 16_000  # a thousand listeners are sent it every three seconds while people come
