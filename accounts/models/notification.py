"""What the inbox tells a person."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import doorbell

if TYPE_CHECKING:
    from accounts.models.deed import Deed
    from accounts.models.user import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)

    def for_inbox(self) -> "NotificationQuerySet":
        """Newest first, of people who still exist for the recipient."""
        return self.filter(actor__is_active=True).select_related("actor", "actor__profile").order_by("-pk")

    def read(self) -> int:
        """Mark these as read. How many were not."""
        return self.unread().update(read_at=timezone.now())


class Notification(models.Model):
    """Somebody did something that concerns `recipient`."""

    class Kind(models.TextChoices):
        FRIEND = "friend", _("added me as a friend")
        DEED = "deed", _("staff decided something")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # What the staff did: to the recipient, or about what they reported.
    deed = models.ForeignKey("accounts.Deed", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = (
            # Adding, removing and adding again tells it once.
            models.UniqueConstraint(
                fields=["recipient", "actor"], condition=Q(kind="friend"), name="notification_friend_unique"
            ),
        )
        indexes = (
            models.Index(fields=["recipient", "-id"], name="notification_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notification_unread"),
        )

    def __str__(self) -> str:
        return f"{self.actor} {self.get_kind_display()}"

    @classmethod
    def tell_of_friend(cls, *, recipient: "User", actor: "User") -> None:
        """`actor` has put `recipient` on their list. Told once, however often that is undone and done again."""
        _told, is_new = cls.objects.get_or_create(recipient=recipient, actor=actor, kind=cls.Kind.FRIEND)
        if is_new:
            transaction.on_commit(lambda: doorbell.ring(recipient.pk), robust=True)

    @classmethod
    def tell_of_deed(cls, *, recipient: "User", deed: "Deed") -> None:
        """What the staff did to `recipient`, or about what they reported."""
        cls.objects.create(recipient=recipient, actor=deed.by, kind=cls.Kind.DEED, deed=deed)
        transaction.on_commit(lambda: doorbell.ring(recipient.pk), robust=True)
