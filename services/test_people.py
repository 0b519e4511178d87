"""People are the same at every process: their inbox, their sign-in, and who of them is where."""

from collections.abc import Callable

import pytest

from services.ear import listening, until
from services.house import House, post
from services.redis import RedisServer

BY_BELL = 1  # second; by the clock alone it would take up to two, or not come at all


@pytest.mark.parametrize("engine", ["postgres", "redis"])
def test_what_happens_to_somebody_at_one_process_is_heard_by_them_at_another(
    new_house: Callable[..., House], engine: str
) -> None:
    house = new_house(engine)
    here, there = house.open(), house.open()
    (jiwoo, minseo), room = house.community.people[:2], house.community.rooms[0]
    friend, herself = house.member(here, minseo), house.member(here, jiwoo)
    roomless, path = "/stream/?lang=ko", f"/posts/{room}/room/stream/"
    with (
        listening(there.port, roomless, jiwoo.cookies()) as ear,
        listening(there.port, path, jiwoo.cookies()) as inside,
    ):
        until(lambda: "inbox-count" in ear.text)
        ear.forget()
        assert post(friend, "/people/person0/friendship/", wanted="1") == 200
        assert until(lambda: "inbox-count" in ear.text and "1" in ear.text) < BY_BELL
        with listening(here.port, path) as visitor:
            # Processes tell each other every ten seconds, and a room is told at most once in three.
            until(lambda: ">2<" in visitor.text, seconds=20)
        assert "person0" in friend.ask("GET", f"/posts/{room}/room/", {"Cookie": minseo.cookies()}).read().decode()
        assert post(herself, "/accounts/logout/") in (200, 302)
        assert until(lambda: ear.is_over and inside.is_over) < BY_BELL


def test_limits_are_counted_over_all_processes_and_a_redis_that_is_away_refuses_nobody(
    new_house: Callable[..., House], redis: RedisServer
) -> None:
    house = new_house("redis", STREAM_RATE="3/1h", SEARCH_RATE="3/1h")
    sites = [house.open() for _ in range(2)]
    person, room = house.community.people[0], house.community.rooms[0]
    members = [house.member(site, person) for site in sites]

    def search() -> list[int]:
        answers = [member.ask("GET", "/friends/search/?keyword=per", member.headers) for member in members]
        return [answer.status for answer in answers if answer.read()]

    def stream() -> list[int]:
        found = []
        for site in sites:
            with listening(site.port, f"/posts/{room}/room/stream/", person.cookies()) as ear:
                found.append(ear.status)
        return found

    assert [*search(), *search()] == [200, 200, 200, 429]
    assert [*stream(), *stream()] == [200, 200, 200, 429]
    assert [member.ask("GET", "/readyz", {}).read() for member in members] == [b"ready\n"] * 2
    redis.stop()
    assert [*search(), *stream()] == [200] * 4
    answer = members[0].ask("GET", "/readyz", {})
    assert (answer.status, answer.read()) == (503, b"Redis does not answer\n")
