"""The matrix, gone on: the addresses that allauth answers, and the streams, which no view does."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from accounts.models import User
from board.models import Category
from board.tests.test_matrix import ROLES, World, answer
from cobra.asgi import application
from rooms.tests.ears import Ear, listen, until

# By address (7 stands for what is asked for): what a visitor is answered, and what every member is, whoever they are to
# anybody.
ALLAUTH = {
    "/accounts/login/": (200, 302),
    "/accounts/logout/": (302, 200),
    "/accounts/inactive/": (200, 200),
    "/accounts/signup/": (200, 302),
    "/accounts/reauthenticate/": (302, 403),
    "/accounts/email/": (302, 200),
    "/accounts/confirm-email/": (200, 200),
    "/accounts/password/change/": (302, 302),
    "/accounts/password/set/": (302, 200),
    "/accounts/password/reset/": (200, 200),
    "/accounts/login/code/confirm/": (302, 302),
    "/accounts/confirm-email/7/": (200, 200),
    "/accounts/password/reset/key/done/": (200, 200),
    "/accounts/password/reset/key/7-7/": (200, 200),
    "/accounts/password/reset/done/": (200, 200),
    "/accounts/2fa/": (302, 200),
    "/accounts/2fa/authenticate/": (302, 302),
    "/accounts/2fa/reauthenticate/": (302, 403),
    "/accounts/2fa/totp/activate/": (302, 200),
    "/accounts/2fa/totp/deactivate/": (302, 404),
    "/accounts/2fa/recovery-codes/": (302, 404),
    "/accounts/2fa/recovery-codes/generate/": (302, 200),
    "/accounts/2fa/recovery-codes/download/": (302, 404),
    "/accounts/2fa/webauthn/": (302, 200),
    "/accounts/2fa/webauthn/add/": (302, 200),
    "/accounts/2fa/webauthn/reauthenticate/": (302, 403),
    "/accounts/2fa/webauthn/keys/7/remove/": (302, 404),
    "/accounts/2fa/webauthn/keys/7/edit/": (302, 404),
    "/accounts/2fa/webauthn/login/": (302, 302),
    "/accounts/3rdparty/login/cancelled/": (200, 200),
    "/accounts/3rdparty/login/error/": (302, 401),
    "/accounts/3rdparty/signup/": (302, 302),
    "/accounts/3rdparty/": (302, 200),
    "/accounts/social/login/cancelled/": (302, 301),
    "/accounts/social/login/error/": (302, 301),
    "/accounts/social/signup/": (302, 301),
    "/accounts/social/connections/": (302, 301),
    "/accounts/sessions/": (302, 200),
}


def allauths(resolver: URLResolver | None = None, path: str = "/") -> set[str]:
    """Allauth's addresses, as they are written."""
    found: set[str] = set()
    for entry in (resolver or get_resolver()).url_patterns:
        address = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found |= allauths(entry, address)
        elif address.startswith("/accounts/"):
            found.add(address)
    return found


@pytest.mark.django_db
def test_every_address_of_allauths_has_its_row() -> None:
    def shape(address: str) -> str:
        return re.sub(r"\^|\$|\(\?P<\w+>[^)]*\)|<[^>]*>", lambda part: "7" if len(part[0]) > 1 else "", address)

    assert {shape(address) for address in allauths()} == set(ALLAUTH)


@pytest.mark.django_db
@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
def test_the_matrix_of_allauths(new_member: Callable[..., User], private: bool) -> None:
    world = World(new_member, private=private)
    wrong: list[tuple[str, str, int]] = []
    leaks: list[tuple[str, str]] = []
    for address, (for_visitors, for_members) in ALLAUTH.items():
        for role in ROLES:
            status, text = answer(world, role, f"GET {address}")
            due = for_visitors if role == "visitor" else for_members
            if status != due:
                wrong.append((address, role, status))
            leaks += [(role, address) for secret in world.secrets_from(role) if secret in text]
    assert (wrong, leaks) == ([], [])


# For the people of `ROLES`, before the bar with a post open to all, after it with one for members only.
STREAMS = {
    "/posts/{post}/room/stream/": "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    "/api/chat/room/{post}/stream/": "200 200 200 200 200 200 200 200 | 404 200 200 200 404 200 200 404",
    "/stream/": "401 200 200 200 200 200 200 200 | 401 200 200 200 200 200 200 200",
}


class Caller(Ear):
    """Asks the whole site, which tells the streams by their addresses."""

    async def _run(self) -> None:
        await application(self.scope, self._receive, self._send)
        self.is_over = True

    def has_begun(self) -> bool:
        return "event: open" in self.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
@pytest.mark.parametrize("address", STREAMS)
def test_the_matrix_of_streams(new_member: Callable[..., User], address: str, private: bool) -> None:
    Category.objects.get_or_create(slug="debugging", defaults={"name_ko": "디버깅", "name_en": "Debugging"})
    world = World(new_member, private=private)
    found: dict[str, str] = {}
    heard: dict[str, str] = {}

    async def everybody_listens() -> None:
        for role in ROLES:
            ear = Caller(world.post.pk, cookies=cookies[role], path=address.format(post=world.post.pk))
            await ear.open()
            found[role] = str(ear.status)
            if ear.status == 200:
                await until(ear.has_begun)
            await ear.close()
            heard[role] = ear.text

    cookies = {role: _cookies_of(world.people[role]) for role in ROLES}
    listen(everybody_listens)
    due = STREAMS[address].split("|")[private].split()
    assert found == dict(zip(ROLES, due, strict=True))
    assert [role for role in ROLES for secret in world.secrets_from(role) if secret in heard[role]] == []


def _cookies_of(person: User | None) -> dict[str, str]:
    client = Client()
    if person:
        client.force_login(person)
    return {name: morsel.value for name, morsel in client.cookies.items()}
