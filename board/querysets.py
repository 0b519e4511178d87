"""Questions about posts."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from cobra.rates import Rate
from rooms.models import Line
from rooms.querysets import Reader, room_visible_q

if TYPE_CHECKING:
    from accounts.models import User
    from board.models import Post


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: Reader) -> "PostQuerySet":
        return self.filter(room_visible_q(user, "room__"))

    def for_list(self) -> "PostQuerySet":
        """With what a card shows, in a fixed number of queries; without the bodies."""
        last_line = Line.objects.filter(
            room=OuterRef("pk"), kind=Line.Kind.SAID, deleted_at=None, hidden_at=None
        ).order_by("-seq")
        return (
            self.select_related("author__profile", "category", "room")
            .prefetch_related("tags")  # type: ignore[misc]  # a manager the stubs do not know
            .defer("body", "body_html", "author__profile__about", "author__profile__about_html")
            .annotate(last_line_id=Subquery(last_line.values("pk")[:1]))
        )

    def newest_first(self) -> "PostQuerySet":
        return self.order_by("-created_at", "-pk")

    def before(self, post: "Post") -> "PostQuerySet":
        """The posts that follow this one in a list of the newest first: a keyset, so nothing repeats or is missed."""
        return self.filter(
            Q(created_at__lt=post.created_at) | Q(created_at=post.created_at, pk__lt=post.pk),
            created_at__lte=post.created_at,  # says the same again where the index can use it
        )

    def wait_of(self, author: "User") -> int:
        """Whole seconds until this author may publish another post, by `POST_RATE`; 0 for now."""
        rate: Rate | None = settings.POST_RATE
        times = self.filter(author=author).order_by("-created_at").values_list("created_at", flat=True)
        return rate.wait(times) if rate else 0
