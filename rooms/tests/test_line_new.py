"""Saying a line over HTTP, with scripts and without."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from board.models import Post
from cobra.db import _writers
from cobra.rates import Rate
from rooms.models import Line, Room

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def address(post: Post) -> str:
    return f"/posts/{post.pk}/room/lines/"


@pytest.fixture
def as_owner(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_without_scripts_the_answer_leads_to_the_line(as_owner: Client, address: str) -> None:
    response = as_owner.post(address, {"body": "안녕하세요"})
    line = Line.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"/posts/{line.room_id}/#line-{line.pk}"
    assert f'id="line-{line.pk}"' in as_owner.get(response["Location"]).text


def test_with_scripts_the_answer_is_the_line(as_owner: Client, address: str) -> None:
    response = as_owner.post(address, {"body": "안녕하세요"}, headers=PARTIAL)
    assert response.status_code == 201
    assert response.text.count("<li") == 1
    assert 'hx-swap="line"' in response.text
    assert "안녕하세요" in response.text


def test_the_same_client_id_answers_the_same_line(as_owner: Client, address: str) -> None:
    typed = {"body": "한 번만", "client_id": str(uuid.uuid4())}
    first, second = [as_owner.post(address, typed, headers=PARTIAL) for _ in range(2)]
    assert first.text == second.text
    assert Line.objects.count() == 1


@pytest.mark.parametrize("body", ["", "   \n ", "\u200b\u2060", "ㅤ", "x" * 4001, "널\x00문자"])
@pytest.mark.parametrize("headers", [PARTIAL, {}], ids=["with scripts", "without"])
def test_what_makes_no_line_is_422_with_a_sentence(
    as_owner: Client, address: str, body: str, headers: dict[str, str]
) -> None:
    response = as_owner.post(address, {"body": body}, headers=headers)
    assert response.status_code == 422
    assert 'class="err"' in response.text
    assert ("<html" in response.text) == (not headers)
    assert not Line.objects.exists()


def test_a_client_id_that_is_none_is_422(as_owner: Client, address: str) -> None:
    assert as_owner.post(address, {"body": "안녕", "client_id": "x"}).status_code == 422


def test_code_keeps_its_leading_spaces_and_lines(as_owner: Client, address: str) -> None:
    as_owner.post(address, {"body": "    들여쓴 줄\r\n둘째 줄"})
    assert Line.objects.get().text == "    들여쓴 줄\n둘째 줄"


def test_too_fast_is_429_with_the_text_still_there(as_owner: Client, address: str, settings: Any) -> None:
    settings.LINE_RATE = Rate.parse("1/10s")
    as_owner.post(address, {"body": "하나"})
    response = as_owner.post(address, {"body": "잃으면 안 되는 둘"})
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 10
    assert "잃으면 안 되는 둘" in response.text
    for headers in (PARTIAL, {}):  # the seconds go by where there are scripts
        response = as_owner.post(address, {"body": "둘"}, headers=headers)
        seconds = response["Retry-After"]
        sentence = f"조금만 천천히요. {seconds}초 뒤에 이어서 보낼 수 있어요. 쓰던 말은 여기 그대로 있어요."
        assert f'<count-down seconds="{seconds}"><span>{sentence}</span>' in response.text


def test_a_locked_room_says_so(as_owner: Client, address: str, post: Post) -> None:
    Room.objects.filter(pk=post.pk).update(locked_at=timezone.now())
    response = as_owner.post(address, {"body": "늦은 말"})
    assert response.status_code == 403
    assert "늦은 말" in response.text
    assert address not in as_owner.get(post.get_absolute_url()).text


def test_a_visitor_is_sent_to_sign_in_and_a_script_gets_a_sentence(client: Client, address: str) -> None:
    response = client.post(address, {"body": "안녕"})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    response = client.post(address, {"body": "안녕"}, headers=PARTIAL)
    assert response.status_code == 401
    assert response["Content-Type"].startswith("text/plain")
    assert "<" not in response.text


def test_an_unseen_room_is_404(as_owner: Client, client: Client, post: Post, address: str, stranger: User) -> None:
    Room.objects.filter(pk=post.pk).update(hidden_at=timezone.now())
    client.force_login(stranger)
    assert client.post(address, {"body": "안녕"}).status_code == 404
    assert client.post("/posts/999999/room/lines/", {"body": "안녕"}).status_code == 404


def test_whoever_only_looks_there_is_led_to_the_room(as_owner: Client, address: str, post: Post) -> None:
    assert as_owner.get(address)["Location"] == f"{post.get_absolute_url()}?view=room#composer"
    assert as_owner.put(address).status_code == 405
    assert not Line.objects.exists()


def test_a_refused_answer_still_answers_without_scripts(
    as_owner: Client, address: str, post: Post, stranger: User, settings: Any
) -> None:
    settings.LINE_RATE = Rate.parse("1/1m")
    line = post.room.say(author=stranger, text="물음이에요")
    typed = {"body": "대답이에요", "reply_to": line.pk}
    assert as_owner.post(address, {"body": "하나"}).status_code == 303
    for data, status in ((typed, 429), (typed | {"body": " "}, 422)):
        response = as_owner.post(address, data)
        assert response.status_code == status
        assert f'name="reply_to" value="{line.pk}"' in response.text
        bar = response.text.partition('id="answered"')[2].partition("</p>")[0]
        assert "물음이에요" in bar
        assert "hidden" not in bar.partition(">")[0]


def test_a_line_sent_after_a_sign_out_waits_in_the_composer_with_what_it_answers(
    as_owner: Client, address: str, post: Post, owner: User, stranger: User
) -> None:
    line = post.room.say(author=stranger, text="물음이에요")
    client_id = str(uuid.uuid4())
    typed = {"body": "소중한\n말", "reply_to": line.pk, "said_by": owner.pk, "client_id": client_id}
    as_owner.session.flush()
    assert as_owner.post(address, typed)["Location"].startswith("/accounts/login/")
    as_owner.force_login(owner)
    text = as_owner.get(as_owner.get(address)["Location"]).text
    assert "소중한\n말</textarea>" in text
    assert f'name="reply_to" value="{line.pk}"' in text
    assert f'name="client_id" value="{client_id}"' in text
    assert "로그아웃됐어요" in text
    assert "소중한" not in as_owner.get("/drafts/").text + as_owner.get("/posts/new/").text
    assert as_owner.post(address, typed).status_code == 303
    assert Line.objects.latest("seq").reply_to == line
    assert "</textarea>" in (after := as_owner.get(post.get_absolute_url()).text)
    assert "소중한\n말</textarea>" not in after


def test_what_waits_is_shown_to_nobody_else_and_in_no_other_room(
    as_owner: Client, address: str, post: Post, owner: User, stranger: User, new_post: Any
) -> None:
    other = new_post(by=owner)
    as_owner.session.flush()
    as_owner.post(address, {"body": "소중한 말", "said_by": owner.pk})
    as_owner.force_login(owner)
    assert "소중한" not in as_owner.get(other.get_absolute_url()).text
    as_owner.session.flush()
    as_owner.post(address, {"body": "소중한 말", "said_by": owner.pk})
    as_owner.force_login(stranger)
    assert "소중한" not in as_owner.get(post.get_absolute_url()).text


def test_a_form_without_its_token_keeps_nothing_and_says_why(owner: User, address: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    response = strict.post(address, {"body": "안녕"}, headers=PARTIAL)
    assert response.status_code == 403
    assert response["Content-Type"].startswith("text/plain")
    assert "<html" in strict.post(address, {"body": "안녕"}).text
    assert not Line.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers, and its own lock_timeout")
def test_a_database_that_stays_locked_is_503_and_says_when_to_come_back(
    as_owner: Client, address: str, settings: Any
) -> None:
    settings.LOCK_TIMEOUT = 0.05
    assert _writers.acquire(1)
    try:
        response = as_owner.post(address, {"body": "급한 말"}, headers=PARTIAL)
        page = as_owner.post(address, {"body": "급한 말"})
    finally:
        _writers.release()
    assert response.status_code == page.status_code == 503
    assert response["Retry-After"] == page["Retry-After"] == "2"
    assert response["Content-Type"].startswith("text/plain")
    assert "<html" in page.text
    assert not Line.objects.exists()


def test_a_line_break_is_one_character_though_forms_send_two(as_owner: Client, address: str) -> None:
    text = "\n".join("가" * 99 for _ in range(40))  # 3,999 characters for the browser's maxlength
    assert as_owner.post(address, {"body": text.replace("\n", "\r\n")}).status_code == 303
    assert Line.objects.get().text == text


def test_a_line_has_a_page_of_its_own(client: Client, post: Post, owner: User, stranger: User) -> None:
    line = post.room.say(author=owner, text="링크할 만한 줄")
    assert "링크할 만한 줄" in client.get(f"/lines/{line.pk}/").text
    Room.objects.filter(pk=post.pk).update(members_only=True)
    assert client.get(f"/lines/{line.pk}/").status_code == 404
    client.force_login(stranger)
    assert client.get(f"/lines/{line.pk}/").status_code == 200
    assert client.get("/lines/999999/").status_code == 404


def test_a_long_line_is_folded_in_the_room_and_whole_on_its_page(client: Client, post: Post, owner: User) -> None:
    code = "\n".join(f"if a[{number}] == {number}: b = c({number}) + '&<>'" for number in range(90))
    line = post.room.say(author=owner, text=f"```python\n{code}\n```"[:4000])
    assert line.is_long
    room = client.get(post.get_absolute_url()).text
    assert f"/lines/{line.pk}/" in room
    assert ">89<" not in room
    assert "<figure" in client.get(f"/lines/{line.pk}/").text


@pytest.mark.parametrize("headers", [PARTIAL, {}], ids=["with scripts", "without"])
def test_nobody_speaks_in_the_name_of_who_signed_in_since(
    as_owner: Client, address: str, owner: User, stranger: User, headers: dict[str, str]
) -> None:
    """The page was the stranger's; the session is the owner's by now."""
    typed = {"body": "소중한 말", "said_by": str(stranger.pk)}
    response = as_owner.post(address, typed, headers=headers)
    assert response.status_code == 409
    assert owner.nickname in response.text
    assert not Line.objects.exists()
    if not headers:
        assert "소중한 말" in response.text
        assert f'name="said_by" value="{owner.pk}"' in response.text  # sent again, it is said knowingly
    assert as_owner.post(address, typed | {"said_by": str(owner.pk)}, headers=headers).status_code in (201, 303)


def test_a_room_that_is_gone_meanwhile_says_so_to_a_script(
    as_owner: Client, client: Client, address: str, post: Post, owner: User
) -> None:
    post.room.delete_softly(by=owner)
    response = as_owner.post(address, {"body": "아직 있어요?"}, headers=PARTIAL)
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/plain")
    assert as_owner.post(address, {"body": "아직 있어요?"}).status_code == 404
