"""A place to talk, and the verbs that change it."""

import math
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import watch
from accounts.errors import Suspended
from accounts.models import User
from cobra.db import write
from cobra.errors import Refusal
from cobra.markdown import RENDERER
from cobra.metrics import LINES
from rooms import doorbell, gates, words
from rooms.doorbell import Change
from rooms.errors import (
    ClientIdUsed,
    KeptOut,
    NothingToAnswer,
    RoomClosed,
    RoomLocked,
    SaidAlready,
    TooFast,
    TooSoon,
)
from rooms.models.attended import Attended
from rooms.models.concluded import Concluded
from rooms.models.line import Line
from rooms.models.membership import Membership
from rooms.models.mention import Mention
from rooms.models.moderated import Moderated
from rooms.models.verdict import Verdict
from rooms.models.version import RoomVersion
from rooms.querysets import Footing, Position, RoomQuerySet
from rooms.standing import Reader, Standing
from rooms.telling import tell_called
from rooms.wording import Wording

# Lines of one author closer together than this read as one block (Campfire's figure).
BLOCK = timedelta(minutes=5)
VERDICT_LIMIT = 200  # characters


class Room(Attended, Concluded, Moderated):
    """A place to talk. Its flags decide who may read; its version stands in a table of its own."""

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="rooms", verbose_name=_("owner"))
    members_only = models.BooleanField(_("members only"), default=False)
    locked_at = models.DateTimeField(_("locked"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    # Hidden by the site itself, until somebody of the staff has looked at it.
    is_held = models.BooleanField(default=False, editable=False)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    # How the room has ended; empty while it is open. The sentence that goes with it.
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict.choices, blank=True)
    verdict_text = models.CharField(max_length=VERDICT_LIMIT, blank=True)
    # Seconds between two lines of one person; 0: no slow mode.
    slow_seconds = models.PositiveSmallIntegerField(_("slow mode"), default=0)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    footing: Footing  # of whoever holds the lock, while they do

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @classmethod
    def open(
        cls, *, owner: User, members_only: bool = False, created_at: datetime | None = None, is_held: bool = False
    ) -> "Room":
        """A new room and its version, in the caller's transaction. Its owner takes part in it.

        One that `is_held` only they and the staff see, until somebody of the staff has looked.
        """
        room = cls(owner=owner, members_only=members_only, created_at=created_at or timezone.now(), is_held=is_held)
        room.hidden_at = timezone.now() if is_held else None
        room.save(force_insert=True)
        RoomVersion.objects.create(room=room, opened_at=room.created_at, alive_at=room.created_at)
        Membership.objects.take_in(room.pk, [owner.pk], read_up_to=0)
        doorbell.announce_on_commit(room.pk)
        return room

    def get_absolute_url(self) -> str:
        return reverse("board:post_detail", args=[self.pk])

    def can_be_edited_by(self, user: User) -> bool:
        return user.can_write() and (user.is_staff or user.pk == self.owner_id)

    def is_open_to(self, person: User, *, though_closed: bool = False) -> bool:
        """May they say and change things here, as far as the page can know? Asked again under the room's lock.

        `though_closed`: a verdict is not against it.
        """
        is_kept_out = self.owner_id in person.kept_out_by and not person.is_staff
        is_shut = self.locked_at or self.hidden_at or self.deleted_at or (self.verdict and not though_closed)
        return person.can_write() and not is_kept_out and not is_shut

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
        wording = Wording.of(text, by=author)  # before the lock: nobody waits for somebody's highlighting
        try:
            return self._say(wording, author=author, client_id=client_id, reply_to=reply_to)
        except TooFast:
            if gates.floods(author):
                watch.notice(watch.FLOOD, about=author)
            raise
        except IntegrityError as error:
            if "client_id" not in str(error):
                raise
            said = Line.objects.for_log().get(author=author, client_id=client_id)
            if said.room_id != self.pk:
                raise ClientIdUsed from error
            return said

    def _say(self, wording: Wording, *, author: User, **answering: Any) -> "Line":
        """
        Raises:
            ObjectDoesNotExist, Refusal: as `say`.
            IntegrityError: this client id has made a line already.
        """
        now = timezone.now()
        with self.held(by=author, said_at=now) as position:
            refusal = self._refusal_to_speak(author, wording.text)
            line = self._put(wording, position, at=now, author=author, **answering)
            if refusal:  # only now: the repetition of a line that was taken is none
                raise refusal
            if not self.footing.is_member:
                Membership.objects.take_in(self.pk, [author.pk], read_up_to=position.version)
            Mention.objects.rewrite(line, wording.called)
            # Of a line that is held nothing is seen before somebody lets it go.
            tell_called(line, mentioned=[person.pk for person in wording.called])
            if line.is_held:
                watch.notice(watch.HELD, about=line)
            else:
                words.said([line])
            transaction.on_commit(LINES.inc, robust=True)
            doorbell.ring_on_commit(self.pk, position.version, Change(line, Standing.of(self, position)))
        return line

    def _put(
        self,
        wording: Wording,
        position: Position,
        *,
        at: datetime,
        author: User,
        client_id: uuid.UUID | None,
        reply_to: "Line | None",
    ) -> "Line":
        """The row of the log, under the room's lock."""
        is_held = gates.is_held(author, wording.html)
        return Line.objects.create(
            room=self,
            seq=position.version,
            version=position.version,
            author=author,
            client_id=client_id,
            text=wording.text,
            html=wording.html,
            renderer=RENDERER,
            reply_to=reply_to and self._answered(reply_to),
            continues=self.footing.spoke_last,
            created_at=at,
            hidden_at=at if is_held else None,
            is_held=is_held,
        )

    @contextmanager
    def held(self, *, by: User, said_at: datetime | None = None) -> Iterator[Position]:
        """Take the log's next version, and with it the room's lock, with the room as `by` may see it under it, and
        their `footing` there.

        Raises:
            ObjectDoesNotExist: there is no such room for them.
        """
        with write():
            position = RoomVersion.objects.advance(self.pk, said_at=said_at, said_by=by.pk)
            now, self.footing = Room.objects.under_lock(self.pk, by, at=said_at or timezone.now(), block=BLOCK)
            kept_out_by = [now.owner_id] if self.footing.is_kept_out else []
            reader = Reader(by.pk, is_staff=by.is_staff, is_suspended=by.is_suspended, kept_out_by=kept_out_by)
            if not Standing.of(now, position).is_visible_to(reader):
                raise Room.DoesNotExist(self.pk)
            for field in self._meta.concrete_fields:
                setattr(self, field.attname, getattr(now, field.attname))
            yield position

    def allow(self, person: User, *, though_closed: bool = False) -> None:
        """Raise why this person may not say or change anything here, if they may not. Under the room's lock.

        `though_closed`: a verdict is not against it.
        """
        if refusal := self._refusal_of(person, though_closed=though_closed):
            raise refusal

    def _answered(self, line: Line) -> Line:
        """The line that a reply quotes, as it is under the lock; one that has just been deleted has an empty quote.

        Raises:
            NothingToAnswer: nobody said it in this room.
        """
        found = Line.objects.filter(room=self, kind=Line.Kind.SAID, pk=line.pk).select_related("author").first()
        if found is None:
            raise NothingToAnswer
        return found

    def _refusal_of(self, author: User, *, though_closed: bool = False) -> Refusal | None:
        """Asked under the room's lock, so that what is true here is true of the line that follows."""
        if not author.can_write():
            return Suspended()
        if self.footing.is_kept_out and not author.is_staff:
            return KeptOut()
        if self.locked_at or self.hidden_at or self.deleted_at:
            return RoomLocked()
        if self.verdict and not though_closed:
            return RoomClosed()
        wait = Line.objects.wait_of(author)
        return TooFast(wait) if wait else None

    def _refusal_to_speak(self, author: User, text: str) -> Refusal | None:
        """The same for a line of their own, which slow mode holds up too, and which nobody says twice."""
        if refusal := self._refusal_of(author):
            return refusal
        if gates.repeats(author, text):
            return SaidAlready()
        wait = self._slow_wait_of(author)
        return TooSoon(wait) if wait else None

    def _slow_wait_of(self, author: User) -> int:
        """Whole seconds until slow mode lets this author say another line. Those who may set it are not held by it."""
        if not self.slow_seconds or self.can_be_edited_by(author):
            return 0
        now = timezone.now()
        since = now - timedelta(seconds=self.slow_seconds)
        said = Line.objects.said().filter(
            author=author, room=self, created_at__gt=since
        )  # to come in is to say nothing
        last = said.order_by("-created_at").values_list("created_at", flat=True).first()
        return math.ceil(self.slow_seconds - (now - last).total_seconds()) if last else 0

    def has_member(self, user: Any) -> bool:
        """Does this person take part?"""
        return bool(user.is_authenticated and self.memberships.filter(person=user.pk).exists())

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

    def _change(self, kind: Line.Kind, *, by: User, text: str = "", **wanted: Any) -> Line | None:
        """Change these columns, if any, and put a notice into the log; None, and nothing, where they are so already.

        Of a time it counts only whether there is one.
        """
        with write():
            version = RoomVersion.objects.advance(self.pk).version
            if wanted:
                self.refresh_from_db(fields=list(wanted))
                if all(_is_so(getattr(self, name), value) for name, value in wanted.items()):
                    transaction.set_rollback(True)
                    return None
                for name, value in wanted.items():
                    setattr(self, name, value)
                self.save(update_fields=list(wanted))
            notice = Line.objects.create(room=self, seq=version, version=version, author=by, kind=kind, text=text)
            self.account_for_notice(kind, by=by)
            doorbell.ring_on_commit(self.pk, version)
        return notice


def _is_so(value: Any, wanted: Any) -> bool:
    return bool(value) == bool(wanted) if isinstance(wanted or value, datetime) else bool(value == wanted)
