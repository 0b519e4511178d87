"""A place to talk, and the verbs that change it."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification, User
from cobra.db import write
from cobra.errors import Refusal
from cobra.markdown import RENDERER, render_line
from rooms import doorbell
from rooms.doorbell import Change
from rooms.errors import ClientIdUsed, KeptOut, RoomLocked, Suspended, TooFast
from rooms.models.line import Line
from rooms.models.membership import Level, Membership, ReadMark
from rooms.models.version import RoomVersion
from rooms.querysets import RoomQuerySet
from rooms.standing import Standing

# Lines of one author closer together than this read as one block (Campfire's figure).
BLOCK = timedelta(minutes=5)


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
        """A new room and its version, in the caller's transaction. Its owner takes part in it."""
        room = cls.objects.create(owner=owner, members_only=members_only, created_at=created_at or timezone.now())
        RoomVersion.objects.create(room=room, opened_at=room.created_at, alive_at=room.created_at)
        Membership.objects.take_in(room.pk, [owner.pk], read_up_to=0)
        return room

    def get_absolute_url(self) -> str:
        return reverse("board:post_detail", args=[self.pk])

    def can_be_edited_by(self, user: User) -> bool:
        return user.can_write() and (user.is_staff or user.pk == self.owner_id)

    def can_be_written_in_by(self, user: User) -> bool:
        """As far as one can tell without the room's lock, under which `say` decides."""
        is_kept_out = self.owner_id in user.kept_out_by and not user.is_staff
        return user.can_write() and not is_kept_out and not (self.locked_at or self.hidden_at or self.deleted_at)

    def say(
        self, *, author: User, text: str, client_id: uuid.UUID | None = None, reply_to: "Line | None" = None
    ) -> "Line":
        """Put a line into the log and, once it is committed, ring for everybody in the room. Who speaks takes part.

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
                Membership.objects.take_in(self.pk, [author.pk], read_up_to=position.version)
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

    # --- Taking part, and reading ---

    def take_part(self, *, by: User, level: Level | None = None) -> None:
        """It stands among their rooms from now on, and tells them as much as `level` says."""
        position = RoomVersion.objects.position(self.pk)
        with write():
            is_new = Membership.objects.take_in(self.pk, [by.pk], read_up_to=position.version if position else 0)
            if level:
                Membership.objects.filter(room=self, person=by).update(level=level)
        by.ring_on_commit()
        if is_new:
            self._note(Line.Kind.JOINED, by=by)

    def leave(self, *, by: User) -> None:
        """Take part no more; how far they have read stays known. Nothing where they do not."""
        with write():
            gone, _by_model = Membership.objects.filter(room=self, person=by).delete()
        by.ring_on_commit()
        if gone:
            self._note(Line.Kind.LEFT, by=by)

    def read(self, *, by: User, up_to: int, lines: Iterable[int] = ()) -> bool:
        """Somebody has the page before them and has read every line up to this `seq`, and these `lines` (ids).

        What the inbox tells of them is read too. Is that further than before?
        """
        position = RoomVersion.objects.position(self.pk)
        seq = min(up_to, position.version if position else 0)
        with write():
            has_moved = ReadMark.objects.advance(self.pk, by.pk, seq=seq, seen_at=timezone.now())
            has_read = Q(line__in=lines) | Q(line__seq__lte=seq) & ~Q(kind=Notification.Kind.CITED)
            has_read_told = by.notifications.filter(has_read, line__room=self.pk).read()
        if has_moved or has_read_told:
            by.ring_on_commit()
        return has_moved

    def _note(self, kind: Line.Kind, *, by: User) -> None:
        """Tell the room who has come or gone; not of those who read unseen, nor to and fro, nor where all is still."""
        if by.is_unseen or self.locked_at or not by.can_write() or Line.objects.wait_of(by):
            return
        last = Line.objects.last_of(self.pk)
        if not (last and last.kind in Line.COMING_AND_GOING and last.author_id == by.pk):
            self._change(kind, by=by)

    # --- Who may read ---

    def admit(self, *, by: User, members_only: bool) -> None:
        """Let everybody read, or members only. A row of the log, because listeners must be asked again who they are."""
        kind = Line.Kind.MEMBERS_ONLY if members_only else Line.Kind.OPEN_TO_ALL
        self._change(kind, by=by, members_only=members_only)

    def delete_softly(self, *, by: User) -> None:
        """Nobody sees the room any more; its rows stay."""
        self._change(Line.Kind.DELETED, by=by, deleted_at=timezone.now())

    def restore(self, *, by: User) -> None:
        """Everybody who saw the room before it was deleted sees it again."""
        self._change(Line.Kind.RESTORED, by=by, deleted_at=None)

    def _change(self, kind: Line.Kind, *, by: User, **wanted: Any) -> None:
        """Change these columns, if any, and put a notice into the log; nothing where they are so already."""
        with write():
            version = RoomVersion.objects.advance(self.pk).version
            if wanted:
                self.refresh_from_db(fields=list(wanted))
                if all(getattr(self, name) == value for name, value in wanted.items()):
                    transaction.set_rollback(True)
                    return
                for name, value in wanted.items():
                    setattr(self, name, value)
                self.save(update_fields=list(wanted))
            Line.objects.create(room=self, seq=version, version=version, author=by, kind=kind)
            doorbell.ring_on_commit(self.pk, version)
