"""What was said in a room and is worth keeping, as a section of its post."""

from typing import Any, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification, User
from board.errors import DigestChanged, DigestDecided, NothingLeft, TooManyWaiting
from board.models.tick import Tick, refuse_unless_takes_part
from board.passages import cited_numbers, passages_of
from board.querysets import CitationQuerySet, DigestQuerySet
from cobra.db import write
from cobra.markdown import RENDERER
from rooms import telling
from rooms.models import Line

DIGEST_LIMIT = 20_000  # characters
WORD_LIMIT = 300
MOST_CITED = 50  # lines in a section
MOST_WAITING = 5  # proposals of one person for one post


class Digest(models.Model):
    """A section of kept thoughts (모은 생각): Markdown in which `[[12]]` cites the room's line 12.

    A member of the room proposes it; the post's author or staff publish it or return it with a word. What a citation
    shows is read from the line itself each time, so a line that is gone shows nothing here either.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        PUBLISHED = "published", _("published")
        RETURNED = "returned", _("returned")
        WITHDRAWN = "withdrawn", _("withdrawn")

    post = models.ForeignKey("board.Post", on_delete=models.CASCADE, related_name="digests")
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=DIGEST_LIMIT)
    # `board.passages.Passage`s in reading order, made when it was written.
    passages = models.JSONField(default=list, editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PROPOSED)
    # Which version stands here: the number of its newest revision.
    version = models.PositiveIntegerField(default=1, editable=False)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="digests")
    proposed_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What whoever returned it said about it.
    word = models.CharField(_("a word"), max_length=WORD_LIMIT, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept thoughts")
        verbose_name_plural = _("kept thoughts")
        indexes = (models.Index(fields=["post", "state", "id"], name="digest_of_post"),)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Where it stands in the post; the page of its own until then."""
        if self.state == self.State.PUBLISHED:
            return f"{reverse('board:post_detail', args=[self.post_id])}#digest-{self.pk}"
        return self.get_own_url()

    def get_own_url(self) -> str:
        return reverse("board:digest_detail", args=[self.post_id, self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.PROPOSED

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    def can_be_decided_by(self, user: Any) -> bool:
        """By the post's author and staff."""
        return bool(user.is_authenticated and self.post.room.can_be_edited_by(user))

    def can_be_edited_by(self, user: Any) -> bool:
        """By those who decide; by whoever proposed it, until it was published."""
        if self.can_be_decided_by(user):
            return True
        is_mine = user.is_authenticated and user.can_write() and user.pk == self.proposed_by_id
        return bool(is_mine and self.published_at is None)

    @classmethod
    def propose(cls, *, post: Any, by: User, title: str, text: str) -> Self:
        """A section for the post's author to publish. What it cites is ticked no longer.

        Raises:
            Refusal: the person takes no part in the room or may not write in it, or has enough proposals waiting.
        """
        digest = cls(post=post, title=title, text=text, proposed_by=by)
        digest._render()
        with write():
            refuse_unless_takes_part(post.room, by)
            if cls.objects.filter(post=post, proposed_by=by, state=cls.State.PROPOSED).count() >= MOST_WAITING:
                raise TooManyWaiting
            digest.save(force_insert=True)
            lines = digest._cite()
            digest._remember(by)
            Tick.objects.filter(person=by, line__in=lines).delete()
        return digest

    def revise(self, *, by: User, title: str, text: str, version: int) -> None:
        """Write it anew: what stood before is kept. One that was returned is a proposal again.

        Raises:
            DigestChanged: it is not at `version` any more, which is what `by` has read.
        """
        with write():
            self._hold(version)
            self.title, self.text = title, text
            self._render()
            self.version += 1
            if self.state == self.State.RETURNED:
                self.state = self.State.PROPOSED
            self.save(update_fields=["title", "text", "passages", "renderer", "version", "state"])
            before = set(self.citations.values_list("line_id", flat=True))
            lines = self._cite()
            self._remember(by)
            if by.pk != self.proposed_by_id:
                self.post.room.account_for(_("kept thoughts rewritten"), by=by)
            if self.is_published:
                self.post.room.mark_kept(self._where_kept(before | set(lines)))
                telling.tell_cited(self._lines_there(), by=by)

    def publish(self, *, by: User, version: int) -> None:
        """Make it a section of the post. Published already, it stays as it is.

        Raises:
            DigestChanged: it was rewritten since `by` read it.
            NothingLeft: every line it cites is gone.
        """
        with write():
            self._hold()
            if self.is_published:
                return
            if self.version != version:
                raise DigestChanged
            lines = set(self.citations.there().values_list("line_id", flat=True))
            if not lines:
                raise NothingLeft
            self.published_at = self.published_at or timezone.now()
            self._decide(self.State.PUBLISHED, by)
            notice = self._tell_room(Line.Kind.KEPT, by, lines)
            self._tell_people(notice, by)

    def give_back(self, *, by: User, word: str) -> None:
        """Return a proposal to whoever made it, with a word on what it lacks.

        Raises:
            DigestDecided: it is no proposal any more.
        """
        with write():
            self._hold()
            if not self.is_waiting:
                raise DigestDecided
            self._decide(self.State.RETURNED, by, word)
            self.post.room.account_for(_("kept thoughts returned"), by=by)

    def withdraw(self, *, by: User) -> None:
        """Take it out of the post, or back before it was ever there. Withdrawn already, it stays so."""
        with write():
            self._hold()
            if self.state == self.State.WITHDRAWN:
                return
            was_published = self.is_published
            self._decide(self.State.WITHDRAWN, by)
            if was_published:
                self._tell_room(Line.Kind.UNKEPT, by, set(self.citations.values_list("line_id", flat=True)))
            elif by.pk != self.proposed_by_id:
                self.post.room.account_for(Line.Kind.UNKEPT.label, by=by)

    # --- Parts of the verbs, under their lock ---

    def _hold(self, version: int | None = None) -> None:
        """Read it again, and let nobody else change it until the transaction ends."""
        self.refresh_from_db(from_queryset=Digest.objects.select_for_update())
        if version is not None and self.version != version:
            raise DigestChanged

    def _decide(self, state: State, by: User, word: str = "") -> None:
        self.state, self.decided_by, self.decided_at, self.word = state, by, timezone.now(), word
        self.save(update_fields=["state", "decided_by", "decided_at", "word", "published_at"])

    def _render(self) -> None:
        self.passages, self.renderer = passages_of(self.text), RENDERER

    def _cite(self) -> list[int]:
        """Exactly what the text cites, in its order: the lines' ids."""
        numbers = cited_numbers(self.text)
        ids = dict(self.post.room.lines.said().filter(seq__in=numbers).values_list("seq", "pk"))
        lines = [ids[number] for number in numbers if number in ids]
        self.citations.all().delete()
        Citation.objects.bulk_create(
            Citation(digest=self, line_id=line, position=position) for position, line in enumerate(lines)
        )
        return lines

    def _remember(self, by: User) -> None:
        DigestRevision.objects.create(digest=self, number=self.version, title=self.title, text=self.text, written_by=by)

    def _tell_room(self, kind: Line.Kind, by: User, lines: set[int]) -> Line:
        where = self._where_kept(lines)
        return self.post.room.keep(kind, by=by, text=self.title, section=self.pk, lines=where)

    def _where_kept(self, lines: set[int]) -> dict[int, int | None]:
        """For each of these lines the section that quotes it now: the first, where there are several."""
        published = Citation.objects.filter(line__in=lines, digest__state=self.State.PUBLISHED)
        return dict.fromkeys(lines) | dict(published.order_by("-digest").values_list("line_id", "digest_id"))

    def _tell_people(self, notice: Line, by: User) -> None:
        """Those who are cited hear of it, each once; then whoever else takes part."""
        cited = self._lines_there()
        telling.tell_cited(cited, by=by)
        authors = {line.author_id for line in cited}
        telling.tell_members(Notification.Kind.DIGEST, notice, by=by, except_for=authors)

    def _lines_there(self) -> list[Line]:
        return [each.line for each in self.citations.there().select_related("line")]


class Citation(models.Model):
    """A section quotes a line. It refers to the line, and keeps none of its words."""

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="citations")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="citations")
    position = models.PositiveSmallIntegerField()

    objects = CitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=["digest", "line"], name="citation_unique"),)

    def __str__(self) -> str:
        return f"{self.digest_id}: {self.line_id}"


class DigestRevision(models.Model):
    """What a section said at `number`, by whom: all of them, also the one that stands."""

    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("revision of kept thoughts")
        verbose_name_plural = _("revisions of kept thoughts")
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["digest", "number"], name="digest_revision_unique"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"
