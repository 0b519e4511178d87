"""People."""

import zoneinfo
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.nicknames import nickname_key, validate_nickname
from accounts.querysets import UserManager
from cobra.markdown import render_post


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no such time zone."))


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in by e-mail and is seen by nickname."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    nickname = models.CharField(_("nickname"), max_length=20, validators=[validate_nickname])
    nickname_key = models.CharField(max_length=40, editable=False)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="ko")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default=settings.TIME_ZONE, validators=[validate_time_zone]
    )
    is_findable_by_email = models.BooleanField(_("members may find me by e-mail"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    suspended_until = models.DateTimeField(_("suspended until"), null=True, blank=True)
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
        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            Profile.objects.create(user=self)

    def clean(self) -> None:
        super().clean()
        self.nickname_key = nickname_key(self.nickname)

    def get_absolute_url(self) -> str:
        return reverse("accounts:person_detail", args=[self.nickname])

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    def can_write(self) -> bool:
        """May this person say and change things at all?"""
        return self.is_active and not self.is_suspended

    def can_be_edited_by(self, user: Any) -> bool:
        return bool(user.is_authenticated and user.pk == self.pk)

    def choose(self, *, nickname: str, language: str, is_findable_by_email: bool) -> None:
        """What a person decides about how they are seen and spoken to."""
        self.nickname, self.language, self.is_findable_by_email = nickname, language, is_findable_by_email
        self.save(update_fields=["nickname", "nickname_key", "language", "is_findable_by_email"])

    def speak(self, language: str) -> None:
        self.language = language
        self.save(update_fields=["language"])

    def suspend(self, *, until: datetime) -> None:
        """Nothing can be written until then, and members-only rooms are closed to them, open streams at once."""
        self.suspended_until = until
        self.save(update_fields=["suspended_until"])
        self.end_streams()

    def end_streams(self) -> None:
        """Make every open stream of this person ask again who they are."""
        User.objects.filter(pk=self.pk).update(auth_stamp=F("auth_stamp") + 1)


class Profile(models.Model):
    """What a person tells about themselves."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    status = models.CharField(_("status"), max_length=80, blank=True)
    about = models.TextField(_("about"), max_length=4_000, blank=True)
    about_html = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def about_safe(self) -> SafeString:
        return mark_safe(self.about_html)  # noqa: S308  made by cobra.markdown

    def rewrite(self, *, status: str, about: str) -> None:
        self.status, self.about, self.about_html = status, about, render_post(about)
        self.save(update_fields=["status", "about", "about_html"])
