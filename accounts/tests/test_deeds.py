"""What staff do to people, and the log of it."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from accounts.errors import IsStaff, NotSuspended
from accounts.models import Deed, Notification, User
from cobra.testing import as_staff

pytestmark = pytest.mark.django_db


def test_nobody_can_change_or_delete_a_row_of_the_log(staff: User, stranger: User) -> None:
    deed = stranger.warn(by=staff, reason="말을 가려 주세요.")
    for change in (
        lambda: Deed.objects.filter(pk=deed.pk).update(reason="아무것도 아니에요."),
        lambda: Deed.objects.filter(pk=deed.pk).delete(),
        deed.delete,
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert Deed.objects.get().reason == "말을 가려 주세요."


def test_a_suspended_person_reads_why_and_until_when(staff: User, stranger: User) -> None:
    until = timezone.now() + timedelta(hours=1)
    stranger.suspend(by=staff, until=until, reason="광고를 되풀이했어요.")
    person = User.objects.get(pk=stranger.pk)
    assert not person.can_write()
    assert person.suspension
    assert (person.suspension.reason, person.suspension.until) == ("광고를 되풀이했어요.", until)
    assert person.inbox_count == 1
    person.pardon(by=staff)
    assert User.objects.get(pk=stranger.pk).can_write()
    assert [deed.action for deed in Deed.objects.about(person=stranger)] == ["pardon", "suspend"]
    with pytest.raises(NotSuspended):
        person.pardon(by=staff)


def test_a_suspended_person_is_told_by_mail_in_their_language(
    staff: User, new_member: Callable[..., User], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    person = new_member(language="en", time_zone="Europe/Paris")
    until = datetime(2099, 7, 1, 12, tzinfo=UTC)
    with django_capture_on_commit_callbacks(execute=True):
        person.suspend(by=staff, until=until, reason="광고 & <되풀이>")
        person.pardon(by=staff)
    suspended, pardoned = mail.outbox
    assert suspended.to == pardoned.to == [person.email]
    assert "You cannot write for now" in suspended.subject
    assert suspended.reply_to == [settings.CONTACT_MAIL]
    for part in ("July 1, 2099, 2 p.m.", "광고 & <되풀이>"):
        assert part in str(suspended.body)
    assert "You can write again" in pardoned.subject


def test_no_mail_goes_to_an_address_that_leads_nowhere(
    suspend: Callable[[User], None],
    new_member: Callable[..., User],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        suspend(new_member(email="somebody@import.invalid"))
    assert mail.outbox == []


def test_a_suspension_ends_every_open_stream(suspend: Callable[[User], None], stranger: User) -> None:
    before = User.objects.get(pk=stranger.pk).auth_stamp
    suspend(stranger)
    assert User.objects.get(pk=stranger.pk).auth_stamp > before


def test_one_of_the_staff_is_not_suspended_before_the_role_is_taken(
    suspend: Callable[[User], None], new_member: Callable[..., User]
) -> None:
    colleague = as_staff(new_member(), "moderators")
    with pytest.raises(IsStaff):
        suspend(colleague)
    assert not Deed.objects.exists()


def test_who_may_do_what_is_said_by_the_groups(new_member: Callable[..., User]) -> None:
    moderator, administrator = (as_staff(new_member(), name) for name in ("moderators", "administrators"))
    assert (moderator.can_moderate(), moderator.can_administer()) == (True, False)
    assert (administrator.can_moderate(), administrator.can_administer()) == (False, True)
    member = new_member()
    member.groups.set(moderator.groups.all())  # the group alone makes nobody staff
    assert not User.objects.get(pk=member.pk).can_moderate()


def test_a_picture_that_was_taken_away_does_not_come_back(
    staff: User, stranger: User, owner: User, client: Client
) -> None:
    client.force_login(stranger)
    form = {"status": "", "about": "", "interests": "", "links": ""}
    client.post("/settings/profile/", form | {"picture": a_picture()})
    User.objects.get(pk=stranger.pk).lose_picture(by=staff, reason="다른 사람의 사진이에요.")
    assert not User.objects.get(pk=stranger.pk).profile.picture
    client.force_login(owner)
    response = client.post("/settings/profile/", form | {"picture": a_picture()})
    assert response.status_code == 422
    assert "운영진이 예전에 내린 그림이에요" in response.text


def a_picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "PNG")
    return SimpleUploadedFile("x.png", out.getvalue(), "image/png")


def test_a_warning_is_in_the_inbox(staff: User, stranger: User) -> None:
    stranger.warn(by=staff, reason="말을 가려 주세요.")
    told = Notification.objects.get(recipient=stranger)
    assert told.deed
    assert told.deed.reason == "말을 가려 주세요."
