"""Changing a line over HTTP, with scripts and without: edit, delete, react, reply, and whom one may call."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from board.models import Post
from cobra.rates import Rate
from rooms import log
from rooms.models import Line, Room, Verdict
from rooms.models.line import LONG

pytestmark = pytest.mark.django_db
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def line(post: Post, owner: User) -> Line:
    return post.room.say(author=owner, text="첫 **말**")


@pytest.fixture
def as_owner(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def as_stranger(stranger: User) -> Client:
    client = Client()
    client.force_login(stranger)
    return client


def again(line: Line) -> Line:
    return Line.objects.for_log().get(pk=line.pk)


def test_the_form_holds_the_line_as_it_was_typed(as_owner: Client, line: Line) -> None:
    for headers in (PARTIAL, {}):
        response = as_owner.get(f"/lines/{line.pk}/edit/", headers=headers)
        assert ">첫 **말**</textarea>" in response.text
        assert ("<html" in response.text) == (not headers)


def test_an_edit_without_scripts_leads_to_the_line_in_its_room(as_owner: Client, line: Line) -> None:
    response = as_owner.post(f"/lines/{line.pk}/edit/", {"body": "고친 말\r\n둘째 줄"})
    assert response["Location"] == f"/posts/{line.room_id}/?at={line.pk}#line-{line.pk}"
    assert again(line).text == "고친 말\n둘째 줄"
    assert "고침" in as_owner.get(response["Location"]).text


def test_the_answer_to_a_script_is_the_line_as_everybody_is_sent_it(as_owner: Client, line: Line) -> None:
    response = as_owner.post(f"/lines/{line.pk}/edit/", {"body": "고친 말"}, headers=PARTIAL)
    assert response.status_code == 200
    assert 'hx-swap="line"' in response.text
    assert f'id="line-{line.pk}" data-seq="1" data-version="2"' in response.text


@pytest.mark.parametrize("headers", [PARTIAL, {}], ids=["with scripts", "without"])
@pytest.mark.parametrize("body", ["", "  ", "x" * 4001])
def test_what_makes_no_line_is_422_with_the_form(
    as_owner: Client, line: Line, body: str, headers: dict[str, str]
) -> None:
    response = as_owner.post(f"/lines/{line.pk}/edit/", {"body": body}, headers=headers)
    assert response.status_code == 422
    assert 'class="err"' in response.text
    assert body[:100] in response.text
    assert again(line).version == 1


@pytest.mark.parametrize(
    ("path", "typed"), [("edit", {"body": "소중한 말"}), ("delete", {}), ("reactions", {"word": "+1"})]
)
def test_a_refusal_is_a_sentence(as_owner: Client, line: Line, path: str, typed: dict[str, str]) -> None:
    Room.objects.filter(pk=line.room_id).update(locked_at=timezone.now())
    response = as_owner.post(f"/lines/{line.pk}/{path}/", typed, headers=PARTIAL)
    assert (response.status_code, response.text) == (403, "닫힌 방이에요. 읽는 것은 그대로 할 수 있어요.")
    page = as_owner.post(f"/lines/{line.pk}/{path}/", typed)
    assert page.status_code == 403
    assert "닫힌 방이에요. 읽는 것은 그대로 할 수 있어요." in page.text
    assert typed.get("body", "") in page.text


def test_too_fast_says_when(as_owner: Client, line: Line, settings: Any) -> None:
    settings.LINE_RATE = Rate.parse("1/10s")
    response = as_owner.post(f"/lines/{line.pk}/edit/", {"body": "소중한 말"})
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 10
    assert "소중한 말" in response.text


def test_what_was_deleted_meanwhile_is_not_edited_and_the_text_stays(as_owner: Client, line: Line, owner: User) -> None:
    line.delete_softly(by=owner)
    response = as_owner.post(f"/lines/{line.pk}/edit/", {"body": "소중한 말"})
    assert response.status_code == 410
    assert "소중한 말" in response.text


def test_an_edit_sent_after_a_sign_out_waits_in_its_form(as_owner: Client, line: Line, owner: User) -> None:
    address, typed = f"/lines/{line.pk}/edit/", {"body": "고친 말", "said_by": owner.pk}
    assert f'name="said_by" value="{owner.pk}"' in as_owner.get(address).text
    as_owner.session.flush()
    assert as_owner.post(address, typed).status_code == 302
    as_owner.force_login(owner)
    assert "고친 말</textarea>" in as_owner.get(address).text
    as_owner.post(f"/lines/{line.pk}/reactions/", {"word": "+1"})
    assert "고친 말</textarea>" in as_owner.get(address).text
    assert as_owner.post(address, typed).status_code == 302
    line.edit(by=owner, text="또 다른 말")
    assert "또 다른 말</textarea>" in as_owner.get(address).text


@pytest.mark.parametrize("headers", [PARTIAL, {}], ids=["with scripts", "without"])
def test_in_a_closed_room_ones_own_words_can_be_taken_back_and_nothing_else_changes(
    as_owner: Client, line: Line, post: Post, owner: User, headers: dict[str, str]
) -> None:
    line.react(by=owner, word="TIL")
    post.room.close(by=owner, verdict=Verdict.SOLVED, text="됐어요.")
    before = again(line).version
    why = "맺은 방이에요"
    for path, typed in (
        ("edit", {"body": "소중한 말"}),
        ("reactions", {"word": "+1"}),
        ("reactions", {"word": "TIL", "wanted": "0"}),
    ):
        response = as_owner.post(f"/lines/{line.pk}/{path}/", typed, headers=headers)
        assert response.status_code == 403
        assert why in response.text
        assert ("<html" in response.text) == (not headers)
        assert headers or typed.get("body", "") in response.text
    assert (again(line).text, again(line).version, line.reactions.count()) == ("첫 **말**", before, 1)
    page = as_owner.get(f"/lines/{line.pk}/").text
    assert f'href="/lines/{line.pk}/edit/"' not in page
    assert f'href="/lines/{line.pk}/delete/"' in page
    response = as_owner.post(f"/lines/{line.pk}/delete/", headers=headers)
    assert response.status_code == (200 if headers else 302)
    assert again(line).is_gone
    assert f'href="/lines/{line.pk}/delete/"' not in as_owner.get(f"/lines/{line.pk}/").text


def test_deleting_asks_first_and_leaves_a_tombstone(as_owner: Client, line: Line) -> None:
    assert "이 줄을 지울까요?" in as_owner.get(f"/lines/{line.pk}/delete/").text
    assert not again(line).is_gone
    as_owner.post(f"/lines/{line.pk}/delete/")
    for address in (f"/posts/{line.room_id}/room/", f"/lines/{line.pk}/"):
        page = as_owner.get(address).text
        assert "지운 줄이에요." in page
        assert "<strong>말</strong>" not in page


def test_a_reaction_says_what_is_wanted(as_stranger: Client, line: Line, stranger: User) -> None:
    address = f"/lines/{line.pk}/reactions/"
    for wanted, expected in (("1", 1), ("1", 1), ("0", 0), ("0", 0), ("1", 1)):
        response = as_stranger.post(address, {"word": "아하", "wanted": wanted}, headers=PARTIAL)
        assert response.status_code == 200
        assert line.reactions.count() == expected
    assert f'title="지우" data-by="{stranger.pk} "><span>아하</span><b>1</b>' in response.text
    assert again(line).version == 4


@pytest.mark.parametrize("word", ["", "👍", "<b>"])
def test_only_a_word_of_the_set_is_a_reaction(as_stranger: Client, line: Line, word: str) -> None:
    assert as_stranger.post(f"/lines/{line.pk}/reactions/", {"word": word}).status_code == 422
    assert not line.reactions.exists()


def test_the_page_of_a_line_has_every_form_and_who_reacted(
    as_owner: Client, as_stranger: Client, client: Client, line: Line, stranger: User
) -> None:
    line.react(by=stranger, word="TIL")
    mine, theirs = (each.get(f"/lines/{line.pk}/").text for each in (as_owner, as_stranger))
    assert f'href="/lines/{line.pk}/edit/"' in mine
    assert f'href="/lines/{line.pk}/edit/"' not in theirs
    assert f'<input type="hidden" name="reply_to" value="{line.pk}">' in theirs
    assert '<button name="word" value="TIL" aria-pressed="true">' in theirs
    assert '<button name="word" value="TIL" aria-pressed="false">' in mine
    assert f'<a href="{stranger.get_absolute_url()}">지우</a>' in mine
    visitor = Client().get(f"/lines/{line.pk}/").text
    assert "reply_to" not in visitor
    assert "TIL" in visitor


def test_the_page_takes_a_reaction_without_scripts_and_comes_back(as_stranger: Client, line: Line) -> None:
    address = f"/lines/{line.pk}/"
    response = as_stranger.post(f"{address}reactions/", {"word": "TIL", "wanted": "1", "next": address})
    assert response["Location"] == address


def test_a_reply_shows_what_it_answers(as_stranger: Client, line: Line) -> None:
    response = as_stranger.post(
        f"/posts/{line.room_id}/room/lines/", {"body": "그렇군요", "reply_to": line.pk}, headers=PARTIAL
    )
    assert response.status_code == 201
    assert f'data-line="line-{line.pk}"' in response.text
    assert '<span class="cut">첫 말</span>' in response.text


@pytest.mark.parametrize("reply_to", ["x", "999999", "-1", "9" * 40])
def test_a_reply_to_nothing_is_refused_with_the_text_still_there(
    as_stranger: Client, post: Post, reply_to: str
) -> None:
    typed = {"body": "소중한 말", "reply_to": reply_to}
    response = as_stranger.post(f"/posts/{post.pk}/room/lines/", typed)
    assert response.status_code == 422
    assert "소중한 말" in response.text
    assert 'class="err"' in response.text
    assert as_stranger.post(f"/posts/{post.pk}/room/lines/", typed, headers=PARTIAL).status_code == 422


def test_the_answer_to_a_reply_is_what_the_stream_sends(as_stranger: Client, line: Line, owner: User) -> None:
    typed = {"body": "그렇군요", "reply_to": line.pk}
    answer = as_stranger.post(f"/posts/{line.room_id}/room/lines/", typed, headers=PARTIAL).text
    reading = log.read_after(line.room_id, 1)
    assert reading
    assert answer == log.for_page(log.fragment(reading.lines[-1], "ko"))
    Line.objects.get(pk=line.pk).react(by=owner, word="+1")
    again_read, page = log.read_after(line.room_id, 0), as_stranger.get(f"/posts/{line.room_id}/room/").text
    assert again_read
    for each in again_read.lines:
        assert log.fragment(each, "ko") in page


def test_a_room_costs_the_same_however_many_reactions_stand_in_it(
    as_owner: Client, post: Post, new_member: Callable[..., User], django_assert_num_queries: Any
) -> None:
    people = [new_member() for _ in range(4)]
    lines = [post.room.say(author=each, text="말") for each in people]
    lines[0].react(by=people[1], word="+1")
    as_owner.get(f"/posts/{post.pk}/room/")
    with CaptureQueriesContext(connection) as first:
        as_owner.get(f"/posts/{post.pk}/room/")
    for each in lines:
        for person in people:
            each.react(by=person, word="ㅋㅋ")
    with django_assert_num_queries(len(first)):
        as_owner.get(f"/posts/{post.pk}/room/")


def test_a_line_costs_the_same_however_many_react_to_it(
    as_owner: Client, post: Post, owner: User, new_member: Callable[..., User]
) -> None:
    line = post.room.say(author=owner, text="말")

    def costs() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as page:
            as_owner.get(f"/lines/{line.pk}/")
        with CaptureQueriesContext(connection) as change:
            as_owner.post(f"/lines/{line.pk}/edit/", {"body": f"말 {page.initial_queries}"}, headers=PARTIAL)
        return len(page), len(change)

    line.react(by=new_member(), word="+1")
    costs()
    first = costs()
    for _ in range(5):
        line.react(by=new_member(), word="ㅋㅋ")
    assert costs() == first


def test_the_rows_of_code_have_addresses(as_owner: Client, post: Post, owner: User) -> None:
    text = '```python\ns = """a\nb"""\n```\n\n```\n1\n2\n```'
    line = post.room.say(author=owner, text=text)
    page = as_owner.get(f"/posts/{post.pk}/room/").text
    for name in ("L1", "L2", "2-L1", "2-L2"):
        assert page.count(f'<span id="c{line.pk}-{name}">') == 1
    row = page.split(f'<span id="c{line.pk}-L1">')[1].split("\n")[0]
    assert row.count("<span") + 1 == row.count("</span>")  # colours end with their row


@pytest.mark.parametrize("text", ["말 " * LONG, "줄\n" * 20])
def test_a_long_line_is_folded_in_its_room_and_whole_on_its_page(
    as_owner: Client, post: Post, owner: User, text: str
) -> None:
    line = post.room.say(author=owner, text=text)
    room = as_owner.get(f"/posts/{post.pk}/room/").text
    assert " tall" in room
    assert f'<a class="btn quiet small" href="/lines/{line.pk}/">' in room
    assert " tall" not in as_owner.get(f"/lines/{line.pk}/").text


def names(client: Client, post: Post, words: str) -> list[str]:
    text = client.get(f"/posts/{post.pk}/room/people/", {"q": words}).text
    return re.findall(r'data-name="([^"]+)"', text)


def test_whom_one_may_call_begins_with_those_who_speak_here(
    as_owner: Client, post: Post, stranger: User, new_member: Callable[..., User]
) -> None:
    far, near, blocked, blocker = (new_member(name) for name in ("지아", "지호", "지민", "지수"))
    post.room.say(author=near, text="저요")
    post.room.say(author=stranger, text="저도요")
    owner = post.author
    owner.block(blocked)
    blocker.block(owner)
    assert names(as_owner, post, "") == ["지우", "지호"]
    assert names(as_owner, post, "지") == ["지우", "지호", far.nickname]
    assert names(as_owner, post, "ㅈㅎ") == ["지호"]
    assert names(as_owner, post, "징") == ["지우", "지아"]  # on the way to 지우
    assert names(as_owner, post, "[") == []
