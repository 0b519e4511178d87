"""manage.py load_demo: a community to look at."""

import stat
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Friendship, Notification, Profile, Skill, User
from board.demo import community
from board.models import Digest, Post, Tag
from rooms.models import Line, RoomVersion, Verdict

pytestmark = pytest.mark.django_db
MODELS = (User, Profile, Skill, Friendship, Notification, Post, Line, RoomVersion, Tag)


@pytest.fixture(autouse=True)
def logins(settings: Settings, tmp_path: Path) -> Path:
    """Where the passwords are kept. The site of somebody who has set nothing, also where tests run on PostgreSQL."""
    settings.VAR_DIR, settings.IS_EMBEDDED, settings.IS_PUBLIC = tmp_path, True, False
    return tmp_path / "demo-logins"


def passwords(logins: Path) -> dict[str, str]:
    return dict(line.split() for line in logins.read_text().splitlines())


def test_it_loads_once(logins: Path) -> None:
    call_command("load_demo", quiet=True)
    before = [list(model.objects.order_by("pk").values()) for model in MODELS]
    kept = logins.read_text()
    call_command("load_demo", quiet=True)
    assert [list(model.objects.order_by("pk").values()) for model in MODELS] == before
    assert logins.read_text() == kept


def test_two_people_can_sign_in_and_none_is_staff(logins: Path) -> None:
    call_command("load_demo", quiet=True)
    assert stat.S_IMODE(logins.stat().st_mode) == 0o600
    assert set(passwords(logins)) == {"minseo@example.com", "maya@example.com"}
    for email, password in passwords(logins).items():
        assert authenticate(email=email, password=password)
    assert User.objects.get(email="maya@example.com").language == "en"
    usable = [person.email for person in User.objects.all() if person.has_usable_password()]
    assert sorted(usable) == ["maya@example.com", "minseo@example.com"]
    assert not User.objects.filter(is_staff=True).exists()
    assert not User.objects.filter(is_superuser=True).exists()


def test_it_says_how_to_sign_in_every_time(logins: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        call_command("load_demo")
        out = capsys.readouterr().out
        for email, password in passwords(logins).items():
            assert email in out
            assert password in out
    call_command("load_demo", quiet=True)
    assert capsys.readouterr().out == ""


def test_passwords_that_were_lost_are_made_anew_and_kept_ones_work_again(logins: Path) -> None:
    call_command("load_demo", quiet=True)
    before = passwords(logins)
    logins.unlink()
    call_command("load_demo", quiet=True)
    after = passwords(logins)
    assert set(before) == set(after)
    assert not set(before.values()) & set(after.values())
    for email, password in after.items():
        assert authenticate(email=email, password=password)


def test_somebody_who_became_staff_is_left_alone(logins: Path) -> None:
    call_command("load_demo", quiet=True)
    User.objects.filter(email="minseo@example.com").update(is_staff=True)
    logins.unlink()
    before = User.objects.get(email="minseo@example.com").password
    call_command("load_demo", quiet=True)
    assert User.objects.get(email="minseo@example.com").password == before
    assert set(passwords(logins)) == {"maya@example.com"}


@pytest.mark.parametrize(("name", "value"), [("IS_PUBLIC", True), ("IS_EMBEDDED", False)])
def test_it_refuses_a_site_that_others_may_reach(settings: Settings, logins: Path, name: str, value: bool) -> None:
    setattr(settings, name, value)
    with pytest.raises(CommandError, match="The demo loads only"):
        call_command("load_demo")
    assert not User.objects.exists()
    assert not logins.exists()


def test_its_rooms_were_alive_lately_and_in_order() -> None:
    now = timezone.now()
    community.load(now)
    posts = Post.objects.filter(source__startswith="demo:").select_related("room")
    assert posts.count() >= 12
    for post in posts:
        log = list(post.room.lines.order_by("seq"))
        times = [post.created_at, *(line.created_at for line in log)]
        assert times == sorted(times)
        assert times[-1] < now
        assert max((line.version for line in log), default=0) == post.room.position.version
        if not post.digests.exists():
            assert [line.seq for line in log] == [line.version for line in log] == list(range(1, len(log) + 1))
        assert all(line.reply_to.seq < line.seq for line in log if line.reply_to)
    assert Line.objects.filter(reply_to__isnull=False, created_at__lt=now).exists()
    for tag in Tag.objects.all():
        assert tag.post_count == tag.post_tags.count()


def test_it_shows_the_whole_loop(client: Client) -> None:
    """Post, room, what is kept of it under its authors' names, verdict: a newcomer sees it at once."""
    now = timezone.now()
    community.load(now)
    kept = {digest.post.source: digest for digest in Digest.objects.published()}
    assert set(kept) == {"demo:asgi-connections", "demo:nfd-file-names"}
    for digest in kept.values():
        post, cited = digest.post, digest.citations.there()
        assert digest.proposed_by != digest.decided_by == post.author  # somebody else's, taken in by the author
        assert cited.count() >= 6
        assert {each.line.kept_in for each in cited} == {digest.pk}
        assert len({each.line.author_id for each in cited}) >= 3
        notice = post.room.lines.get(kind=Line.Kind.KEPT)
        assert notice.created_at == digest.published_at
        assert notice.created_at < now
        text = client.get(post.get_absolute_url()).text.partition('class="digest"')[2]
        for each in cited:
            assert f'href="{each.line.get_permalink()}"'.replace("&", "&amp;") in text
    closed = kept["demo:nfd-file-names"].post.room
    assert closed.verdict == Verdict.SOLVED
    assert closed.lines.latest("seq").kind == Verdict.SOLVED
    assert closed.verdict_text in client.get("/").text
    assert not Notification.objects.filter(created_at__gt=now).exclude(kind="friend").exists()
    for digest in kept.values():  # who has spoken there has nothing to catch up on
        assert not digest.post.room.memberships.having_unread().exists()


def test_its_people_came_before_they_wrote_and_tell_of_themselves() -> None:
    community.load(timezone.now())
    demo = User.objects.filter(email__endswith="@example.com").select_related("profile")
    for person in demo:
        assert all(post.created_at > person.date_joined for post in person.posts.all())
        assert person.profile.skills.count() >= 2
        assert person.profile.about
        assert person.profile.interests
    minseo = demo.get(email="minseo@example.com")
    jiwoo = demo.get(email="jiwoo@example.com")
    assert minseo.is_mutual_with(jiwoo)
    assert {each.actor.nickname for each in minseo.notifications.unread()} == {"지우", "하린"}


def test_the_excerpts_say_whose_they_are() -> None:
    community.load(timezone.now())
    excerpts = Post.objects.exclude(source__startswith="demo:")
    assert excerpts.count() == 4
    for post in excerpts:
        assert "CC BY 4.0" in post.body


def test_every_page_of_it_opens(client: Client) -> None:
    community.load(timezone.now())
    for language in ("ko", "en"):
        headers = {"Accept-Language": language}
        assert client.get("/", headers=headers).status_code == 200
        for post in Post.objects.select_related("room"):
            status = 404 if post.room.members_only else 200
            assert client.get(post.get_absolute_url(), headers=headers).status_code == status


def test_elsewhere_it_does_nothing_when_so_told(settings: Settings, db: None) -> None:
    settings.IS_EMBEDDED = False
    call_command("load_demo", "--if-allowed")
    assert not Post.objects.exists()
