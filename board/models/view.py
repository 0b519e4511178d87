"""How often a post is looked at."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

# After this nobody needs to know any more who has looked.
KEPT = timedelta(days=2)


class ViewQuerySet(models.QuerySet["View"]):
    def outlived(self) -> "ViewQuerySet":
        return self.filter(day__lt=timezone.localdate() - KEPT)


class View(models.Model):
    """Somebody looked at `post` on that day.

    `viewer` is a hash made with the day's own key: it tells apart whoever came, says nobody's name or address, and
    leads from no day to another. Kept for `KEPT` only; what stays is `Post.view_count`.
    """

    post = models.ForeignKey("board.Post", on_delete=models.CASCADE, related_name="views")
    day = models.DateField()
    viewer = models.CharField(max_length=32)

    objects = ViewQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["post", "day", "viewer"], name="view_once_a_day"),)
        indexes = (models.Index(fields=["day"], name="view_by_day"),)

    def __str__(self) -> str:
        return f"{self.post_id} {self.day}"


def viewer_of(who: object) -> str:
    """Today's name of somebody: a member's id, or what a visitor's browser and address are."""
    return salted_hmac(f"board.view {timezone.localdate()}", str(who), algorithm="sha256").hexdigest()[:32]
