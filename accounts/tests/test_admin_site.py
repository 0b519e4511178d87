"""What is changed in the admin is in the moderation log."""

import re

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import Deed, User
from board.models import Category, Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_superuser(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.com", nickname="뿌리"))
    return client


def test_adding_changing_and_deleting_are_logged(as_superuser: Client) -> None:
    fields = {"name_ko": "잡담", "name_en": "Talk", "slug": "talk", "position": "9", "hue": "2"}
    as_superuser.post("/admin/board/category/add/", fields)
    category = Category.objects.get(slug="talk")
    as_superuser.post(f"/admin/board/category/{category.pk}/change/", fields | {"name_ko": "수다"})
    as_superuser.post(f"/admin/board/category/{category.pk}/delete/", {"post": "yes"})
    details = list(Deed.objects.order_by("pk").values_list("detail", flat=True))
    assert len(details) == 3
    assert all("수다" in each or "잡담" in each for each in details)
    assert not Category.objects.filter(slug="talk").exists()


def test_what_has_a_verb_of_its_own_is_not_changed_in_passing(as_superuser: Client, stranger: User) -> None:
    """Else an old text stays on the page, old links lead nowhere, and a tag is found by its former name."""
    tag = Tag.labelled("장고")
    tag.save()
    person = as_superuser.get(f"/admin/accounts/user/{stranger.pk}/change/").text
    assert not re.search(r'name="(nickname|profile-0-about|profile-0-picture)"', person)
    assert 'name="name"' not in as_superuser.get(f"/admin/board/tag/{tag.pk}/change/").text
    assert 'name="nickname"' in as_superuser.get("/admin/accounts/user/add/").text


def test_deleting_several_at_once_is_logged_one_by_one(as_superuser: Client) -> None:
    groups = [Group.objects.create(name=name) for name in ("가", "나")]
    form = {"action": "delete_selected", "_selected_action": [group.pk for group in groups], "post": "yes"}
    as_superuser.post("/admin/auth/group/", form)
    details = list(Deed.objects.order_by("pk").values_list("detail", flat=True))
    assert [next(name for name in "가나" if f" {name}:" in detail) for detail in details] in (
        ["가", "나"],
        ["나", "가"],
    )


def test_whom_a_change_concerns_is_told_to_the_staff(as_superuser: Client, stranger: User) -> None:
    form = {"usable_password": "true", "password1": "오래된 주머니쥐 42", "password2": "오래된 주머니쥐 42"}
    as_superuser.post(f"/admin/accounts/user/{stranger.pk}/password/", form)
    assert Deed.objects.get().person == stranger


def test_who_is_no_staff_any_more_is_asked_again_what_they_may_read(as_superuser: Client, staff: User) -> None:
    page = f"/admin/accounts/user/{staff.pk}/change/"
    form = as_superuser.get(page).context["adminform"].form
    fields = {name: value for name, value in form.initial.items() if value not in (None, False, [])}
    inline = {"profile-TOTAL_FORMS": 0, "profile-INITIAL_FORMS": 0}
    del fields["is_staff"], fields["groups"]
    assert as_superuser.post(page, fields | inline).status_code == 302
    stamp = staff.auth_stamp
    staff.refresh_from_db()
    assert (staff.is_staff, staff.auth_stamp) == (False, stamp + 1)


def test_suspensions_are_not_made_in_passing(as_superuser: Client, stranger: User) -> None:
    page = as_superuser.get(f"/admin/accounts/user/{stranger.pk}/change/").text
    assert 'name="suspended_until_0"' not in page


def test_the_log_itself_is_for_looking_only(as_superuser: Client, stranger: User, staff: User) -> None:
    deed = stranger.warn(by=staff, reason="말을 가려 주세요.")
    assert as_superuser.get("/admin/accounts/deed/").status_code == 200
    assert as_superuser.post(f"/admin/accounts/deed/{deed.pk}/delete/", {"post": "yes"}).status_code == 403
