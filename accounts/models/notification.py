"""What the inbox tells a person."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import doorbell
from accounts.models.friendship import Block

if TYPE_CHECKING:
    from accounts.models.deed import Deed
    from accounts.models.user import User

# Whether the line that a notification is about may still be read by its recipient. The rooms say it, since people know
# no rooms.
_line_stands: Callable[[], Q] = Q


def lines_stand_while(rule: Callable[[], Q]) -> None:
    """Called once at start by whoever knows lines. `rule`: a condition on `Notification`."""
    global _line_stands  # noqa: PLW0603  one rule a process
    _line_stands = rule


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at__isnull=True)

    def for_inbox(self) -> "NotificationQuerySet":
        """Newest first, of people who still exist for the recipient and of lines that they may still read."""
        still = self.filter(Q(line=None) | _line_stands(), actor__is_active=True)
        return still.select_related("actor", "actor__profile", "deed", "line__room").order_by("-pk")

    def read(self) -> int:
        """Mark these as read. How many were not."""
        return self.unread().update(read_at=timezone.now())


class Notification(models.Model):
    """Somebody did something that concerns `recipient`."""

    class Kind(models.TextChoices):
        FRIEND = "friend", _("added me as a friend")
        MENTION = "mention", _("called me")
        REPLY = "reply", _("answered me")
        CITED = "cited", _("kept what I said")
        DIGEST = "digest", _("published kept thoughts")
        VERDICT = "verdict", _("closed a room of mine")
        DEED = "deed", _("staff decided something")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # Where it leads to; none for a friend.
    line = models.ForeignKey("rooms.Line", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
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
            # A line that is edited to and fro tells it once.
            models.UniqueConstraint(fields=["recipient", "line", "kind"], name="notification_line_unique"),
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
            doorbell.ring_on_commit(recipient.pk)

    @classmethod
    def tell_of_line(cls, kind: Kind, *, line_id: int, actor: "User", recipients: Iterable[int]) -> None:
        """`actor` has done something in a room that concerns these people (ids); it leads them to the line.

        Each is told once. Never the actor, nor anybody between whom and the actor there is a block.
        """
        wanted = set(recipients) - {actor.pk}
        if not wanted:
            return
        blocks = Block.objects.filter(Q(blocker=actor) | Q(blocked=actor)).values_list("blocker", "blocked")
        told = [cls(recipient_id=pk, actor=actor, kind=kind, line_id=line_id) for pk in wanted.difference(*blocks)]
        if told:
            cls.objects.bulk_create(told, ignore_conflicts=True)
            doorbell.ring_on_commit(*(each.recipient_id for each in told))

    @classmethod
    def tell_of_deed(cls, *, recipient: "User", deed: "Deed") -> None:
        """What the staff did to `recipient`, or about what they reported. Not what they did themselves."""
        if recipient.pk == deed.by_id:
            return
        cls.objects.create(recipient=recipient, actor=deed.by, kind=cls.Kind.DEED, deed=deed)
        doorbell.ring_on_commit(recipient.pk)
