"""The page of a room's verdict, and everything that shows it."""

import re

import pytest
from django.test import Client

from accounts.models import User
from board.models import Digest, Post
from rooms.models import Room, Verdict

pytestmark = pytest.mark.django_db
AS_SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def as_owner(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_the_author_closes_with_a_sentence_and_opens_again(as_owner: Client, post: Post) -> None:
    address = f"/posts/{post.pk}/verdict/"
    assert as_owner.get(address).status_code == 200
    response = as_owner.post(address, {"verdict": "solved", "text": "  풀을 \n 쓰면 돼요. "})
    assert response["Location"] == post.get_absolute_url()
    room = Room.objects.get(pk=post.pk)
    assert (room.verdict, room.verdict_text) == (Verdict.SOLVED, "풀을 쓰면 돼요.")
    assert "checked" in as_owner.get(address).text
    as_owner.post(address, {"verdict": "open"})
    assert Room.objects.get(pk=post.pk).verdict == ""


@pytest.mark.parametrize(
    "typed",
    [{}, {"verdict": "solved"}, {"verdict": "won", "text": "이겼다"}, {"verdict": "solved", "text": "가" * 201}],
)
def test_without_a_verdict_or_a_sentence_nothing_is_closed(as_owner: Client, post: Post, typed: dict[str, str]) -> None:
    response = as_owner.post(f"/posts/{post.pk}/verdict/", typed)
    assert response.status_code == 422
    assert typed.get("text", "") in response.text
    assert Room.objects.get(pk=post.pk).verdict == ""


def test_what_is_sent_to_a_closed_room_comes_back_with_the_reason(
    client: Client, post: Post, owner: User, stranger: User
) -> None:
    post.room.close(by=owner, verdict=Verdict.SOLVED, text="됐어요.")
    client.force_login(stranger)
    response = client.post(f"/posts/{post.pk}/room/lines/", {"body": "늦었네요"})
    assert response.status_code == 403
    assert "늦었네요" in response.text
    assert "맺은 방" in response.text
    answer = client.post(
        "/api/chat/message/", {"room": post.pk, "message": "늦었네요"}, content_type="application/json"
    )
    assert answer.status_code == 403
    assert "맺은 방" in answer.json()["detail"]


def test_a_closed_room_is_read_kept_from_and_taken_part_in_as_before(
    client: Client, post: Post, owner: User, stranger: User
) -> None:
    line = post.room.say(author=owner, text="남길 생각")
    post.room.close(by=owner, verdict=Verdict.SOLVED, text="됐어요.")
    client.force_login(stranger)
    page, api = f"/posts/{post.pk}", f"/api/chat/room/{post.pk}"
    for address in (f"{page}/room/", f"{page}/transcript/", f"{page}/export/?format=json", f"{page}/digest/"):
        assert client.get(address).status_code == 200
    assert client.get(f"{api}/message/").json()[0]["message"] == "남길 생각"
    assert client.post(f"{page}/room/membership/", {"member": "1"}).status_code == 303
    assert client.post(f"{page}/room/read/", {"seq": line.seq}).status_code == 303
    assert client.post(f"/lines/{line.pk}/tick/", {"ticked": "1"}).status_code == 302
    response = client.post(f"{page}/digest/new/", {"title": "뒤늦게 엮은 것", "text": "[[1]]"})
    assert response["Location"] == Digest.objects.get().get_own_url()
    # Nobody is told of coming and going, or of what is typed, where nothing more is said.
    assert Room.objects.get(pk=post.pk).lines.latest("seq").kind == Verdict.SOLVED
    assert client.post(f"{api}/message/", {"message": "늦었네요"}, content_type="application/json").status_code == 403


def test_slow_mode_says_how_long_to_wait(client: Client, post: Post, owner: User, stranger: User) -> None:
    client.force_login(owner)
    client.post(f"/posts/{post.pk}/slow-mode/", {"seconds": "60"})
    assert Room.objects.get(pk=post.pk).slow_seconds == 60
    assert client.post(f"/posts/{post.pk}/slow-mode/", {"seconds": "7"}).status_code == 422
    client.force_login(stranger)
    client.post(f"/posts/{post.pk}/room/lines/", {"body": "하나"})
    response = client.post(f"/posts/{post.pk}/room/lines/", {"body": "둘"}, headers=AS_SCRIPT)
    assert response.status_code == 429
    assert 50 <= int(response["Retry-After"]) <= 60
    assert response["Retry-After"] in response.text


def test_the_verdict_stands_on_the_post_its_card_and_in_the_api(client: Client, post: Post, owner: User) -> None:
    assert client.get(f"/api/chat/room/{post.pk}/").json()["verdict"] is None
    post.room.close(by=owner, verdict=Verdict.ON_HOLD, text="다음 주에 다시 봐요.")
    for address in (post.get_absolute_url(), "/"):
        text = client.get(address).text
        assert re.search(r'class="verdict on_hold">보류</b>\s+다음 주에 다시 봐요\.', text)
    assert client.get(f"/api/chat/room/{post.pk}/").json()["verdict"] == "on_hold"


def test_what_has_a_verdict_waits_for_no_answer(client: Client, post: Post, owner: User) -> None:
    assert post.title in client.get("/?sort=unanswered").text
    post.room.close(by=owner, verdict=Verdict.SOLVED, text="혼자 풀었어요.")
    assert post.title not in client.get("/?sort=unanswered").text
    post.room.reopen(by=owner)
    assert post.title in client.get("/?sort=unanswered").text


def test_the_composer_gives_way_to_the_verdict(as_owner: Client, post: Post, owner: User) -> None:
    address = post.get_absolute_url()
    assert re.search(r'data-when="closed"[^>]* hidden', as_owner.get(address).text)
    post.room.close(by=owner, verdict=Verdict.SOLVED, text="됐어요.")
    text = as_owner.get(address).text
    assert re.search(r'data-when="open"[^>]* hidden', text)
    assert not re.search(r'data-when="closed"[^>]* hidden', text)
