"""A room for tests: what is said in it, how far its log is, and what a browser has that came from its page."""

from functools import partial

from django.test import Client
from django_eventstream.views import get_listener_manager

from accounts.models import User
from board.models import Post
from rooms import live, log
from rooms.models import Line, Room, RoomVersion
from rooms.tests.ears import on_thread


def say(post: Post, author: User, text: str = "안녕") -> Line:
    return Room.objects.get(pk=post.pk).say(author=author, text=text)


async def talk(post: Post, author: User, count: int) -> list[int]:
    """So many lines are said, on a thread as requests do it; their ids."""
    return [(await on_thread(partial(say, post, author))).pk for _ in range(count)]


async def cursor_now(post: Post) -> str:
    """Off the loop, as all database work: what a coroutine opens on the loop's thread nobody closes."""
    position = await on_thread(lambda: RoomVersion.objects.position(post.pk))
    assert position
    return log.cursor_of(position)


def cookies_of(user: User, path: str) -> dict[str, str]:
    """What a browser has after it loaded a page with a room."""
    client = Client()
    client.force_login(user)
    client.get(path)
    return {name: morsel.value for name, morsel in client.cookies.items()}


def deafen(post: Post) -> None:
    """The room hears no bell any more, only the clock."""
    tap = live.get_hub().rooms[post.pk].tap
    get_listener_manager().remove_listener(tap)
    tap.channels = set()
