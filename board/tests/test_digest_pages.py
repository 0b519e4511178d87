"""Kept thoughts as people meet them: the pages, the section in the post, the profile."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from board.models import Digest, Post, Tick
from board.templatetags.cited import cited_of
from rooms.models import Line

pytestmark = pytest.mark.django_db
AS_SCRIPT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def lines(post: Post, owner: User, stranger: User) -> list[Line]:
    """Three lines: by the stranger, the owner, the stranger."""
    people = (stranger, owner, stranger)
    return [post.room.say(author=by, text=f"{number}번째 **생각**") for number, by in enumerate(people, 1)]


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def digest_of(post: Post, by: User, text: str = "첫머리\n\n[[1]]\n\n[[2]]") -> Digest:
    return Digest.propose(post=post, by=by, title="알게 된 것", text=text)


def test_the_whole_way_without_scripts(post: Post, owner: User, stranger: User, lines: list[Line]) -> None:
    address, theirs, mine = f"/posts/{post.pk}/digest/", as_(stranger), as_(owner)
    text = theirs.get(address).text
    assert text.count('type="checkbox"') == 3
    shown = [line.pk for line in lines]
    response = theirs.post(address, {"shown": shown, "line": shown[:2], "then": "compose"})
    assert response["Location"] == f"{address}new/"
    assert theirs.get(address).text.count(" checked") == 2
    form = theirs.get(f"{address}new/").text
    assert "[[1]]\n\n[[2]]" in form
    response = theirs.post(f"{address}new/", {"title": "  알게  된 것 ", "text": "첫머리\r\n\r\n[[2]]\r\n\r\n[[1]]"})
    digest = Digest.objects.get()
    assert (digest.title, response["Location"]) == ("알게 된 것", f"{address}{digest.pk}/")
    assert "알게 된 것" not in Client().get(post.get_absolute_url()).text
    page = mine.get(f"{address}{digest.pk}/").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    mine.post(f"{address}{digest.pk}/state/", {"state": "published", "version": version[1]})
    text = Client().get(post.get_absolute_url()).text
    section = text[text.index(f'id="digest-{digest.pk}"') :]
    assert section.index("2번째 <strong>생각</strong>") < section.index("1번째 <strong>생각</strong>")
    for person in (owner, stranger):
        assert f'href="{person.get_absolute_url()}"' in section
    assert f'href="{lines[0].get_permalink()}"'.replace("&", "&amp;") in section
    assert text.count(f"#digest-{digest.pk}") >= 3  # two lines and the notice lead there


def test_a_tick_is_a_wanted_state_and_its_answer_can_be_undone(stranger: User, lines: list[Line]) -> None:
    client, address = as_(stranger), f"/lines/{lines[0].pk}/tick/"
    for wanted, count in (("1", 1), ("1", 1), ("0", 0), ("0", 0)):
        response = client.post(address, {"ticked": wanted}, headers=AS_SCRIPT)
        assert Tick.objects.count() == count
        assert f'value="{1 - int(wanted)}"' in response.text
        assert "<html" not in response.text
    assert client.post(address, {"ticked": "1"})["Location"] == lines[0].get_permalink()
    assert 'value="0"' in client.get(address).text


def test_whoever_takes_no_part_is_told_how(post: Post, new_member: Callable[..., User], lines: list[Line]) -> None:
    client = as_(new_member())
    assert 'type="checkbox"' not in client.get(f"/posts/{post.pk}/digest/").text
    response = client.post(f"/lines/{lines[0].pk}/tick/", {"ticked": "1"}, headers=AS_SCRIPT)
    assert (response.status_code, response["Content-Type"]) == (403, "text/plain; charset=utf-8")
    response = client.post(f"/posts/{post.pk}/digest/new/", {"title": "제목", "text": "[[1]]"})
    assert response.status_code == 403
    assert "[[1]]" in response.text
    assert 'role="alert"' in response.text


def test_lines_to_tick_come_by_pages_without_holes(post: Post, stranger: User, owner: User) -> None:
    numbers = [post.room.say(author=stranger, text=f"줄-{n}-끝").pk for n in range(70)]
    client, address = as_(stranger), f"/posts/{post.pk}/digest/"
    newest = [int(pk) for pk in re.findall(r'name="shown" value="(\d+)"', client.get(address).text)]
    response = client.post(address, {"shown": newest, "line": newest[:1], "then": "older"})
    older = [int(pk) for pk in re.findall(r'name="shown" value="(\d+)"', client.get(response["Location"]).text)]
    assert older + newest == numbers
    client.post(address, {"shown": older, "line": older[-1:], "then": ""})
    assert set(Tick.objects.values_list("line", flat=True)) == {newest[0], older[-1]}


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "아직 아무것도"), ("말만 있어요", "인용한 줄이"), ("[[77]] [[1]]", "77"), ("`[[1]]`", "인용한 줄이")],
)
def test_what_cannot_be_proposed_comes_back_as_it_was_typed(
    post: Post, stranger: User, lines: list[Line], text: str, words: str
) -> None:
    response = as_(stranger).post(f"/posts/{post.pk}/digest/new/", {"title": "제목", "text": text})
    assert response.status_code == 422
    assert words in response.text
    assert not Digest.objects.exists()


def test_a_preview_quotes_the_lines_and_proposes_nothing(post: Post, stranger: User, lines: list[Line]) -> None:
    typed = {"title": "제목", "text": "말\n\n[[1]]", "preview": "1"}
    for headers in ({}, AS_SCRIPT):
        text = as_(stranger).post(f"/posts/{post.pk}/digest/new/", typed, headers=headers).text
        assert "<blockquote" in text
        assert ("<html" in text) == (not headers)
    assert not Digest.objects.exists()


def test_a_section_sent_after_a_sign_out_waits_in_its_form(
    post: Post, stranger: User, owner: User, lines: list[Line]
) -> None:
    client = as_(stranger)
    digest = digest_of(post, stranger)
    for address in (f"/posts/{post.pk}/digest/new/", f"{digest.get_own_url()}edit/"):
        typed = {"title": "쓰던 제목", "text": "쓰던 글\n\n[[1]]", "version": "1", "sent_by": stranger.pk}
        assert f'name="sent_by" value="{stranger.pk}"' in client.get(address).text
        client.session.flush()
        assert client.post(address, typed).status_code == 302
        client.force_login(owner)
        assert "쓰던 제목" not in client.get(address).text
        client.force_login(stranger)
        client.session.flush()
        assert client.post(address, typed).status_code == 302
        client.force_login(stranger)
        text = client.get(address).text
        assert 'value="쓰던 제목"' in text
        assert "쓰던 글" in text
        assert "로그아웃됐어요" in text
        response = client.post(address, typed)
        assert response.status_code == 302
        assert f'key="{response.cookies["draft_done"].value}"' in text  # the browser forgets what it kept
        assert "로그아웃됐어요" not in client.get(address).text
        assert "쓰던 제목" not in client.get(f"/posts/{post.pk}/digest/new/").text


def test_the_author_puts_their_own_into_the_post_at_once_and_a_stranger_cannot(
    post: Post, owner: User, stranger: User, lines: list[Line]
) -> None:
    typed = {"title": "제목", "text": "[[1]]", "publish": "1"}
    as_(stranger).post(f"/posts/{post.pk}/digest/new/", typed)
    as_(owner).post(f"/posts/{post.pk}/digest/new/", typed)
    assert list(Digest.objects.order_by("pk").values_list("state", flat=True)) == ["proposed", "published"]


def test_what_somebody_has_said_whom_i_have_blocked_is_folded_among_the_lines_to_tick(
    post: Post, owner: User, stranger: User, lines: list[Line]
) -> None:
    owner.block(stranger)
    text = as_(owner).get(f"/posts/{post.pk}/digest/").text
    (theirs, mine) = (text.partition(f'id="tick-{line.pk}"')[2].partition("</li>")[0] for line in lines[:2])
    assert theirs.index("<details>") < theirs.index("1번째")
    assert theirs.count("1번째") == 1  # nor in the name of its box
    assert "<details>" not in mine


def test_a_line_that_is_gone_leaves_an_empty_quote_and_a_blocked_authors_is_folded(
    client: Client, post: Post, owner: User, stranger: User, staff: User, lines: list[Line]
) -> None:
    digest_of(post, stranger).publish(by=owner, version=1)
    staff.block(stranger)
    text = as_(staff).get(post.get_absolute_url()).text
    section = text[text.index('class="digest"') : text.index("credits")]
    assert section.count("<details>") == 1
    Line.objects.filter(pk=lines[0].pk).update(deleted_at=timezone.now())
    section = Digest.objects.get().get_own_url()
    for address in (post.get_absolute_url(), section):
        text = client.get(address).text
        assert "1번째" not in text
        assert "2번째" in text


def test_a_line_that_was_edited_is_quoted_as_it_stands_now(
    client: Client, post: Post, owner: User, stranger: User, lines: list[Line]
) -> None:
    digest_of(post, stranger).publish(by=owner, version=1)
    Line.objects.filter(pk=lines[0].pk).update(text="고친 말", html="<p>고친 말</p>")
    assert "<p>고친 말</p>" in client.get(post.get_absolute_url()).text


def test_two_sections_of_one_line_have_no_name_twice(
    client: Client, post: Post, owner: User, stranger: User, lines: list[Line]
) -> None:
    for by in (owner, stranger):
        digest_of(post, by).publish(by=owner, version=1)
    names = re.findall(r' id="([^"]+)"', client.get(post.get_absolute_url()).text)
    assert len(names) == len(set(names))


def test_a_script_gets_what_stands_in_the_post(
    client: Client, post: Post, owner: User, stranger: User, lines: list[Line]
) -> None:
    digest_of(post, stranger).publish(by=owner, version=1)
    response = client.get(f"/posts/{post.pk}/digest/", headers=AS_SCRIPT)
    assert "알게 된 것" in response.text
    assert "<html" not in response.text


def test_it_is_returned_with_a_word_rewritten_and_put_into_the_post(
    post: Post, owner: User, stranger: User, lines: list[Line]
) -> None:
    digest = digest_of(post, stranger)
    address = digest.get_own_url()
    as_(owner).post(f"{address}state/", {"state": "returned", "word": "세 번째도요."})
    assert "세 번째도요." in as_(stranger).get(address).text
    typed = {"title": "알게 된 것", "text": "[[1]]\n\n[[3]]", "version": "1"}
    assert as_(stranger).post(f"{address}edit/", typed).status_code == 302
    late = as_(owner).post(f"{address}edit/", typed)
    assert late.status_code == 409
    assert "[[3]]" in late.text
    stale = as_(owner).post(f"{address}state/", {"state": "published", "version": "1"})
    assert stale.status_code == 409
    as_(owner).post(f"{address}state/", {"state": "published", "version": "2"})
    page = Client().get(f"{address}?version=2").text
    assert "<ins>" in page
    assert as_(stranger).post(f"{address}edit/", typed | {"version": "2"}).status_code == 403
    assert as_(stranger).post(f"{address}state/", {"state": "withdrawn"}).status_code == 403


def test_the_profile_counts_lines_that_are_cited_also_by_skill(
    owner: User, stranger: User, new_post: Callable[..., Post]
) -> None:
    stranger.profile.know([("django", 3), ("Rust", 2)])
    for tags in (["Django", "테스트"], ["Django"], ["Go"]):
        post = new_post(by=owner, tags=tags)
        post.room.say(author=stranger, text="이렇게 해 보세요")
        Digest.propose(post=post, by=owner, title="모음", text="[[1]]").publish(by=owner, version=1)
    text = Client().get(stranger.get_absolute_url()).text
    assert re.search(r"모은 생각에 담긴 줄</dt><dd>3</dd>", text)
    assert "2번 인용됨" in text
    post.room.admit(by=owner, members_only=True)
    cited = cited_of({"user": Client().get("/").wsgi_request.user}, stranger)  # type: ignore[arg-type]  # all it reads
    assert (cited.count, cited.on("DJANGO"), cited.on("Rust")) == (2, 2, 0)
