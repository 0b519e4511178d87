"""Who is asking."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class PeopleBackend(AuthenticationBackend):
    """allauth's, which brings the profile along: every page draws its reader's picture."""

    def get_user(self, user_id: Any) -> User | None:
        user = next(iter(User.objects.select_related("profile").filter(pk=user_id)), None)
        return user if user and self.user_can_authenticate(user) else None
