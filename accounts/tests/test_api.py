"""The JSON API of people, row by row of its documentation."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from PIL import Image

from accounts import whereabouts
from accounts.models import Friendship, User
from cobra.rates import Rate
from cobra.tests.api import PASSWORD, Bot

pytestmark = pytest.mark.django_db
PROFILE = {"id", "nickname", "status", "about", "profile_picture", "skills", "interests", "links", "is_private"}
NewMember = Callable[..., User]


@pytest.fixture
def me(owner: User) -> Bot:
    return Bot(owner)


# --- Logins ---


def test_registration_makes_an_account_that_can_sign_in(db: None) -> None:
    bot = Bot()
    answer = bot.post("/user/registration/", {"email": "user1@email.com", "password": PASSWORD, "nickname": "하늘"})
    assert answer.status_code == 201
    assert answer.json().keys() == {"email", "message", "profile"}
    assert answer.json()["email"] == "user1@email.com"
    assert answer.json()["message"] == "회원가입이 완료되었습니다."
    assert answer.json()["profile"].keys() == PROFILE
    assert answer.json()["profile"]["nickname"] == "하늘"
    assert User.objects.get().is_findable_by_email
    assert not Session.objects.exists()
    assert bot.post("/user/login", {"email": "user1@email.com", "password": PASSWORD}).status_code == 200


def test_registration_takes_two_passwords_that_are_one() -> None:
    typed = {"email": "user1@email.com", "password1": PASSWORD, "password2": PASSWORD}
    assert Bot().post("/user/registration/", typed).status_code == 201
    answer = Bot().post("/user/registration/", typed | {"email": "user2@email.com", "password2": "other"})
    assert answer.status_code == 400
    assert answer.json().keys() == {"password2"}


@pytest.mark.parametrize("email", ["user1@email.com", "USER1@Email.com"])
@pytest.mark.parametrize("verification", ["optional", "mandatory"])
def test_an_email_that_is_taken(new_member: NewMember, settings: Any, email: str, verification: str) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = verification
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = verification == "mandatory"
    new_member(email="user1@email.com")
    answer = Bot().post("/user/registration/", {"email": email, "password": PASSWORD})
    assert answer.status_code == 400
    assert answer.json() == {"email": ["A user is already registered with this e-mail address."]}


def test_where_emails_are_verified_registration_says_what_is_left(settings: Any) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    settings.ACCOUNT_RATE_LIMITS = False  # the next mail with a code could not go out for ten seconds
    bot = Bot()
    typed = {"email": "user1@email.com", "password": PASSWORD}
    answer = bot.post("/user/registration/", typed)
    assert answer.status_code == 201
    assert answer.json()["verification"] == "pending"
    assert bot.post("/user/login/", typed).status_code == 202
    assert bot.seen[-1].json() == {"pending": "verify_email"}
    assert not Session.objects.exists()  # nothing was given out that leads to one


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "nonsense", "password": PASSWORD}, "email"),
        ({"email": "a@email.com", "password": "1234"}, "password"),
        ({"email": "a@email.com"}, "password"),
        ({"password": PASSWORD}, "email"),
        ({"email": 1, "password": PASSWORD}, "email"),
        ({"email": "a@email.com", "password": PASSWORD, "nickname": "민서"}, "nickname"),
        ({"email": "a@email.com", "password": PASSWORD, "nickname": "<b>"}, "nickname"),
    ],
)
def test_registration_says_what_is_wrong_by_field(owner: User, typed: dict[str, Any], field: str) -> None:
    answer = Bot().post("/user/registration/", typed)
    assert answer.status_code == 400
    assert answer.json().keys() == {field}
    assert User.objects.count() == 1


def test_a_login_gives_tokens_and_no_cookie(owner: User) -> None:
    bot = Bot(owner)
    answer = bot.seen[0]
    assert answer.json().keys() == {"message", "profile", "refresh", "access"}
    assert answer.json()["message"] == "환영합니다."
    assert answer.json()["profile"]["id"] == owner.pk
    assert not answer.cookies
    assert bot.get("/user/friends/").json() == []


def test_a_wrong_login_does_not_say_what_was_wrong(owner: User) -> None:
    Bot(owner)
    answers = [
        Bot().post("/user/login/", typed)
        for typed in (
            {"email": owner.email, "password": "wrong"},
            {"email": "nobody@email.com", "password": PASSWORD},
            {"email": "nonsense", "password": PASSWORD},
        )
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json().keys() == {"detail"}


def test_who_is_not_active_cannot_sign_in(owner: User) -> None:
    owner.set_password(PASSWORD)
    owner.is_active = False
    owner.save()
    assert Bot().post("/user/login/", {"email": owner.email, "password": PASSWORD}).status_code == 400


@pytest.mark.parametrize("limit", [{"login": "2/m/ip"}, {"login_failed": "2/m/ip"}])
def test_too_many_logins_are_429(owner: User, settings: Any, limit: dict[str, str]) -> None:
    settings.ACCOUNT_RATE_LIMITS = limit
    typed = {"email": owner.email, "password": "wrong"}
    answers = [Bot().post("/user/login/", typed) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 3600
    assert answers[2].json().keys() == {"detail"}


def test_too_many_registrations_are_429(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    answers = [Bot().post("/user/registration/", {"email": "nonsense", "password": "x"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 429]
    assert answers[1]["Retry-After"] == "60"


def test_a_refresh_token_is_good_once(me: Bot) -> None:
    old = me.refresh
    answer = me.post("/user/token/refresh/", {"refresh": old})
    assert answer.status_code == 200
    assert answer.json().keys() == {"access", "refresh"}
    assert me.post("/user/token/refresh/", {"refresh": old}).status_code == 401
    me.access = answer.json()["access"]
    assert me.get("/user/friends/").status_code == 200
    assert me.post("/user/token/refresh/", {"refresh": answer.json()["refresh"]}).status_code == 200


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "한글"])
def test_a_bad_token_is_401(me: Bot, token: str) -> None:
    assert me.post("/user/token/refresh/", {"refresh": token}).status_code == 401
    me.access = token
    for path in ("/user/friends/", "/api/post/"):
        answer = me.get(path) if token.isascii() and token else Bot().get("/user/friends/")
        assert answer.status_code == 401
        assert answer.json().keys() == {"detail"}
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_refresh_token_opens_nothing(me: Bot) -> None:
    me.access = me.refresh
    assert me.get("/user/profile/").status_code == 401


def test_logout_ends_that_logins_tokens_and_streams(me: Bot, owner: User) -> None:
    elsewhere = Bot(owner)
    stamp = User.objects.get(pk=owner.pk).auth_stamp
    # Its own password was set anew above: sign in again.
    me.sign_in(owner)
    elsewhere.sign_in(owner)
    me.sign_in(owner)
    answer = me.post("/user/logout/")
    assert answer.status_code == 200
    assert answer.json() == {"message": "로그아웃이 완료되었습니다."}
    assert me.get("/user/friends/").status_code == 401
    assert me.post("/user/token/refresh/", {"refresh": me.refresh}).status_code == 401
    assert User.objects.get(pk=owner.pk).auth_stamp > stamp


def test_logout_leaves_other_logins(owner: User) -> None:
    one, other = Bot(owner), Bot()
    answer = other.post("/user/login/", {"email": owner.email, "password": PASSWORD})
    other.access = answer.json()["access"]
    one.post("/user/logout/")
    assert one.get("/user/friends/").status_code == 401
    assert other.get("/user/friends/").status_code == 200


def test_logout_by_the_sites_own_login(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert client.post("/user/logout/").status_code == 200
    assert client.get("/user/friends/").status_code == 401


def test_a_new_password_or_a_closed_account_ends_the_tokens(me: Bot, owner: User) -> None:
    owner.set_password("another-password-3")
    owner.save()
    assert me.get("/user/friends/").status_code == 401
    me.sign_in(owner)
    User.objects.get(pk=owner.pk).close()
    assert me.get("/user/friends/").status_code == 401
    assert me.post("/user/token/refresh/", {"refresh": me.refresh}).status_code == 401


def test_the_sites_own_session_reads_and_with_csrf_writes(owner: User, stranger: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    typed = {"email": stranger.email}
    assert client.get("/user/friends/").status_code == 200
    refused = client.post("/user/add-friend/", typed, content_type="application/json")
    assert refused.status_code == 403
    assert refused.json().keys() == {"detail"}
    client.get("/accounts/password/change/")
    client.get("/settings/profile/")
    token = client.cookies["csrftoken"].value
    headers = {"X-CSRFToken": token}
    assert client.post("/user/add-friend/", typed, "application/json", headers=headers).status_code == 200


# --- Friends ---


def test_adding_a_friend_twice_is_once(me: Bot, owner: User, new_member: NewMember) -> None:
    friend = new_member(email="user5@email.com")
    for _ in range(2):
        answer = me.post("/user/add-friend/", {"email": "user5@email.com"})
        assert answer.status_code == 200
        assert answer.json() == {"message": "user5@email.com님을 친구로 추가했습니다."}
    assert list(Friendship.objects.values_list("owner", "friend")) == [(owner.pk, friend.pk)]
    assert friend.notifications.count() == 1


def test_adding_by_id_tells_no_email(me: Bot, new_member: NewMember) -> None:
    friend = new_member("하늘", is_findable_by_email=False)
    answer = me.post("/user/add-friend", {"id": friend.pk})
    assert answer.json() == {"message": "하늘님을 친구로 추가했습니다."}


def test_who_cannot_be_added(me: Bot, owner: User, new_member: NewMember) -> None:
    hidden = new_member(is_findable_by_email=False)
    blocker = new_member()
    blocker.block(owner)
    blocked = new_member()
    owner.block(blocked)
    gone = new_member(is_active=False)
    assert me.post("/user/add-friend/", {"email": owner.email}).status_code == 400
    assert me.post("/user/add-friend/", {"id": owner.pk}).status_code == 400
    unknown = me.post("/user/add-friend/", {"email": "nobody@email.com"})
    assert unknown.status_code == 404
    for person in (hidden, blocker, gone):
        answer = me.post("/user/add-friend/", {"email": person.email})
        assert (answer.status_code, answer.text) == (404, unknown.text)
    for person_id in (blocker.pk, gone.pk, 0, 2**62):
        assert me.post("/user/add-friend/", {"id": person_id}).status_code == 404
    assert me.post("/user/add-friend/", {"id": blocked.pk}).status_code == 409
    nonsense: list[Any] = [{}, {"email": None}, {"email": 5}, {"id": "x"}, {"id": True}, {"id": 2**80}, {"id": -1}, []]
    for typed in nonsense:
        assert me.post("/user/add-friend/", typed).status_code == 400, typed
    assert not Friendship.objects.exists()


def test_friends_tell_email_and_whereabouts_by_the_rules(
    me: Bot, owner: User, new_member: NewMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_way = new_member("가", email="ga@email.com", is_findable_by_email=False)
    mutual = new_member("나", email="na@email.com", is_findable_by_email=False)
    findable = new_member("다", email="da@email.com")
    unseen = new_member("라", email="ra@email.com", is_unseen=True)
    for friend in (one_way, mutual, findable, unseen):
        owner.add_friend(friend)
    mutual.add_friend(owner)
    unseen.add_friend(owner)
    online = {person.pk: frozenset({1}) for person in (one_way, mutual, unseen)}
    monkeypatch.setattr(whereabouts, "_ask", lambda: online)
    friends = {friend["nickname"]: friend for friend in me.get("/user/friends/").json()}
    assert friends["나"].keys() == {"id", "email", "nickname", "profile_picture", "is_mutual", "is_online"}
    told = {name: (friend["email"], friend["is_mutual"], friend["is_online"]) for name, friend in friends.items()}
    assert told == {
        "가": (None, False, None),
        "나": ("na@email.com", True, True),
        "다": ("da@email.com", False, None),
        "라": ("ra@email.com", True, False),
    }


def test_friends_cost_the_same_however_many(
    me: Bot, owner: User, new_member: NewMember, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        owner.add_friend(new_member())
    with django_assert_max_num_queries(5):
        assert len(me.get("/user/friends/").json()) == 5


def test_a_friends_profile(me: Bot, owner: User, stranger: User, new_member: NewMember) -> None:
    stranger.profile.rewrite(status="코딩 중", interests=["Rust"])
    stranger.profile.know([("Python", 4)])
    answer = me.get(f"/user/friend-profile/{stranger.pk}/")
    assert answer.status_code == 200
    assert answer.json().keys() == PROFILE
    assert answer.json()["skills"] == [{"name": "Python", "level": 4}]
    stranger.profile.rewrite(is_private=True)
    assert me.get(f"/user/friend-profile/{stranger.pk}/").status_code == 403
    owner.add_friend(stranger)
    assert me.get(f"/user/friend-profile/{stranger.pk}/").status_code == 403
    stranger.add_friend(owner)
    assert me.get(f"/user/friend-profile/{stranger.pk}").status_code == 200
    owner.profile.rewrite(is_private=True)
    assert me.get(f"/user/friend-profile/{owner.pk}/").status_code == 200
    stranger.block(owner)
    for person_id in (stranger.pk, 0, 10**30, new_member(is_active=False).pk):
        assert me.get(f"/user/friend-profile/{person_id}/").status_code in (400, 404)
    assert me.get(f"/user/friend-profile/{stranger.pk}/").status_code == 404


def test_searching_friends(me: Bot, owner: User, new_member: NewMember) -> None:
    findable = new_member("하늘", email="skyblue@email.com")
    new_member("하늘둘", email="skyhidden@email.com", is_findable_by_email=False)
    owner.add_friend(findable)
    (found,) = me.get("/user/search-friends/?keyword=skyb").json()
    assert found == {
        "id": findable.pk,
        "email": "skyblue@email.com",
        "nickname": "하늘",
        "profile_picture": None,
        "is_friend": True,
    }
    assert [each["nickname"] for each in me.get("/user/search-friends/?keyword=하늘").json()] == ["하늘"]
    assert me.get("/user/search-friends/?keyword=email.com").json() == []
    assert me.get(f"/user/search-friends/?keyword={owner.nickname}").json() == []
    for query in ("", "?keyword=", "?keyword=x", "?keyword=%00%00"):
        assert me.get(f"/user/search-friends/{query}").status_code == 400
    for number in range(25):
        new_member(email=f"many{number}@email.com")
    assert len(me.get("/user/search-friends/?keyword=many").json()) == 20


def test_searching_too_often_is_429(me: Bot, settings: Any) -> None:
    settings.SEARCH_RATE = Rate.parse("2/1h")
    answers = [me.get("/user/search-friends/?keyword=ab") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 3600


def test_deleting_a_friend(me: Bot, owner: User, new_member: NewMember) -> None:
    friend = new_member(email="user5@email.com")
    missing = {"detail": "user5@email.com님은 친구 목록에 없습니다."}
    assert me.post("/user/delete-friend/", {"email": "user5@email.com"}).json() == missing
    owner.add_friend(friend)
    answer = me.post("/user/delete-friend/", {"email": "user5@email.com"})
    assert answer.status_code == 200
    assert answer.json() == {"message": "user5@email.com님을 친구 목록에서 삭제했습니다."}
    assert not Friendship.objects.exists()
    unknown = me.post("/user/delete-friend/", {"email": "nobody@email.com"})
    assert unknown.status_code == 404
    assert unknown.json() == {"detail": "nobody@email.com님은 친구 목록에 없습니다."}


def test_deleting_tells_nobody_whose_email_it_is(me: Bot, owner: User, new_member: NewMember) -> None:
    friend = new_member(email="secret@email.com", is_findable_by_email=False)
    owner.add_friend(friend)
    assert me.post("/user/delete-friend/", {"email": "secret@email.com"}).status_code == 404
    assert me.post("/user/delete-friend/", {"id": friend.pk}).status_code == 200


# --- My profile ---


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


def test_who_is_suspended_changes_nothing_but_may_sign_out(
    me: Bot, owner: User, stranger: User, suspend: Callable[[User], None]
) -> None:
    suspend(owner)
    assert me.post("/user/add-friend/", {"email": stranger.email}).status_code == 403
    assert me.ask("PATCH", "/user/profile/", {"status": "x"}).status_code == 403
    assert me.get("/user/profile/").status_code == 200
    assert me.post("/user/logout/").status_code == 200


def test_refusals_are_in_the_members_language(me: Bot, owner: User) -> None:
    owner.speak("en")
    assert me.post("/user/add-friend/", {}).json() == {"email": ["This field is required."]}
