"""Whom a person has on their list, and whom they keep away."""

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Friendship(models.Model):
    """`owner` has `friend` on their list: one way. When both have, they are mutual friends (서로 친구)."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="friendships")
    friend = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="befriended_by")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("friendship")
        verbose_name_plural = _("friendships")
        constraints = (
            models.UniqueConstraint(fields=["owner", "friend"], name="friendship_unique"),
            models.CheckConstraint(condition=~Q(owner=F("friend")), name="friendship_not_with_oneself"),
        )

    def __str__(self) -> str:
        return f"{self.owner} → {self.friend}"


class BlockQuerySet(models.QuerySet["Block"]):
    def blockers_of(self, person_id: int) -> frozenset[int]:
        """The ids of those who have blocked somebody. Written out, since everything that anybody says or does in a room
        asks for it: the ORM would take far longer to write this statement than the database to answer it."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT blocker_id FROM {table} WHERE blocked_id = %s", [person_id])  # noqa: S608
            return frozenset(blocker for (blocker,) in cursor.fetchall())


class Block(models.Model):
    """`blocker` keeps `blocked` away: to them the blocker does not exist."""

    blocker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        constraints = (
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_unique"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_not_of_oneself"),
        )

    def __str__(self) -> str:
        return f"{self.blocker} ✕ {self.blocked}"
