"""Telling the staff of something, and what comes of it."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Deed, User
from board.models import Post, Report
from cobra.testing import as_staff
from rooms.models import Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(post: Post, owner: User) -> Line:
    return post.room.say(author=owner, text="여기서 싸게 사세요")


@pytest.fixture
def as_stranger(client: Client, stranger: User) -> Client:
    client.force_login(stranger)
    return client


@pytest.fixture
def as_moderator(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client


@pytest.fixture
def report(line: Line, stranger: User) -> Report:
    return Report.file(by=stranger, about=line, reason="spam", words="세 번째예요.")


def test_a_line_a_post_and_a_person_can_be_reported(as_stranger: Client, line: Line, post: Post, owner: User) -> None:
    for query in (f"line={line.pk}", f"post={post.pk}", f"person={owner.nickname}"):
        assert "운영진에게 알리기" in as_stranger.get(f"/reports/new/?{query}").text
        name, value = query.split("=")
        response = as_stranger.post("/reports/new/", {name: value, "reason": "spam", "words": "봐 주세요."})
        assert response.status_code == 302
    assert [report.subject for report in Report.objects.order_by("pk")] == [line, post, owner]


def test_one_person_reports_a_thing_once(as_stranger: Client, line: Line) -> None:
    for _ in range(2):
        as_stranger.post("/reports/new/", {"line": line.pk, "reason": "spam"})
    assert Report.objects.count() == 1


def test_what_was_decided_can_be_reported_again(
    as_stranger: Client, as_moderator: Client, line: Line, stranger: User
) -> None:
    as_stranger.post("/reports/new/", {"line": line.pk, "reason": "spam"})
    decided = Report.objects.get()
    as_moderator.post(decided.get_absolute_url(), {"action": "dismiss", "reason": "괜찮은 줄이에요."})
    as_stranger.post("/reports/new/", {"line": line.pk, "reason": "abuse", "words": "또 시작했어요."})
    assert [(report.reporter, report.words) for report in Report.objects.open()] == [(stranger, "또 시작했어요.")]


def test_a_report_without_a_reason_is_asked_for_one_and_keeps_the_words(as_stranger: Client, line: Line) -> None:
    response = as_stranger.post("/reports/new/", {"line": line.pk, "words": "이 줄이 이상해요."})
    assert response.status_code == 422
    assert "이 줄이 이상해요." in response.text
    assert not Report.objects.exists()


def test_what_is_unseen_cannot_be_reported(as_stranger: Client, line: Line, post: Post, owner: User) -> None:
    post.delete_softly(by=owner)
    for query in (f"line={line.pk}", f"post={post.pk}", "person=없는사람", "line=x", ""):
        assert as_stranger.get(f"/reports/new/?{query}").status_code == 404


def test_nobody_is_called_by_a_name_with_a_nul(as_stranger: Client) -> None:
    assert as_stranger.post("/reports/new/", {"person": "a\0", "reason": "spam"}).status_code == 404


def test_the_queue_is_the_staffs_alone(as_stranger: Client, as_moderator: Client, report: Report) -> None:
    for address in ("/reports/", report.get_absolute_url()):
        assert as_stranger.get(address).status_code == 404
        assert as_moderator.get(address).status_code == 200
        assert as_moderator.get(address).text.count("여기서 싸게 사세요") == 1


def test_several_reports_of_a_thing_are_one_in_the_queue(
    as_moderator: Client, report: Report, new_member: Callable[..., User], line: Line
) -> None:
    Report.file(by=new_member(), about=line, reason="abuse")
    assert [(each.case.subject, each.count) for each in as_moderator.get("/reports/").context["queue"].waiting] == [
        (line, 2)
    ]


def test_hiding_it_tells_who_reported_and_writes_the_log(
    as_moderator: Client, report: Report, line: Line, stranger: User, owner: User
) -> None:
    response = as_moderator.post(report.get_absolute_url(), {"action": "hide", "reason": "광고예요."})
    assert response.status_code == 302
    line.refresh_from_db()
    assert line.hidden_at
    assert Deed.objects.get().person == owner
    assert stranger.notifications.get().deed == Deed.objects.get()
    assert not as_moderator.get("/reports/").context["queue"].waiting


def test_a_decision_says_why(as_moderator: Client, report: Report) -> None:
    response = as_moderator.post(report.get_absolute_url(), {"action": "hide", "reason": " "})
    assert response.status_code == 422
    assert not Deed.objects.exists()
    assert as_moderator.post(report.get_absolute_url(), {"action": "dismiss"}).status_code == 302


def test_a_person_is_suspended_from_the_case(as_moderator: Client, report: Report, owner: User) -> None:
    decision = {"action": "suspend", "duration": "7d", "reason": "광고를 되풀이했어요."}
    assert as_moderator.post(report.get_absolute_url(), decision).status_code == 302
    as_owner = Client()
    as_owner.force_login(User.objects.get(pk=owner.pk))
    page = as_owner.get("/").text
    assert "광고를 되풀이했어요." in page
    assert "mailto:" in page


def test_a_moderator_decides_about_what_is_written_and_not_about_people(
    report: Report, new_member: Callable[..., User], owner: User
) -> None:
    client = Client()
    client.force_login(as_staff(new_member(), "moderators"))
    decision = {"action": "suspend", "duration": "7d", "reason": "광고를 되풀이했어요."}
    assert client.post(report.get_absolute_url(), decision).status_code == 422
    assert User.objects.get(pk=owner.pk).can_write()
    assert client.post(report.get_absolute_url(), {"action": "hide", "reason": "광고예요."}).status_code == 302


def test_somebody_else_was_quicker(as_moderator: Client, report: Report, line: Line, staff: User) -> None:
    as_moderator.get(report.get_absolute_url())
    line.hide(by=staff, reason="광고예요.")
    response = as_moderator.post(report.get_absolute_url(), {"action": "hide", "reason": "광고예요."})
    assert response.status_code == 422  # it is not offered any more
    assert Deed.objects.count() == 1


def test_the_queue_takes_a_fixed_number_of_queries(
    as_moderator: Client,
    report: Report,
    post: Post,
    owner: User,
    stranger: User,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    for number in range(5):
        Report.file(by=stranger, about=post.room.say(author=owner, text=f"광고 {number}"), reason="spam")
    with django_assert_max_num_queries(10):  # type: ignore[attr-defined]
        as_moderator.get("/reports/")
