"""Questions about people."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

from accounts.nicknames import nickname_key, random_nickname

if TYPE_CHECKING:
    from accounts.models import User


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def named(self, nickname: str) -> "UserQuerySet":
        """The one person of this nickname, however it is spelled."""
        return self.filter(nickname_key=nickname_key(nickname))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]  # a class made at run time
    """Makes people."""

    def free_nickname(self, wanted: str = "") -> str:
        """`wanted` when nobody has it, else it with a number, else a random one."""
        base = wanted or random_nickname()
        nickname, number = base, 1
        while self.named(nickname).exists():
            number += 1
            nickname = f"{base[: 20 - len(str(number))]}{number}"
        return nickname

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with a Profile.

        Raises:
            IntegrityError: the e-mail or the nickname is taken.
        """
        fields.setdefault("nickname", self.free_nickname())
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)
