"""A person: who signs in, and what they decide about how they are seen."""

import zoneinfo
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import doorbell, leaving, signing_in
from accounts.errors import LastSuperuser, RenamedTooSoon
from accounts.models.acquainted import Acquainted
from accounts.models.export import Export
from accounts.models.moderated import Moderated
from accounts.models.notification import Notification
from accounts.models.profile import Profile
from accounts.nicknames import nickname_key, validate_nickname
from accounts.querysets import UserManager

RENAME_AFTER = timedelta(days=30)
FRESH = timedelta(minutes=5)  # as long as allauth takes somebody's word for who they are
# The name of somebody who has closed their account, which nobody can take before since it has spaces, and their
# address, which leads nowhere.
GONE, NOBODY = "떠난 사람 {}", "gone.invalid"


class Aloud(models.TextChoices):
    """What a screen reader is told of what others say in a room."""

    SUMMARY = "summary", _("A summary")
    ALL = "all", _("Every line")
    OFF = "off", _("Nothing")


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no such time zone."))


class User(Acquainted, Moderated, AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in by e-mail and is seen by nickname."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    nickname = models.CharField(_("nickname"), max_length=20, validators=[validate_nickname])
    nickname_key = models.CharField(max_length=40, editable=False)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="ko")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE, validators=[validate_time_zone]
    )
    is_findable_by_email = models.BooleanField(_("members may find me by e-mail"), default=True)
    # Named to nobody: in no roster, never online.
    is_unseen = models.BooleanField(_("read unseen"), default=False)
    single_keys = models.BooleanField(_("single keys"), default=True)
    aloud = models.CharField(_("rooms read aloud"), max_length=8, choices=Aloud.choices, default=Aloud.SUMMARY)
    renamed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    # Rises whenever something ends this person's streams: sign-out, a new password, a suspension (LIVE: 7).
    auth_stamp = models.PositiveBigIntegerField(default=0, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["nickname"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("Somebody signed up with this e-mail before."),
            ),
            models.UniqueConstraint(
                fields=["nickname_key"],
                name="user_nickname_unique",
                violation_error_message=_("Somebody has this nickname already."),
            ),
        )

    def __str__(self) -> str:
        return self.nickname

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.nickname_key = nickname_key(self.nickname)
        is_new, has_new_password = self._state.adding, getattr(self, "_password", None)
        super().save(*args, **kwargs)
        if is_new:
            Profile.objects.create(user=self)
        elif has_new_password:  # by whatever way: allauth, the admin, `manage.py changepassword`
            self.end_streams()

    def clean(self) -> None:
        super().clean()
        self.nickname_key = nickname_key(self.nickname)

    def get_absolute_url(self) -> str:
        return reverse("accounts:person_detail", args=[self.nickname])

    @property
    def picture_url(self) -> str | None:
        """Where the uploaded picture is; None where there is none, or where the profile was not fetched.

        Rows of people ask this of everybody in them, so it must never cost a query.
        """
        profile: Profile | None = self._state.fields_cache.get("profile")
        return profile.picture_url if profile else None

    def can_write(self) -> bool:
        """May this person say and change things at all?"""
        return self.is_active and not self.is_suspended

    def can_be_edited_by(self, user: Any) -> bool:
        return bool(user.is_authenticated and user.pk == self.pk)

    # --- How they are seen ---

    def choose(self, **fields: Any) -> None:
        """Change `language`, `time_zone`, `is_findable_by_email`, `is_unseen`, `single_keys` or `aloud`.

        What is not named stays.
        """
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=list(fields))

    def rename(self, nickname: str) -> None:
        """Take another nickname. The one before leads on to this person, and is never anybody else's.

        Raises:
            RenamedTooSoon: the last change is less than `RENAME_AFTER` ago; spelling the same name otherwise is none.
        """
        if nickname == self.nickname:
            return
        before, is_another = self.nickname, nickname_key(nickname) != self.nickname_key
        if is_another and self.renamed_at and timezone.now() < self.renamed_at + RENAME_AFTER:
            raise RenamedTooSoon(self.renamed_at + RENAME_AFTER)
        with transaction.atomic():
            self.nickname = nickname
            if is_another:
                FormerNickname.objects.filter(user=self, key=nickname_key(nickname)).delete()
                FormerNickname.objects.create(user=self, key=nickname_key(before))
                self.renamed_at = timezone.now()
            self.save(update_fields=["nickname", "nickname_key", "renamed_at"])

    def settle(self, *, nickname: str, **chosen: Any) -> None:
        """Take a nickname and `choose` the rest, both or neither.

        Raises:
            RenamedTooSoon: as `rename`.
        """
        with transaction.atomic():
            self.rename(nickname)
            self.choose(**chosen)

    def keep_to_themselves(self, *, is_private: bool, **chosen: Any) -> None:
        """Who may read the profile, and what else `choose` knows of being found and seen."""
        with transaction.atomic():
            self.profile.rewrite(is_private=is_private)
            if chosen.get("is_unseen", self.is_unseen) != User.objects.get(pk=self.pk).is_unseen:
                self.end_streams()  # rosters are told anew
            self.choose(**chosen)

    def speak(self, language: str) -> None:
        self.language = language
        self.save(update_fields=["language"])

    # --- Their inbox ---

    @cached_property
    def inbox_count(self) -> int:
        """How much of the inbox is unread, as of this object's first question."""
        return self.notifications.for_inbox().unread().count()

    def read_inbox(self, **which: Any) -> int:
        """Mark as read what the inbox tells: all of it, or `which`. How much was not."""
        count: int = self.notifications.filter(**which).read()
        if count:
            self.ring_on_commit()
        return count

    def ring_on_commit(self) -> None:
        """Have what waits for them counted anew wherever they have a page open."""
        doorbell.ring_on_commit(self.pk)

    # --- What they themselves can end ---

    def has_just_signed_in(self) -> bool:
        return self.last_login is not None and timezone.now() < self.last_login + FRESH

    def end_streams(self) -> None:
        """Make every open stream of this person ask again who they are."""
        User.objects.filter(pk=self.pk).update(auth_stamp=F("auth_stamp") + 1)
        doorbell.ring_on_commit(self.pk, what=doorbell.SIGN_IN)

    def close(self) -> None:
        """Leave for good. What was written stays, under a name that says so; everything about the person goes.

        The nickname is never given again, and the e-mail is free for a new account.

        Raises:
            LastSuperuser: nobody would be left who can look after the site.
        """
        with transaction.atomic():
            superusers = User.objects.active().filter(is_superuser=True).select_for_update()
            if [each.pk for each in superusers] == [self.pk]:
                raise LastSuperuser
            FormerNickname.objects.get_or_create(key=self.nickname_key, defaults={"user": self})
            self.profile.forget()
            self._leave_everybody()
            for export in Export.objects.filter(user=self):
                export.discard()
            signing_in.forget(self)
            leaving.forget_all_of(self)
            self._become_nobody()
            self.end_streams()
            transaction.on_commit(lambda: signing_in.end_sessions_of.enqueue(self.pk))

    def _leave_everybody(self) -> None:
        for ties in (self.friendships, self.befriended_by, self.blocks, self.blocked_by, self.notifications):
            ties.all().delete()
        for kept in (self.memberships, self.read_marks):  # by what the rooms call them: people know no rooms
            kept.all().delete()
        Notification.objects.filter(actor=self).delete()

    def _become_nobody(self) -> None:
        """The row stays, for what was written: under another name, with no way in and no rights."""
        self.nickname, self.email = GONE.format(self.pk), f"{self.pk}@{NOBODY}"
        self.set_unusable_password()
        self.is_active = self.is_staff = self.is_superuser = self.is_findable_by_email = False
        self.closed_at = timezone.now()
        self.save()
        self.groups.clear()
        self.user_permissions.clear()


class FormerNickname(models.Model):
    """A nickname somebody had: it leads to who they are now, and nobody else may take it."""

    key = models.CharField(max_length=40, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_nicknames")
    until = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("former nickname")
        verbose_name_plural = _("former nicknames")

    def __str__(self) -> str:
        return self.key
