"""The moderation log: what staff did to what others said, to rooms and to people, and why."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.user import User

LONGEST_REASON = 1_000  # characters


class DeedQuerySet(models.QuerySet["Deed"]):
    def for_log(self) -> "DeedQuerySet":
        """Newest first, with the people whom a row of the log names."""
        return self.select_related("by", "by__profile", "person").order_by("-pk")

    def before(self, pk: int) -> "DeedQuerySet":
        return self.filter(pk__lt=pk)

    def about(self, **what: Any) -> "DeedQuerySet":
        """What was done to a `person`, in a room (`room_id`), or to a line (`line_id`)."""
        return self.for_log().filter(**what)

    def took_picture(self, digest: str) -> bool:
        """Was the picture of this hash taken away from somebody?"""
        return self.filter(action=Deed.Action.PICTURE, detail=digest).exists()

    def record(self, action: str, *, by: "User", reason: str = "", **what: Any) -> "Deed":
        """One more row, in the transaction of what it tells of. `what`: the other columns."""
        return self.create(action=action, by=by, reason=reason, **what)


class Deed(models.Model):
    """Somebody of the staff did something to others or to what they wrote.

    Append-only: the database itself refuses to change or delete a row. Rooms and lines are named by number, since
    people come before rooms here.
    """

    class Action(models.TextChoices):
        HIDE = "hide", _("hid")
        SHOW = "show", _("showed again")
        LOCK = "lock", _("locked")
        UNLOCK = "unlock", _("unlocked")
        DELETE = "delete", _("deleted")
        RESTORE = "restore", _("brought back")
        APPROVE = "approve", _("approved")
        WARN = "warn", _("warned")
        SUSPEND = "suspend", _("suspended")
        PARDON = "pardon", _("ended a suspension")
        PICTURE = "picture", _("took a picture away")
        DISMISS = "dismiss", _("left as it was")
        ROOM = "room", _("changed a room")
        SITE = "site", _("changed the site")
        ADMIN = "admin", _("changed in the admin")

    # What takes each of these back.
    UNDONE_BY: ClassVar = {
        Action.HIDE: Action.SHOW,
        Action.SHOW: Action.HIDE,
        Action.LOCK: Action.UNLOCK,
        Action.UNLOCK: Action.LOCK,
        Action.SUSPEND: Action.PARDON,
    }
    # Told in public without whom they concern: it would be a pillory.
    ABOUT_PEOPLE: ClassVar = (Action.WARN, Action.SUSPEND, Action.PARDON, Action.PICTURE)

    # What whom it concerns reads of it.
    TOLD: ClassVar = {
        Action.HIDE: _("The staff have hidden what you wrote"),
        Action.SHOW: _("What you wrote can be read again"),
        Action.APPROVE: _("What you wrote can be read by everybody now"),
        Action.LOCK: _("The staff have locked your room"),
        Action.UNLOCK: _("The staff have unlocked your room"),
        Action.WARN: _("The staff ask you:"),
        Action.SUSPEND: _("You cannot write for now"),
        Action.PARDON: _("You can write again"),
        Action.PICTURE: _("The staff have taken your picture away"),
    }

    action = models.CharField(max_length=16, choices=Action.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deeds")
    # Whom it concerns: the author of what was hidden, or who was warned or suspended.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deeds_about", null=True, blank=True
    )
    room_id = models.PositiveBigIntegerField(null=True, blank=True)
    line_id = models.PositiveBigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    # For the staff's eyes: which fields of what were changed in the admin.
    detail = models.CharField(max_length=LONGEST_REASON, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the moderation log")
        verbose_name_plural = _("moderation log")
        permissions = (
            ("moderate", "May hide and restore what is written, lock rooms, decide on reports"),
            ("administer", "May warn and suspend people, change categories and the site's own texts"),
        )
        indexes = (
            models.Index(fields=["person", "-id"], name="deed_by_person"),
            models.Index(fields=["line_id", "-id"], name="deed_by_line"),
            models.Index(fields=["room_id", "-id"], name="deed_by_room"),
            models.Index(fields=["detail"], condition=Q(action="picture"), name="deed_by_picture"),
        )

    def __str__(self) -> str:
        return f"{self.by} {self.get_action_display()}"

    @property
    def is_about_people(self) -> bool:
        return self.action in self.ABOUT_PEOPLE

    @property
    def can_be_undone(self) -> bool:
        return self.action in self.UNDONE_BY

    @property
    def told(self) -> str:
        """What whom it concerns reads of it."""
        return str(self.TOLD.get(self.Action(self.action), self.get_action_display()))

    @property
    def appeal_address(self) -> str:
        """Where whom it concerns objects: a mail that says what it is about."""
        subject = gettext("Objection to decision %(number)s") % {"number": self.pk}
        return f"mailto:{settings.CONTACT_MAIL}?{urlencode({'subject': subject}, quote_via=quote)}"

    @property
    def is_for_ever(self) -> bool:
        return self.until is not None and self.until >= FOR_EVER


# A suspension without an end ends here.
FOR_EVER = datetime(9000, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
