"""Rooms and what is said in them. A room knows no posts."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cobra.db import write
from cobra.errors import Refusal
from cobra.markdown import LINE_LIMIT, RENDERER, excerpt, render_line
from rooms import doorbell
from rooms.doorbell import Change
from rooms.errors import ClientIdUsed, KeptOut, RoomLocked, Suspended, TooFast
from rooms.querysets import LineQuerySet, RoomQuerySet, RoomVersionQuerySet
from rooms.standing import Standing

# Lines of one author closer together than this read as one block (Campfire's figure).
BLOCK = timedelta(minutes=5)
LONGEST_FRAGMENT = 16 * 1024  # bytes


def new_epoch() -> str:
    return secrets.token_hex(4)


class Room(models.Model):
    """A place to talk. Its flags decide who may read; its version stands in a table of its own."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("owner"))
    members_only = models.BooleanField(_("members only"), default=False)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def open(cls, *, owner: User, members_only: bool = False, created_at: datetime | None = None) -> "Room":
        """A new room and its version, in the caller's transaction."""
        room = cls.objects.create(owner=owner, members_only=members_only, created_at=created_at or timezone.now())
        RoomVersion.objects.create(room=room, opened_at=room.created_at, alive_at=room.created_at)
        return room

    def get_absolute_url(self) -> str:
        return reverse("board:post_detail", args=[self.pk])

    def can_be_edited_by(self, user: User) -> bool:
        return user.can_write() and (user.is_staff or user.pk == self.owner_id)

    def say(
        self, *, author: User, text: str, client_id: uuid.UUID | None = None, reply_to: "Line | None" = None
    ) -> "Line":
        """Put a line into the log and, once it is committed, ring for everybody in the room.

        `client_id` is the page's own name for the line: the same one again gives the line it made the first time and
        changes nothing, so a send may be tried again whenever its answer was lost. The room needs no more than its id:
        it is read under the lock, as the author may see it.

        Raises:
            ObjectDoesNotExist: there is no such room for this author.
            Refusal: the room is locked, the author suspended or too fast, or the client id was used elsewhere.
        """
        html = render_line(text)  # before the lock: nobody waits for somebody's highlighting
        try:
            with write():
                now = timezone.now()
                position = RoomVersion.objects.advance(self.pk, said_at=now, said_by=author.pk)
                self.refresh_from_db(from_queryset=Room.objects.visible_to(author))
                refusal = self._refusal_of(author)
                line = Line.objects.create(
                    room=self,
                    seq=position.version,
                    version=position.version,
                    author=author,
                    client_id=client_id,
                    text=text,
                    html=html,
                    renderer=RENDERER,
                    reply_to=reply_to,
                    continues=self._continues(author),
                    created_at=now,
                )
                if refusal:  # only now: the repetition of a line that was taken is none
                    raise refusal
                # What a reply answers would have to be read for its fragment.
                change = None if reply_to else Change(line, Standing.of(self, position))
                doorbell.ring_on_commit(self.pk, position.version, change)
        except IntegrityError as error:
            if "client_id" not in str(error):
                raise
            said = Line.objects.for_log().get(author=author, client_id=client_id)
            if said.room_id != self.pk:
                raise ClientIdUsed from error
            return said
        return line

    def _refusal_of(self, author: User) -> Refusal | None:
        """Asked under the room's lock, so that what is true here is true of the line that follows."""
        if not author.can_write():
            return Suspended()
        if self.owner_id in author.kept_out_by and not author.is_staff:
            return KeptOut()
        if self.locked_at or self.hidden_at or self.deleted_at:
            return RoomLocked()
        wait = Line.objects.wait_of(author)
        return TooFast(wait) if wait else None

    def _continues(self, author: User) -> bool:
        last = Line.objects.last_of(self.pk)
        return bool(
            last
            and last.kind == Line.Kind.SAID
            and last.author_id == author.pk
            and not last.deleted_at
            and abs(timezone.now() - last.created_at) < BLOCK
        )

    def admit(self, *, by: User, members_only: bool) -> None:
        """Let everybody read, or members only. A row of the log, because listeners must be asked again who they are."""
        with write():
            version = RoomVersion.objects.advance(self.pk).version
            self.refresh_from_db(fields=["members_only"])
            if self.members_only == members_only:
                transaction.set_rollback(True)
                return
            self.members_only = members_only
            self.save(update_fields=["members_only"])
            kind = Line.Kind.MEMBERS_ONLY if members_only else Line.Kind.OPEN_TO_ALL
            Line.objects.create(room=self, seq=version, version=version, author=by, kind=kind)
            doorbell.ring_on_commit(self.pk, version)

    def delete_softly(self, *, by: User) -> None:
        """Nobody sees the room any more; its rows stay."""
        with write():
            version = RoomVersion.objects.advance(self.pk).version
            self.deleted_at = timezone.now()
            self.save(update_fields=["deleted_at"])
            Line.objects.create(room=self, seq=version, version=version, author=by, kind=Line.Kind.DELETED)
            doorbell.ring_on_commit(self.pk, version)

    def restore(self, *, by: User) -> None:
        """Everybody who saw the room before it was deleted sees it again."""
        with write():
            version = RoomVersion.objects.advance(self.pk).version
            self.deleted_at = None
            self.save(update_fields=["deleted_at"])
            Line.objects.create(room=self, seq=version, version=version, author=by, kind=Line.Kind.RESTORED)
            doorbell.ring_on_commit(self.pk, version)


class RoomVersion(models.Model):
    """How often a room's log has changed, which log it is, and what lists sort rooms by.

    Touched by `advance()` alone.
    """

    room = models.OneToOneField(Room, on_delete=models.CASCADE, primary_key=True, related_name="position")
    version = models.PositiveBigIntegerField(default=0)
    epoch = models.CharField(max_length=16, default=new_epoch)
    opened_at = models.DateTimeField(default=timezone.now)
    # When something was last said here, or the room was opened.
    alive_at = models.DateTimeField(default=timezone.now)
    # Has anybody but the owner said something?
    has_answer = models.BooleanField(default=False)

    objects = RoomVersionQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["-alive_at", "-room"], name="room_liveliest"),
            models.Index(fields=["-opened_at", "-room"], condition=Q(has_answer=False), name="room_unanswered"),
        )

    def __str__(self) -> str:
        return f"{self.epoch}-{self.version}"


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

    # After one of these the listeners of the room are asked again whether they may read it.
    AUDIENCE_KINDS: ClassVar = (Kind.MEMBERS_ONLY, Kind.OPEN_TO_ALL, Kind.DELETED, Kind.RESTORED)

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="lines", verbose_name=_("room"))
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
