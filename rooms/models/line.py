"""What is said in a room, and what changed in it."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts import watch
from accounts.models import User
from cobra.markdown import LINE_LIMIT, RENDERER, excerpt, numbered
from rooms import doorbell, gates, words
from rooms.errors import LineGone
from rooms.models.hideable import Hideable
from rooms.models.mention import Mention
from rooms.models.reaction import Reaction, Tally, tallies
from rooms.models.touch import Touch
from rooms.models.verdict import Verdict
from rooms.models.version import RoomVersion
from rooms.querysets import LineQuerySet, Position, Reader
from rooms.telling import call_back, tell_called, tell_gone
from rooms.wording import Wording

LONGEST_FRAGMENT = 16 * 1024  # bytes
LONG, MANY_ROWS = 900, 14  # characters, rows of text


class Line(Hideable):
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
        SOLVED = Verdict.SOLVED.value, Verdict.SOLVED.label
        SETTLED = Verdict.SETTLED.value, Verdict.SETTLED.label
        ON_HOLD = Verdict.ON_HOLD.value, Verdict.ON_HOLD.label
        REOPENED = "reopened", _("open again")
        SLOWED = "slowed", _("slow mode")
        KEPT = "kept", _("kept thoughts published")
        UNKEPT = "unkept", _("kept thoughts withdrawn")
        HIDDEN = "hidden", _("room hidden")
        SHOWN = "shown", _("room shown again")
        LOCKED = "locked", _("room locked")
        UNLOCKED = "unlocked", _("room unlocked")

    # Told quietly, and not twice in a row of the same person.
    COMING_AND_GOING: ClassVar = (Kind.JOINED, Kind.LEFT)
    # After one of these the listeners of the room are asked again whether they may read it.
    AUDIENCE_KINDS: ClassVar = (
        Kind.MEMBERS_ONLY,
        Kind.OPEN_TO_ALL,
        Kind.DELETED,
        Kind.RESTORED,
        Kind.HIDDEN,
        Kind.SHOWN,
    )

    # What a notice says in the room.
    NOTICES: ClassVar = {
        Kind.MEMBERS_ONLY: _("This room is for members only now."),
        Kind.OPEN_TO_ALL: _("Everybody may read this room now."),
        Kind.DELETED: _("This room was deleted."),
        Kind.RESTORED: _("This room was brought back."),
        Kind.HIDDEN: _("The staff have hidden this room. Only its owner and they see it."),
        Kind.SHOWN: _("The staff have brought this room back for everybody."),
        Kind.LOCKED: _("The staff have locked this room. It can still be read."),
        Kind.UNLOCKED: _("The staff have unlocked this room."),
    }

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="lines", verbose_name=_("room"))
    seq = models.PositiveBigIntegerField()
    version = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.SAID)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="lines", verbose_name=_("author"))
    client_id = models.UUIDField(null=True, blank=True, editable=False)
    # What was said; of a notice the sentence or figure that belongs to it.
    text = models.TextField(_("text"), max_length=LINE_LIMIT, blank=True)
    html = models.TextField(blank=True, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replies")
    continues = models.BooleanField(default=False, editable=False)
    # The section of kept thoughts (a number that the board knows) where this line is quoted, or that a notice is about.
    kept_in = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

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
        return f"{self.room_url}#line-{self.pk}"

    @property
    def room_url(self) -> str:
        """The room's page, without reading the room."""
        return reverse("board:post_detail", args=[self.room_id])

    def get_permalink(self) -> str:
        """Where it stands for ever: on its room's page, opened around it."""
        return f"{self.room_url}?at={self.pk}#line-{self.pk}"

    def can_be_edited_by(self, user: Reader) -> bool:
        """One's own, and what was not said is nobody's."""
        return self.kind == self.Kind.SAID and user.is_authenticated and user.pk == self.author_id

    # --- What changes it. Each takes the room's next version first, and so its lock. ---

    def edit(self, *, by: User, text: str) -> bool:
        """Say it otherwise. False, and no version taken, where it says that already.

        Raises:
            ObjectDoesNotExist: there is no such line for them.
            PermissionDenied: it is somebody else's.
            Refusal: the room refuses them, or the line is gone.
        """
        wording = Wording.of(text, by=by)  # before the lock: nobody waits for somebody's highlighting
        with self._changing(by) as position:
            self._own(by)
            if self.is_gone:
                raise LineGone
            if self.text == wording.text:
                transaction.set_rollback(True)
                return False
            self.room.allow(by)
            quoted = self.glimpse
            self._reword(wording, position, by=by)
            Mention.objects.rewrite(self, wording.called)
            called = [person.pk for person in wording.called]
            call_back(self, but=called)
            tell_called(self, mentioned=called)
            self._touched(by, quotes=self.glimpse != quoted)
        return True

    def _reword(self, wording: Wording, position: Position, *, by: User) -> None:
        """What a newcomer writes that leads elsewhere now is held until staff look."""
        now, is_held = timezone.now(), gates.is_held(by, wording.html, before=self.html)
        self.text, self.html, self.renderer = wording.text, wording.html, RENDERER
        if is_held:
            self.hidden_at, self.is_held = now, True
            watch.notice(watch.HELD, about=self)
        self._move(position, "text", "html", "renderer", "edited_at", "hidden_at", "is_held", edited_at=now)

    def delete_softly(self, *, by: User) -> bool:
        """Take it back: what remains says that something stood there. False where it is gone already.

        Also in a room that has a verdict: people's words stay theirs.

        Raises:
            ObjectDoesNotExist, PermissionDenied, Refusal: as `edit`.
        """
        with self._changing(by) as position:
            self._own(by)
            if self.is_gone:
                transaction.set_rollback(True)
                return False
            self.room.allow(by, though_closed=True)
            self._move(position, "deleted_at", deleted_at=timezone.now())
            self.mentions.all().delete()
            tell_gone(self)
            self._touched(by, quotes=True)
        return True

    def react(self, *, by: User, word: str, wanted: bool = True) -> bool:
        """Let this word of theirs stand under it, or not. False, and no version taken, where that is so already.

        Raises:
            ObjectDoesNotExist: there is no such line for them.
            Refusal: the room refuses them, or the line is gone.
        """
        with self._changing(by) as position:
            mine = Reaction.objects.filter(line=self, person=by, word=word)
            if mine.exists() == wanted:
                transaction.set_rollback(True)
                return False
            if self.is_gone:
                raise LineGone
            self.room.allow(by)
            if wanted:
                Reaction.objects.create(line=self, person=by, word=word)
            else:
                mine.delete()
            self._move(position)
            self._touched(by)
        return True

    @contextmanager
    def _changing(self, by: User) -> Iterator[Position]:
        """Hold the room's lock at its next version, with room and line as they are under it, as `by` may see them."""
        room = self.room
        with room.held(by=by) as position:
            self.refresh_from_db(from_queryset=Line.objects.filter(kind=self.Kind.SAID))
            self.room = room
            self.__dict__.pop("tally", None)
            yield position

    def _own(self, person: User) -> None:
        if not self.can_be_edited_by(person):
            raise PermissionDenied

    def _move(self, position: Position, *columns: str, **changed: Any) -> None:
        self.version = position.version
        for name, value in changed.items():
            setattr(self, name, value)
        with words.rewording(self) if columns else nullcontext():
            self.save(update_fields=["version", *columns])

    def _touched(self, by: User, *, quotes: bool = False) -> None:
        """Count the change, and ring for it. `quotes`: the lines that show it in a quote change with it."""
        Touch.objects.note(by)
        version = self.version
        if quotes and (replies := list(self.replies.order_by("seq").only("version"))):
            version = RoomVersion.objects.advance(self.room_id, by=len(replies)).version
            for place, reply in enumerate(replies, self.version + 1):
                reply.version = place
            Line.objects.bulk_update(replies, ["version"])
        doorbell.ring_on_commit(self.room_id, version)

    # --- What it shows ---

    @cached_property
    def tally(self) -> list[Tally]:
        """The words said to it, and who said them. None where it has not changed since it was said."""
        return tallies(self.reactions.all()) if self.version > self.seq else []

    @cached_property
    def fragments(self) -> dict[tuple[int, str], str]:
        """What `rooms.log` has rendered of this object, by version and language."""
        return {}

    @property
    def notice(self) -> str:
        """What it says when nobody does."""
        return str(self.NOTICES[self.Kind(self.kind)])

    @property
    def is_gone(self) -> bool:
        return bool(self.deleted_at or self.hidden_at)

    @property
    def is_closing(self) -> bool:
        """Is it the notice of a verdict?"""
        return self.kind in Verdict.values

    @property
    def glimpse(self) -> str:
        """The beginning as plain text: for a quote, a card, a title. Nothing of a line that is gone."""
        if self.is_gone:
            return ""
        rows = (row.strip() for row in self.text.splitlines() if not row.lstrip().startswith(("```", "~~~")))
        return excerpt(self.text, 120) or " ".join(rows)[:120]  # nothing but code is said

    @property
    def is_tall(self) -> bool:
        """More than a screen of a room: its page folds it until the reader wants all of it."""
        return len(self.text) > LONG or self.text.count("\n") >= MANY_ROWS

    @property
    def is_only_words(self) -> bool:
        """Has it nothing beside what was said, and no change since? It looks the same in every language then."""
        is_as_said = self.kind == self.Kind.SAID and self.version == self.seq and not self.is_gone
        return is_as_said and not (self.reply_to_id or self.is_tall or self.is_long)

    @property
    def html_numbered(self) -> SafeString:
        """With a place of its own for every row of its code: `#c912-L7`, in its second block `#c912-2-L7`."""
        return mark_safe(numbered(self.html, f"c{self.pk}"))  # noqa: S308  made by cobra.markdown

    @property
    def is_long(self) -> bool:
        """Too much to push to everybody: its fragment shows the beginning and leads to the rest."""
        return len(self.html.encode()) > LONGEST_FRAGMENT

    @property
    def html_safe(self) -> SafeString:
        return mark_safe(self.html)  # noqa: S308  made by cobra.markdown
