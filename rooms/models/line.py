"""What is said in a room, and what changed in it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cobra.markdown import LINE_LIMIT, excerpt
from rooms.querysets import LineQuerySet

LONGEST_FRAGMENT = 16 * 1024  # bytes


class Line(models.Model):
    """A row of a room's log: what somebody said, or a notice of what changed in the room.

    `seq` is the room's version when it was first said and decides order; `version` the one of its last change and
    decides which copy is newer. Rows are never deleted.
    """

    class Kind(models.TextChoices):
        SAID = "said", _("said")
        MEMBERS_ONLY = "members_only", _("for members only now")
        OPEN_TO_ALL = "open_to_all", _("open to all now")
        DELETED = "deleted", _("room deleted")
        RESTORED = "restored", _("room brought back")
        JOINED = "joined", _("takes part now")
        LEFT = "left", _("takes part no more")

    # Told quietly, and not twice in a row of the same person.
    COMING_AND_GOING: ClassVar = (Kind.JOINED, Kind.LEFT)
    # After one of these the listeners of the room are asked again whether they may read it.
    AUDIENCE_KINDS: ClassVar = (Kind.MEMBERS_ONLY, Kind.OPEN_TO_ALL, Kind.DELETED, Kind.RESTORED)

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="lines", verbose_name=_("room"))
    seq = models.PositiveBigIntegerField()
    version = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.SAID)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="lines", verbose_name=_("author"))
    client_id = models.UUIDField(null=True, blank=True, editable=False)
    text = models.TextField(_("text"), max_length=LINE_LIMIT, blank=True)
    html = models.TextField(blank=True, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replies")
    continues = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_at = models.DateTimeField(null=True, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        constraints = (
            models.UniqueConstraint(fields=["room", "seq"], name="line_seq_unique"),
            models.UniqueConstraint(fields=["room", "version"], name="line_version_unique"),
            models.UniqueConstraint(
                fields=["author", "client_id"],
                condition=Q(client_id__isnull=False),
                name="line_client_id_unique",
            ),
        )
        indexes = (models.Index(fields=["author", "-created_at"], name="line_by_author"),)

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:40]}"

    def get_absolute_url(self) -> str:
        """Where a line stands that was just said: among the newest on its room's page."""
        return f"{self.room.get_absolute_url()}#line-{self.pk}"

    def get_permalink(self) -> str:
        """Where it stands for ever: on its room's page, opened around it."""
        return f"{self.room.get_absolute_url()}?at={self.pk}#line-{self.pk}"

    @cached_property
    def fragments(self) -> dict[tuple[int, str], str]:
        """What `rooms.log` has rendered of this object, by version and language."""
        return {}

    @property
    def is_gone(self) -> bool:
        return bool(self.deleted_at or self.hidden_at)

    @property
    def glimpse(self) -> str:
        """The beginning as plain text: for a quote, a card, a title. Nothing of a line that is gone."""
        return "" if self.is_gone else excerpt(self.text, 120)

    @property
    def is_long(self) -> bool:
        """Too much to push to everybody: its fragment shows the beginning and leads to the rest."""
        return len(self.html.encode()) > LONGEST_FRAGMENT

    @property
    def html_safe(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308  made by cobra.markdown
