"""Uploaded pictures, as they are served and as they stand on pages."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from accounts import pictures
from accounts.models import User
from cobra.templatetags.look import SIDES

pytestmark = pytest.mark.django_db


def show_picture(user: User) -> str:
    out = io.BytesIO()
    Image.new("RGB", (300, 300), user.pk % 256).save(out, "PNG")
    user.profile.show_picture(pictures.made_of(ContentFile(out.getvalue(), name="x.png")))
    assert user.profile.picture_url
    return user.profile.picture_url


def test_a_picture_is_kept_for_good_by_whoever_fetched_it(client: Client, owner: User) -> None:
    response = client.get(show_picture(owner))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response
    assert response.content.startswith(b"RIFF")


def test_two_people_with_one_picture_have_a_file_each(
    client: Client, new_member: Callable[..., User], django_capture_on_commit_callbacks: Any
) -> None:
    one, other = new_member(), new_member()
    data = ContentFile(b"RIFF", name="0" * 32 + ".webp")
    for user in (one, other):
        user.profile.show_picture(data)
    assert one.profile.picture_url != other.profile.picture_url
    with django_capture_on_commit_callbacks(execute=True):
        one.profile.show_picture(None)
    assert other.profile.picture_url
    assert client.get(other.profile.picture_url).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/media/",
        "/media/pictures/",
        f"/media/pictures/{'0' * 31}a.webp",
        "/media/pictures/../secret_key",
        "/media/pictures/..%2f..%2fsecret_key",
        "/media/secret.webp",
        f"/media/{'0' * 32}.webp",
        f"/media/pictures/{'0' * 32}.svg",
        f"/media/pictures/{'0' * 32}.webp/",
        f"/media/pictures/{'0' * 32}.webp%0a",
    ],
)
def test_nothing_else_is_served(client: Client, path: str) -> None:
    default_storage.save(f"{'0' * 32}.webp", ContentFile(b"RIFF"))
    default_storage.save(f"pictures/{'0' * 32}.svg", ContentFile(b"<svg/>"))
    assert client.get(path).status_code == 404


def test_a_picture_is_read_only(client: Client, owner: User) -> None:
    assert client.post(show_picture(owner)).status_code == 405


def test_pages_show_the_picture_instead_of_the_scales(client: Client, post: Any, owner: User) -> None:
    url = show_picture(owner)
    small = f'src="{url}" alt="" width="22" height="22"'
    for address in ("/", post.get_absolute_url()):
        assert small in client.get(address).text
    assert f'src="{url}" alt="" width="128" height="128"' in client.get(owner.get_absolute_url()).text
    client.force_login(owner)
    assert f'src="{url}" alt="" width="32" height="32"' in client.get("/posts/new/").text  # in the menu


def test_lists_of_people_show_their_pictures(client: Client, owner: User, new_member: Callable[..., User]) -> None:
    url, me = show_picture(owner), new_member()
    owner.add_friend(me)
    client.force_login(me)
    for address in ("/inbox/", "/friends/", f"/friends/search/?keyword={owner.nickname}"):
        assert f'src="{url}" alt="" width="40" height="40"' in client.get(address).text, address


def test_every_size_of_an_avatar_is_drawn_and_styled() -> None:
    css = (settings.STATIC_SOURCES / "css" / "avatar.css").read_text()
    rem = {"": re.search(r"{\s+--av: ([\d.]+)rem", css)[1]} | dict(re.findall(r"&\.(\w+) { --av: ([\d.]+)rem", css))  # type: ignore[index]
    assert {size: float(width) * 16 for size, width in rem.items()} == SIDES


def test_rows_of_people_cost_no_query_each(
    client: Client, new_member: Callable[..., User], new_post: Any, django_assert_max_num_queries: Any
) -> None:
    def cost() -> int:
        with django_assert_max_num_queries(20) as counted:
            client.get("/")
        return len(counted)

    new_post(by=new_member())
    before = cost()
    for _ in range(5):
        user = new_member()
        show_picture(user)
        new_post(by=user)
    assert cost() == before


def test_somebody_whose_profile_was_not_fetched_is_drawn_without_asking(
    owner: User, django_assert_num_queries: Any
) -> None:
    show_picture(owner)
    bare = User.objects.get(pk=owner.pk)
    with django_assert_num_queries(0):
        assert bare.picture_url is None
    assert User.objects.select_related("profile").get(pk=owner.pk).picture_url
