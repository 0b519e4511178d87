"""Telling something about oneself, and showing a picture."""

import io
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User

pytestmark = pytest.mark.django_db

TYPED = {
    "status": "디버깅 중",
    "about": "**백엔드**\r\n둘째 줄",
    "interests": "asgi, 쿼리 최적화",
    "links": "minseo.example",
}
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">secret-place</x:xmpmeta>'


@pytest.fixture
def minseo(client: Client, new_member: Callable[..., User]) -> User:
    user = new_member("민서")
    client.force_login(user)
    return user


def upload(data: bytes, name: str = "me.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def image(form: str = "PNG", size: tuple[int, int] = (640, 400), mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120).save(out, form, **options)
    return out.getvalue()


def photograph() -> bytes:
    """A JPEG lying on its side, that tells where it was taken, in three ways."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter
    exif[0x010E] = "secret-place"
    exif.get_ifd(0x8825)[1] = "N"  # GPS
    return image("JPEG", exif=exif, comment=b"secret-place", icc_profile=b"secret-place" * 20, xmp=XMP)


def post(client: Client, **changes: Any) -> Any:
    return client.post("/settings/profile/", TYPED | changes)


def test_what_is_told_shows_on_the_page(client: Client, minseo: User) -> None:
    response = client.post("/settings/profile/", TYPED, follow=True)
    assert response.redirect_chain == [(minseo.get_absolute_url(), 302)]
    for each in ("디버깅 중", "<strong>백엔드</strong>", "쿼리 최적화", "https://minseo.example"):
        assert each in response.text
    assert 'role="status"' in response.text
    profile = User.objects.get().profile
    assert profile.about == "**백엔드**\n둘째 줄"
    assert profile.interests == ["asgi", "쿼리 최적화"]
    assert profile.links == ["https://minseo.example"]
    text = client.get("/settings/profile/").text
    assert 'value="asgi, 쿼리 최적화"' in text
    assert "https://minseo.example</textarea>" in text


def test_everything_may_be_taken_back(client: Client, minseo: User) -> None:
    post(client)
    assert post(client, status="", about="", interests=" , ", links="\n").status_code == 302
    profile = User.objects.get().profile
    assert (profile.status, profile.about, profile.about_html, profile.interests, profile.links) == ("", "", "", [], [])


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("status", "가" * 81),
        ("about", "가" * 4_001),
        ("interests", "한"),
        ("interests", "가" * 31),
        ("interests", ", ".join(f"관심{n}" for n in range(13))),
        ("links", "\n".join(f"https://{n}.example.com" for n in range(6))),
        ("links", "javascript:alert(1)"),
        ("links", "javascript://example.com/%0aalert(1)"),
        ("links", "data:text/html,x"),
        ("links", "ftp://example.com"),
        ("links", "https://bank.example@evil.example/"),
        ("links", "mailto:minseo@example.com"),
        ("links", "그냥 말"),
        ("links", f"https://example.com/{'a' * 200}"),
    ],
)
def test_what_is_refused_says_why_beside_its_field_and_keeps_the_rest(
    client: Client, minseo: User, field: str, typed: str
) -> None:
    response = post(client, **{field: typed})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in response.text
    assert 'role="alert"' in response.text
    for other in {"status", "interests", "links"} - {field}:
        assert TYPED[other] in response.text
    assert typed.splitlines()[-1][:60] in response.text
    assert User.objects.get().profile.status == ""


def test_the_same_interest_and_link_count_once(client: Client, minseo: User) -> None:
    post(client, interests="Django, django，#DJANGO、 질문하는   법", links="https://a.example.com\n\n a.example.com ")
    profile = User.objects.get().profile
    assert profile.interests == ["Django", "질문하는 법"]
    assert profile.links == ["https://a.example.com"]


def test_it_is_ones_own_profile_only(client: Client, minseo: User, stranger: User) -> None:
    post(client, user=str(stranger.pk), pk=str(stranger.pk))
    assert User.objects.get(pk=stranger.pk).profile.status == ""
    assert Client().get("/settings/profile/")["Location"].startswith("/accounts/login/")


# --- Pictures ------------------------------------------------------------------------------------


def test_a_photograph_becomes_a_small_square_that_tells_nothing(client: Client, minseo: User) -> None:
    data = photograph()
    assert data.count(b"secret-place") > 20
    assert post(client, picture=upload(data, "휴가 사진.jpg", "image/jpeg")).status_code == 302
    profile = User.objects.get().profile
    assert profile.picture.name
    assert re.fullmatch(r"pictures/[0-9a-f]{32}\.webp", profile.picture.name)
    with profile.picture.open() as file:
        kept = file.read()
    assert b"secret-place" not in kept
    assert b"EXIF" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size) == ("WEBP", (256, 256))
        assert not picture.getexif()
        assert not {"icc_profile", "xmp", "exif"} & set(picture.info)


def test_a_picture_that_lies_on_its_side_is_put_upright(client: Client, minseo: User) -> None:
    flag = Image.new("RGB", (600, 300), "red")
    flag.paste("blue", (300, 0, 600, 300))
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6  # the left of what is stored is the top of what was seen
    flag.save(out, "JPEG", exif=exif)
    post(client, picture=upload(out.getvalue()))
    with User.objects.get().profile.picture.open() as file, Image.open(file) as picture:
        seen = picture.convert("RGB")
    for place, colour in (((128, 20), 0), ((128, 236), 2)):
        pixel = seen.getpixel(place)
        assert isinstance(pixel, tuple)
        assert pixel[colour] == max(pixel)


@pytest.mark.parametrize(
    "data",
    [
        image("PNG"),
        image("PNG", mode="I;16"),
        image("PNG", mode="P"),
        image("PNG", size=(1, 1)),
        image("GIF", mode="P"),
        image("WEBP"),
        image("JPEG", mode="CMYK"),
        image("JPEG", mode="L"),
    ],
    ids=["png", "16 bit", "palette", "one pixel", "gif", "webp", "cmyk", "grey"],
)
def test_every_common_kind_of_picture_is_taken_whatever_its_name(client: Client, minseo: User, data: bytes) -> None:
    assert post(client, picture=upload(data, "picture.txt", "text/plain")).status_code == 302
    assert User.objects.get().profile.picture


def claim(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"not a picture at all", "no_picture"),
        (b"", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no_picture"),
        (b"GIF89a<script>alert(1)</script>", "no_picture"),
        (b"%PDF-1.7", "no_picture"),
        (image("BMP"), "no_picture"),
        (image("TIFF"), "no_picture"),
        (image("JPEG")[:300], "no_picture"),
        (image("PNG") + bytes(6 * 1024 * 1024), "too_large"),
        (claim(7_000, 7_000), "too_many_pixels"),
        (claim(11_000, 11_000), "too_many_pixels"),
        (claim(60_000, 60_000), "too_many_pixels"),
        (claim(100, 100), "no_picture"),
    ],
    ids=["text", "empty", "svg", "gif", "pdf", "bmp", "tiff", "half", "6 MB", "49 MP", "121 MP", "3600 MP", "no data"],
)
def test_what_is_no_picture_or_too_much_is_refused_in_words(
    client: Client, minseo: User, data: bytes, code: str
) -> None:
    response = post(client, picture=upload(data))
    assert response.status_code == 422
    assert [error.code for error in response.context["form"].errors.as_data()["picture"]] == [code]
    assert 'id="id_picture_error"' in response.text
    assert "디버깅 중" in response.text
    profile = User.objects.get().profile
    assert (profile.picture.name, profile.status) == ("", "")


def test_a_good_picture_in_a_refused_form_has_to_be_chosen_again_and_that_is_said(client: Client, minseo: User) -> None:
    again = "Choose the picture once more"
    client.cookies["django_language"] = minseo.language = "en"
    minseo.save()
    assert again in post(client, picture=upload(image()), status="가" * 81).text
    assert again not in post(client, status="가" * 81).text
    assert again not in post(client, picture=upload(b"x")).text


def test_a_new_picture_takes_the_place_of_the_old_one_and_can_be_taken_away(
    client: Client, minseo: User, django_capture_on_commit_callbacks: Any
) -> None:
    assert "removes_picture" not in client.get("/settings/profile/").text
    names = []
    for data in (image(), image(mode="L")):
        with django_capture_on_commit_callbacks(execute=True):
            post(client, picture=upload(data))
        names.append(User.objects.get().profile.picture.name)
    assert [default_storage.exists(name) for name in names] == [False, True]
    with django_capture_on_commit_callbacks(execute=True):
        post(client)  # nothing chosen: it stays
    assert User.objects.get().profile.picture.name == names[1]
    assert "removes_picture" in client.get("/settings/profile/").text
    with django_capture_on_commit_callbacks(execute=True):
        post(client, removes_picture="on")
    assert not User.objects.get().profile.picture
    assert not default_storage.exists(names[1])
