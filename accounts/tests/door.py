"""The front door, for tests."""

from typing import Any

from django.test import Client

PASSWORD = "correct horse battery"


def sign_in(client: Client, **more: Any) -> Any:
    """As 민서, by her password."""
    return client.post("/accounts/login/", {"login": "minseo@example.com", "password": PASSWORD}, **more)
