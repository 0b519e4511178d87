"""Friends: adding, listing, searching and deleting them, and their profiles."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts import whereabouts
from accounts.models import Friendship, User
from accounts.tests.api import PROFILE
from cobra.rates import Rate
from cobra.tests.api import Bot

pytestmark = pytest.mark.django_db
NewMember = Callable[..., User]


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


def test_a_private_profile_tells_no_email(me: Bot, owner: User, new_member: NewMember) -> None:
    private = new_member("하늘", email="skyblue@email.com")
    type(private.profile).objects.filter(user=private).update(is_private=True)

    def told() -> set[str | None]:
        found = me.get("/user/search-friends/?keyword=하늘").json() + me.get("/user/friends/").json()
        return {person["email"] for person in found}

    assert told() == {None}
    assert me.post("/user/add-friend/", {"email": "skyblue@email.com"}).status_code == 200  # who has the address may
    assert told() == {None}
    private.add_friend(owner)
    assert told() == {"skyblue@email.com"}


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


def test_refusals_are_in_the_members_language(me: Bot, owner: User) -> None:
    owner.speak("en")
    assert me.post("/user/add-friend/", {}).json() == {"email": ["This field is required."]}
