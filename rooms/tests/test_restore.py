"""What `manage.py backup` wrote comes back by `manage.py restore`, on the database at hand."""

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from accounts.models import User
from board.models import Post
from rooms.log import cursor_in, cursor_of
from rooms.models import Line, Room, RoomVersion

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


def run(*words: Any, **options: Any) -> None:
    call_command(*map(str, words), stdout=StringIO(), **options)


def texts() -> list[str]:
    return list(Line.objects.order_by("seq").values_list("text", flat=True))


def test_what_was_backed_up_comes_back_and_what_came_after_it_is_gone(post: Post, owner: User, tmp_path: Path) -> None:
    room = Room.objects.get(pk=post.pk)
    room.say(author=owner, text="전")
    default_storage.save("pictures/1.webp", ContentFile(b"picture"))
    run("backup", tmp_path / "kept")
    room.say(author=owner, text="후")
    User.objects.filter(pk=owner.pk).update(nickname="다른-이름")
    default_storage.delete("pictures/1.webp")

    run("restore", tmp_path / "kept", overwrite=True)
    assert texts() == ["전"]
    assert User.objects.get(pk=owner.pk).nickname == owner.nickname
    with default_storage.open("pictures/1.webp") as file:
        assert file.read() == b"picture"
    room.say(author=owner, text="다시")
    assert texts() == ["전", "다시"]
    assert Post.objects.get(pk=post.pk).title == post.title


def test_a_backup_is_only_read(post: Post, tmp_path: Path) -> None:
    """It may be on a medium that cannot be written to."""
    run("backup", kept := tmp_path / "kept")
    before = kept.stat().st_mtime_ns
    run("restore", kept, overwrite=True)
    assert kept.stat().st_mtime_ns == before


def test_after_a_restore_cursors_from_before_are_void(post: Post, owner: User, tmp_path: Path) -> None:
    """Or a page that had heard the second line would never be given the one that takes its version."""
    room = Room.objects.get(pk=post.pk)
    room.say(author=owner, text="전")
    run("backup", tmp_path / "kept")
    room.say(author=owner, text="후")
    heard = RoomVersion.objects.position(post.pk)
    run("restore", tmp_path / "kept", overwrite=True)
    room.say(author=owner, text="다시")
    now = RoomVersion.objects.position(post.pk)
    assert heard
    assert now
    assert now.version == heard.version
    assert re.fullmatch(r"[0-9a-f]{8}", now.epoch)
    assert cursor_in(cursor_of(heard), now) is None
    assert cursor_in(cursor_of(now), now) == now.version


def test_an_empty_database_is_another_one_and_not_a_backup(tmp_path: Path) -> None:
    """Of whoever runs the command without the site's settings, which name its database."""
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var")}
    command = [sys.executable, "manage.py", "backup", str(tmp_path / "kept")]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert not (tmp_path / "kept").exists()


def test_a_site_with_people_is_not_overwritten_by_mistake(post: Post, tmp_path: Path) -> None:
    run("backup", tmp_path / "kept")
    with pytest.raises(CommandError, match="--overwrite"):
        run("restore", tmp_path / "kept")


def test_a_backup_is_nobody_elses_and_never_written_over(post: Post, tmp_path: Path) -> None:
    run("backup", tmp_path / "kept")
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob("*.partial"))
    with pytest.raises(CommandError, match="exists"):
        run("backup", tmp_path / "kept")


def test_a_broken_backup_changes_nothing(post: Post, owner: User, tmp_path: Path) -> None:
    Room.objects.get(pk=post.pk).say(author=owner, text="전")
    run("backup", tmp_path / "kept")
    (database,) = (tmp_path / "kept").glob("database.*")
    with database.open("ab") as file:
        file.write(b"x")
    for folder, reason in ((tmp_path / "kept", "not what was written"), (tmp_path, "no backup")):
        with pytest.raises(CommandError, match=reason):
            run("restore", folder, overwrite=True)
    assert texts() == ["전"]


def test_a_picture_that_is_replaced_meanwhile_breaks_no_backup(owner: User, tmp_path: Path) -> None:
    default_storage.save("pictures/1.webp", ContentFile(b"picture"))
    gone = Path(default_storage.path("pictures/2.webp"))
    gone.symlink_to("nowhere")  # it is listed, and cannot be read any more
    run("backup", tmp_path / "backup")
    assert [path.name for path in (tmp_path / "backup").glob("media/pictures/*")] == ["1.webp"]


def test_a_disk_that_takes_no_backup_is_named(post: Post, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match=r"file/backup\.partial: Not a directory"):
        run("backup", tmp_path / "file" / "backup")
