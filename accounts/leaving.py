"""What else goes when somebody closes their account.

Rooms and posts say theirs through `register`, since people know neither.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

Forget = Callable[["User"], object]

_forgets: list[Forget] = []


def register(forget: Forget) -> None:
    """Called once at start by every part that keeps something of people's which is to go with them."""
    if forget not in _forgets:
        _forgets.append(forget)


def forget_all_of(user: "User") -> None:
    """In the transaction that closes the account."""
    for forget in _forgets:
        forget(user)
