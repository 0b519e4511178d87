"""PostgreSQL: people who wait for the lock of one room do not keep the rest of the site waiting."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import OperationalError, connection, connections

from accounts.models import User
from board.models import Post
from cobra.asgi import REQUEST_THREADS
from rooms.tests.ears import Ear, listen, on_thread
from rooms.tests.room import say

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="who reads SQLite waits for no lock"),
]


def refused(post: Post, author: User) -> bool:
    try:
        say(post, author)
    except OperationalError:
        return True
    finally:
        connections.close_all()
    return False


def test_while_all_requests_wait_for_one_room_a_stream_of_another_opens(
    post: Post, owner: User, new_post: Callable[..., Post]
) -> None:
    other = new_post(by=owner)
    names = ("dbname", "host", "port", "user", "password")
    where = {name: value for name, value in connection.get_connection_params().items() if name in names}
    connections.close_all()

    async def conversation() -> None:
        with psycopg.connect(**where) as somebody, ThreadPoolExecutor(REQUEST_THREADS) as requests:
            somebody.execute("UPDATE rooms_roomversion SET version = version WHERE room_id = %s", [post.pk])
            waiting = [requests.submit(refused, post, owner) for _ in range(REQUEST_THREADS)]
            ear = await Ear(other.pk).open()
            assert ear.status == 200
            await ear.close()
            assert await on_thread(lambda: all(each.result(timeout=10) for each in waiting))

    listen(conversation)
