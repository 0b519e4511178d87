"""What several tests of the API begin with."""

import pytest

from accounts.models import User
from cobra.tests.api import Bot


@pytest.fixture
def me(owner: User) -> Bot:
    """The owner's program, signed in."""
    return Bot(owner)
