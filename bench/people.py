"""Who and what is there before a benchmark. `python -m bench.people COUNT ROOMS`, in the environment of the site."""

import json
import subprocess
import sys
from datetime import timedelta
from typing import NamedTuple

from e2e.site import ROOT, Site

CATEGORY = "debugging"


class Person(NamedTuple):
    """The cookies of somebody who is signed in; `stream_pass` is what a page with a stream gives them."""

    session: str
    stream_pass: str

    def cookies(self, *, with_pass: bool = True) -> str:
        text = f"sessionid={self.session}"
        return f"{text}; stream_pass={self.stream_pass}" if with_pass else text


class Community(NamedTuple):
    people: list[Person]
    rooms: list[int]


def settle(site: Site, count: int, rooms: int) -> Community:
    """Put `count` people and `rooms` posts into a prepared site."""
    command = [sys.executable, "-m", "bench.people", str(count), str(rooms)]
    answer = subprocess.run(command, cwd=ROOT, env=site.env, check=True, capture_output=True, text=True)
    found = json.loads(answer.stdout)
    return Community([Person(*person) for person in found["people"]], found["rooms"])


def main(count: int, rooms: int) -> None:
    import django

    django.setup(set_prefix=False)
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from accounts.models import Profile, User
    from accounts.nicknames import nickname_key
    from board.models import Category, Post
    from rooms.passes import write_pass
    from rooms.standing import Reader

    names = [f"person{number}" for number in range(count)]
    users = User.objects.bulk_create(
        User(email=f"{name}@example.com", nickname=name, nickname_key=nickname_key(name), password="!")
        for name in names
    )
    Profile.objects.bulk_create(Profile(user=user) for user in users)
    store, sessions, people = SessionStore(), [], []
    for number, user in enumerate(users):
        key = f"{number:032d}"
        content = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        until = timezone.now() + timedelta(days=1)
        sessions.append(Session(session_key=key, session_data=store.encode(content), expire_date=until))
        people.append(Person(key, write_pass(Reader.of(user), key)))
    Session.objects.bulk_create(sessions)
    category = Category.objects.get(slug=CATEGORY)
    posts = [
        Post.publish(by=users[0], title=f"Room {number}", body="To be talked in.", category=category, tags=[])
        for number in range(rooms)
    ]
    print(json.dumps({"people": people, "rooms": [post.pk for post in posts]}))


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cobra.settings")
    main(int(sys.argv[1]), int(sys.argv[2]))
