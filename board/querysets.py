"""Questions about posts."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from cobra.rates import Rate
from rooms.models import Line
from rooms.querysets import Reader, room_visible_q

if TYPE_CHECKING:
    from accounts.models import User
    from board.models import Citation, Digest, Post, Tick  # noqa: F401  named in the bases below


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

    def checked(self, **wanted: Any) -> "PostQuerySet":
        """As `filter`, but post by post along the index that the list is sorted by: for what many posts are.

        Else all that are so might be fetched and sorted for a page of twenty.
        """
        return self.filter(Exists(self.model._default_manager.filter(pk=OuterRef("pk"), **wanted)))

    def newest_first(self) -> "PostQuerySet":
        return self.sorted_by("created_at")

    def unanswered(self) -> "PostQuerySet":
        """Nobody but the author has said anything, and no verdict ended the wait."""
        return self.filter(room__position__has_answer=False, room__verdict="")

    def sorted_by(self, time: str) -> "PostQuerySet":
        """Newest first by `created_at` or another time; the id parts what has the same one.

        The id as it stands beside that time: in another table the database would not know it for the same, and sort
        all there is instead of walking along that table's index.
        """
        table, _, _column = time.rpartition("__")
        if not table:
            return self.order_by(f"-{time}", "-pk")
        # Every room has that row; said, so that the walk may begin there.
        return self.filter(**{f"{table}__isnull": False}).order_by(f"-{time}", f"-{table}__room")

    def after(self, time: str, at: datetime, pk: int) -> "PostQuerySet":
        """What follows this place in a list sorted by `time`: a keyset, so nothing repeats or is missed."""
        return self.filter(
            Q(**{f"{time}__lt": at}) | Q(**{time: at, "pk__lt": pk}),
            **{f"{time}__lte": at},  # says the same again where the index can use it
        )

    def wait_of(self, author: "User") -> int:
        """Whole seconds until this author may publish another post, by `POST_RATE`; 0 for now."""
        rate: Rate | None = settings.POST_RATE
        times = self.filter(author=author, created_at__lte=timezone.now()).order_by("-created_at")
        return rate.wait(times.values_list("created_at", flat=True)) if rate else 0


class DigestQuerySet(models.QuerySet["Digest"]):
    def visible_to(self, user: Reader) -> "DigestQuerySet":
        """What is published, for who may read the post; all else for who proposed it, the post's author and staff."""
        seen = self.filter(room_visible_q(user, "post__room__"))
        if not user.is_authenticated:
            return seen.published()
        if getattr(user, "is_staff", False):
            return seen
        return seen.filter(Q(state="published") | Q(proposed_by=user.pk) | Q(post__room__owner=user.pk))

    def published(self) -> "DigestQuerySet":
        return self.filter(state="published")

    def with_quotes(self) -> "DigestQuerySet":
        """With who made them and the lines they cite, in two queries."""
        cited = models.Prefetch(
            "citations", queryset=apps.get_model("board", "Citation").objects.select_related("line__author__profile")
        )
        people = ("proposed_by", "decided_by", "post__room")
        return self.select_related(*people).prefetch_related(cited).order_by("pk")


class CitationQuerySet(models.QuerySet["Citation"]):
    def there(self) -> "CitationQuerySet":
        """Of lines that still say something."""
        return self.filter(line__deleted_at=None, line__hidden_at=None)

    def crediting(self, person: "User") -> "CitationQuerySet":
        """Somebody's lines in published sections. Not what they kept and published themselves without anybody else."""
        alone = Q(digest__proposed_by=person, digest__decided_by=person)
        return self.there().filter(line__author=person, digest__state="published").exclude(alone)


class TickQuerySet(models.QuerySet["Tick"]):
    def of(self, person: Reader, post_id: int) -> "TickQuerySet":
        """What somebody has ticked in this post's room and is still there, in the room's order."""
        ticks = self.filter(person=person.pk, line__room=post_id, line__deleted_at=None, line__hidden_at=None)
        return ticks.order_by("line__seq")
