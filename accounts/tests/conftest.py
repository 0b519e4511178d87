"""What several tests of people begin with."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.door import PASSWORD, sign_in


@pytest.fixture
def minseo(new_member: Any) -> User:
    """Somebody who has a password."""
    user: User = new_member("민서", email="minseo@example.com", password=PASSWORD)
    return user


@pytest.fixture
def me(minseo: User) -> Client:
    """Signed in with the password, just now."""
    client = Client()
    sign_in(client)
    return client


@pytest.fixture
def ask(django_capture_on_commit_callbacks: Any) -> Any:
    """`ask(client)`: presses the button for one's data; the task runs at once here."""

    def press(client: Client, *, made: bool = True) -> Any:
        with django_capture_on_commit_callbacks(execute=made):
            response = client.post("/settings/data/")
        assert response["Location"] == "/settings/data/"
        return response

    return press
