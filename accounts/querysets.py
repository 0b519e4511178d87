"""Questions about people."""

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Left, Lower, StrIndex

from accounts.nicknames import nickname_key, random_nickname
from cobra.db import starts_with
from cobra.hangul import beginning

if TYPE_CHECKING:
    from accounts.models import User


SHORTEST_SEARCH = 2  # characters
# A Hangul syllable that is still being typed: 서ㅈ, on the way to 서준.
UNFINISHED = re.compile("(?<=[가-힣])[ㄱ-ㅎㅏ-ㅣ]$")


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def visible_to(self, reader: "User | AnonymousUser") -> "UserQuerySet":
        """The people who exist for this reader: who is here, and has not blocked them. Staff see everybody here."""
        people = self.active()
        if not reader.is_authenticated or reader.is_staff:
            return people
        return people.exclude(Exists(reader.blocked_by.filter(blocker=OuterRef("pk"))))

    def named(self, nickname: str) -> "UserQuerySet":
        """The one person of this nickname, however it is spelled."""
        return self.filter(nickname_key=nickname_key(nickname)) if "\0" not in nickname else self.none()

    def once_named(self, nickname: str) -> "UserQuerySet":
        """The one person who had this nickname before."""
        return self.filter(former_nicknames__key=nickname_key(nickname))

    def by_spelling(self, names: Iterable[str]) -> "dict[str, User]":
        """Those of these people who have one of these names, or had it before, by each spelling of it."""
        keys = {name: nickname_key(name) for name in names}
        if not keys:
            return {}
        wanted = set(keys.values())
        former = dict(self.filter(former_nicknames__key__in=wanted).values_list("former_nicknames__key", "pk"))
        found = self.filter(Q(nickname_key__in=wanted) | Q(pk__in=former.values()))
        by_id = {user.pk: user for user in found}
        people = {key: by_id[pk] for key, pk in former.items()}
        people |= {user.nickname_key: user for user in found}
        return {name: people[key] for name, key in keys.items() if key in people}

    def beginning_with(self, words: str) -> "UserQuerySet":
        """By the beginning of the nickname, also by first consonants: `ㅈㅇ` finds 지우."""
        return self.filter(nickname_key__regex=beginning(words)) if words else self

    def to_call_by(self, reader: "User") -> "UserQuerySet":
        """Whom a reader may call by `@`: others who have not blocked them, and whom they have not."""
        people = self.visible_to(reader).exclude(pk=reader.pk)
        return people.exclude(Exists(reader.blocks.filter(blocked=OuterRef("pk"))))

    def with_ties_to(self, reader: "User | AnonymousUser") -> "UserQuerySet":
        """Each with `is_friend` (on the reader's list), `lists_me` (the reader is on theirs) and `i_block`.

        A visitor has none.
        """
        if not reader.is_authenticated:
            return self.annotate(is_friend=Value(False), lists_me=Value(False), i_block=Value(False))
        return self.annotate(
            is_friend=Exists(reader.friendships.filter(friend=OuterRef("pk"))),
            lists_me=Exists(reader.befriended_by.filter(owner=OuterRef("pk"))),
            i_block=Exists(reader.blocks.filter(blocked=OuterRef("pk"))),
        )

    def on_list_of(self, reader: "User") -> "UserQuerySet":
        return self.visible_to(reader).filter(befriended_by__owner=reader).order_by("nickname_key")

    def blocked_by(self, reader: "User") -> "UserQuerySet":
        return self.visible_to(reader).filter(blocked_by__blocker=reader).order_by("nickname_key")

    def who_added(self, reader: "User") -> "UserQuerySet":
        """Those who have put the reader on their list, are not on the reader's, and were not passed over yet.

        Each with `told_id`, the unread notification that told it; the latest first.
        """
        told = reader.notifications.unread().filter(kind="friend", actor=OuterRef("pk"))
        people = self.visible_to(reader).filter(friendships__friend=reader)
        people = people.exclude(Exists(reader.friendships.filter(friend=OuterRef("pk"))))
        return (
            people.annotate(told_id=Subquery(told.values("pk")[:1])).filter(told_id__isnull=False).order_by("-told_id")
        )

    def found_by(self, words: str, *, reader: "User") -> "UserQuerySet":
        """Others with this in their nickname, or before the @ of their e-mail where they may be found by it.

        Nobody for fewer than `SHORTEST_SEARCH` characters; nobody the reader has blocked.
        """
        words = UNFINISHED.sub("", unicodedata.normalize("NFC", words).strip())
        if len(words) < SHORTEST_SEARCH:
            return self.none()
        address = words.casefold()
        local, _at, domain = address.partition("@")
        by_email = Q(email__iexact=address) if domain else Q(email_local__contains=local)
        people = self.to_call_by(reader).annotate(email_local=Lower(Left("email", StrIndex("email", Value("@")) - 1)))
        return people.filter(
            Q(nickname_key__contains=nickname_key(words)) | (Q(is_findable_by_email=True) & by_email)
        ).order_by("nickname_key")

    def stamps_of(self, person_ids: list[int]) -> dict[int, int]:
        """The `auth_stamp` of each of these people who is active, by id. Written out, since a process asks for it
        every two seconds, and whenever somebody comes."""
        if not person_ids:
            return {}
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            places = ", ".join(["%s"] * len(person_ids))
            cursor.execute(
                f"SELECT id, auth_stamp FROM {table} WHERE is_active AND id IN ({places})",  # noqa: S608
                person_ids,
            )
            return dict(cursor.fetchall())

    def called_like(self, words: str, *, reader: "User") -> "UserQuerySet":
        """People whose nickname begins so, by its index however many there are; nobody the reader has blocked."""
        people = self.visible_to(reader).filter(starts_with("nickname_key", nickname_key(words)))
        return people.exclude(Exists(reader.blocks.filter(blocked=OuterRef("pk")))).order_by("nickname_key")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]  # a class made at run time
    """Makes people."""

    def free_nickname(self, wanted: str = "") -> str:
        """`wanted` when nobody has it, else it with a number, else a random one."""
        base = wanted or random_nickname()
        nickname, number = base, 1
        while self.named(nickname).exists() or self.once_named(nickname).exists():
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
