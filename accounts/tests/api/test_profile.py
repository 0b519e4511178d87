"""One's own profile, and its picture."""

import io
from typing import Any

import pytest
from PIL import Image

from accounts.models import User
from cobra.tests.api import Bot

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_what_is_named_in_my_profile_changes(me: Bot, owner: User, method: str) -> None:
    owner.profile.rewrite(about="그대로")
    change = {
        "nickname": "새이름",
        "status": "코딩 중",
        "skills": [{"name": "Python", "level": 4}, "Rust"],
        "interests": ["분산 시스템"],
        "links": ["https://example.com/me"],
        "is_private": True,
    }
    answer = me.ask(method, "/user/profile/", change)
    assert answer.status_code == 200, answer.text
    told = {**change, "skills": [{"name": "Python", "level": 4}, {"name": "Rust", "level": 2}]}
    assert answer.json() == {**told, "id": owner.pk, "about": "그대로", "profile_picture": None}
    assert me.get("/user/profile").json() == answer.json()
    assert me.ask(method, "/user/profile/", answer.json()).status_code == 200  # as it was got


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nickname": "지우"}, "nickname"),
        ({"nickname": "a b"}, "nickname"),
        ({"status": "x" * 81}, "status"),
        ({"status": None}, "status"),
        ({"about": 5}, "about"),
        ({"skills": "Python"}, "skills"),
        ({"skills": ["ﷺ" * 6]}, "skills"),
        ({"skills": [{"name": "Python", "level": 5}]}, "skills"),
        ({"skills": [{"name": "x", "level": 1}] * 21}, "skills"),
        ({"interests": ["x"] * 13}, "interests"),
        ({"links": ["javascript:alert(1)"]}, "links"),
        ({"links": ["https://example.com"] * 6}, "links"),
        ({"is_private": "perhaps"}, "is_private"),
    ],
)
def test_a_profile_changes_as_a_whole_or_not_at_all(
    me: Bot, owner: User, stranger: User, change: dict[str, Any], field: str
) -> None:
    answer = me.ask("PATCH", "/user/profile/", {"status": "새", **change} if "status" not in change else change)
    assert answer.status_code == 400
    assert answer.json().keys() == {field}
    owner.profile.refresh_from_db()
    assert owner.profile.status == ""


def test_a_second_new_name_within_a_month_changes_nothing(me: Bot, owner: User) -> None:
    assert me.ask("PATCH", "/user/profile/", {"nickname": "새이름"}).status_code == 200
    answer = me.ask("PATCH", "/user/profile/", {"nickname": "또다른이름", "status": "x"})
    assert answer.status_code == 422
    assert me.get("/user/profile/").json()["status"] == ""


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "teal").save(out, kind)
    return out.getvalue()


def form(name: str, data: bytes, **fields: str) -> tuple[bytes, str]:
    parts = [f'--X\r\nContent-Disposition: form-data; name="{each}"\r\n\r\n{text}\r\n' for each, text in fields.items()]
    head = f'--X\r\nContent-Disposition: form-data; name="{name}"; filename="me.png"\r\n\r\n'
    return "".join(parts).encode() + head.encode() + data + b"\r\n--X--\r\n", "multipart/form-data; boundary=X"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_picture_comes_as_a_form(me: Bot, method: str) -> None:
    body, kind = form("profile_picture", picture(), status="새 사진", skills='["Go"]', is_private="true")
    answer = me.ask(method, "/user/profile/", body, kind=kind)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["profile_picture"].startswith("http://localhost:8000/media/pictures/")
    assert (told["status"], told["is_private"]) == ("새 사진", True)
    assert told["skills"] == [{"name": "Go", "level": 2}]
    assert me.ask(method, "/user/profile/", {"profile_picture": None}).json()["profile_picture"] is None


@pytest.mark.parametrize("data", [b"no picture", b"", b"x" * (5 * 1024 * 1024 + 1)])
def test_what_is_no_picture_changes_nothing(me: Bot, data: bytes) -> None:
    body, kind = form("profile_picture", data, status="새 사진")
    answer = me.ask("PATCH", "/user/profile/", body, kind=kind)
    assert answer.status_code == 400
    assert answer.json().keys() == {"profile_picture"}
    assert me.get("/user/profile/").json()["status"] == ""


def test_forms_too_large_or_broken(me: Bot) -> None:
    body, kind = form("profile_picture", b"x" * (6 * 1024 * 1024))
    assert me.ask("PATCH", "/user/profile/", body, kind=kind).status_code == 413
    assert me.ask("PATCH", "/user/profile/", b"--", kind="multipart/form-data").status_code == 400
    assert me.ask("PATCH", "/user/profile/", b"--X\r\nnonsense", kind=kind).status_code in (200, 400)
