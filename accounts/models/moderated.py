"""The part of a person that has to do with staff: what they may do to others, and what was done to them."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.errors import IsStaff, NoPicture, NotSuspended
from accounts.mails import mail_deed
from accounts.models.deed import Deed
from accounts.models.notification import Notification
from accounts.pictures import HASH

if TYPE_CHECKING:
    from accounts.models.user import User

# The groups of the first migration: what is written is the business of the one, people and the site of the other.
MODERATORS, ADMINISTRATORS = "moderators", "administrators"


class Moderated(models.Model):
    """A person's standing with the staff, and as one of them."""

    suspended_until = models.DateTimeField(_("suspended until"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_suspended(self) -> bool:
        return self.suspended_until is not None and self.suspended_until > timezone.now()

    @property
    def is_newcomer(self) -> bool:
        """Here for less than `NEWCOMER_FOR`, and none of the staff."""
        me = cast("User", self)
        while_new: timedelta | None = settings.NEWCOMER_FOR
        return while_new is not None and not me.is_staff and timezone.now() < me.date_joined + while_new

    @cached_property
    def suspension(self) -> Deed | None:
        """Why they are suspended now, and until when."""
        if not self.is_suspended:
            return None
        return Deed.objects.filter(person=self.pk, action=Deed.Action.SUSPEND).order_by("-pk").first()

    def can_moderate(self) -> bool:
        """May this person hide and restore what others write, lock rooms, decide on reports?"""
        return self._may("accounts.moderate")

    def can_administer(self) -> bool:
        """May this person warn and suspend others, and change categories and the site's own texts?"""
        return self._may("accounts.administer")

    def _may(self, permission: str) -> bool:
        me = cast("User", self)
        return me.is_staff and me.can_write() and me.has_perm(permission)

    # --- What staff do to them ---

    def warn(self, *, by: "User", reason: str) -> Deed:
        """Tell this person by their inbox what should not happen again."""
        with transaction.atomic():
            deed = Deed.objects.record(Deed.Action.WARN, by=by, person=self, reason=reason)
            Notification.tell_of_deed(recipient=cast("User", self), deed=deed)
        return deed

    def suspend(self, *, by: "User", until: datetime, reason: str) -> Deed:
        """Nothing can be written until then, and members-only rooms are closed to them, open streams at once.

        Raises:
            IsStaff: the role has to be taken from them first.
        """
        me = cast("User", self)
        if me.is_staff:
            raise IsStaff
        with transaction.atomic():
            deed = Deed.objects.record(Deed.Action.SUSPEND, by=by, person=me, reason=reason, until=until)
            self._suspend_until(until)
            self._hear_of(deed)
        return deed

    def pardon(self, *, by: "User", reason: str = "") -> Deed:
        """End a suspension before its time.

        Raises:
            NotSuspended: there is none.
        """
        if not self.is_suspended:
            raise NotSuspended
        with transaction.atomic():
            deed = Deed.objects.record(Deed.Action.PARDON, by=by, person=self, reason=reason)
            self._suspend_until(None)
            self._hear_of(deed)
        return deed

    def lose_picture(self, *, by: "User", reason: str) -> Deed:
        """Take the uploaded picture away; nobody can upload the same one again.

        Raises:
            NoPicture: there is none.
        """
        me = cast("User", self)
        picture = me.profile.picture
        if not picture:
            raise NoPicture
        with transaction.atomic():
            digest = Path(str(picture.name)).name[:HASH]
            deed = Deed.objects.record(Deed.Action.PICTURE, by=by, person=me, reason=reason, detail=digest)
            me.profile.show_picture(None)
            Notification.tell_of_deed(recipient=me, deed=deed)
        return deed

    def _hear_of(self, deed: Deed) -> None:
        """By their inbox and by mail: who may not write may not look in either."""
        me = cast("User", self)
        Notification.tell_of_deed(recipient=me, deed=deed)
        transaction.on_commit(partial(mail_deed, deed, to=me), robust=True)

    def _suspend_until(self, until: datetime | None) -> None:
        self.__dict__.pop("suspension", None)
        self.suspended_until = until
        self.save(update_fields=["suspended_until"])
        cast("User", self).end_streams()
