"""Posts, and how they change."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from accounts import watch
from accounts.models import User
from board.models.bookmark import Bookmark
from board.models.category import Category
from board.models.revision import Revision
from board.models.tag import PostTag, Tag
from board.models.view import View, viewer_of
from board.querysets import PostQuerySet
from board.search import keeping
from cobra.db import write
from cobra.markdown import POST_LIMIT, RENDERER, excerpt, reading_minutes, render_post
from rooms import gates
from rooms.errors import TooFast
from rooms.models import Line, Room

TITLE_LIMIT = 120
# How long an author may bring back what they deleted.
RESTORABLE = timedelta(days=7)


class Post(models.Model):  # type: ignore[django-manager-missing]  # PostTag's base is taggit's, which has no types
    """Something to read, beside the room where it is talked about. Its id is its room's.

    Who may read it stands on the room alone.
    """

    room = models.OneToOneField(Room, on_delete=models.PROTECT, primary_key=True, related_name="post")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts", verbose_name=_("author"))
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="posts", verbose_name=_("category"))
    title = models.CharField(_("title"), max_length=TITLE_LIMIT)
    body = models.TextField(_("body"), validators=[MaxLengthValidator(POST_LIMIT)])
    body_html = models.TextField(editable=False)
    renderer = models.PositiveSmallIntegerField(default=0, editable=False)
    excerpt = models.CharField(max_length=200, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True, editable=False)
    # People, each once a day (board.models.view).
    view_count = models.PositiveIntegerField(_("views"), default=0, editable=False)
    # The form it was written in: the same one sent twice makes one post.
    form_key = models.UUIDField(null=True, blank=True, editable=False)
    # Where an imported post came from: a second import finds it by this.
    source = models.CharField(max_length=200, unique=True, null=True, blank=True, editable=False)

    # In the order they were typed, also where a whole list of posts is fetched.
    tags = TaggableManager(through=PostTag, blank=True, verbose_name=_("tags"), ordering=["post_tags__pk"])

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        indexes = (
            models.Index(fields=["-created_at", "-room"], name="post_newest"),
            models.Index(fields=["category", "-created_at", "-room"], name="post_category_newest"),
            models.Index(fields=["author", "-created_at"], name="post_author_newest"),
            models.Index(fields=["author", "form_key"], condition=Q(form_key__isnull=False), name="post_by_form"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("board:post_detail", args=[self.pk])

    @property
    def body_safe(self) -> SafeString:
        return mark_safe(self.body_html)  # noqa: S308  made by cobra.markdown

    @property
    def members_only(self) -> bool:
        return self.room.members_only

    @property
    def reading_minutes(self) -> int:
        return reading_minutes(self.body)

    def can_be_edited_by(self, user: Any) -> bool:
        return bool(user.is_authenticated and user.can_write() and user.pk == self.author_id)

    def can_be_deleted_by(self, user: Any) -> bool:
        return bool(user.is_authenticated and self.room.can_be_edited_by(user))

    @classmethod
    def publish(
        cls,
        *,
        by: User,
        title: str,
        body: str,
        category: Category,
        tags: list[str],
        members_only: bool = False,
        created_at: datetime | None = None,
        source: str | None = None,
        form_key: uuid.UUID | None = None,
    ) -> "Post":
        """A post and its room, in one transaction; the draft of the same form goes. `tags`: labels.

        The same text of the same form again (a double click, an answer that was lost) is the post that is there.

        Raises:
            TooFast: the author published `POST_RATE` posts already. What is imported (`source`) has no such limit.
        """
        post = cls(author=by, title=title, body=body, category=category, source=source, form_key=form_key)
        post.created_at = created_at or timezone.now()
        post._render()
        with write():
            if form_key and (there := cls._sent_before(by, form_key, title, body)):
                return there
            if source is None and (wait := cls.objects.wait_of(by)):
                raise TooFast(wait)
            post._open_room(members_only=members_only)
            post._set_tags(tags)
            keeping.published([post.pk])
            if form_key:
                by.drafts.filter(pk=form_key, post=None).delete()
        return post

    def _open_room(self, *, members_only: bool) -> None:
        """Its room, and with it its own row. What a newcomer writes that leads elsewhere is held until staff look."""
        is_held = self.source is None and gates.is_held(self.author, self.body_html)
        self.room = Room.open(owner=self.author, members_only=members_only, created_at=self.created_at, is_held=is_held)
        self.save(force_insert=True)
        if is_held:
            watch.notice(watch.HELD, about=self)

    @classmethod
    def _sent_before(cls, by: User, form_key: uuid.UUID, title: str, body: str) -> "Post | None":
        User.objects.select_for_update().get(pk=by.pk)  # two clicks at once
        return cls.objects.filter(author=by, form_key=form_key, title=title, body=body).first()

    def revise(
        self,
        *,
        by: User,
        title: str,
        body: str,
        category: Category,
        tags: list[str],
        members_only: bool,
        form_key: uuid.UUID | None = None,
    ) -> None:
        """Change what stands here; what stood before is kept, and the draft of the same form goes.

        Readers who may no longer read lose their open streams.
        """
        self.title, self.body, self.category, self.edited_at = title, body, category, timezone.now()
        self._render()
        with write():
            before = Post.objects.select_for_update().get(pk=self.pk)  # what somebody else saves now is kept too
            tags_before = ", ".join(before.tags.names())
            with keeping.revising([self.pk]):
                self.save(
                    update_fields=["title", "body", "body_html", "renderer", "excerpt", "category", "edited_at"],
                )
                self._set_tags(tags)
            if (before.title, before.body, tags_before) != (title, body, ", ".join(self.tags.names())):
                before._keep(tags_before)
            self.room.admit(by=by, members_only=members_only)
            self._hold_again(before, by=by)
            if form_key:
                by.drafts.filter(pk=form_key, post=self).delete()

    def _hold_again(self, before: "Post", *, by: User) -> None:
        """Where it leads elsewhere than it did before, and by a newcomer: until staff look."""
        if gates.is_held(by, self.body_html, before=before.body_html):
            self.room.hold(by=by)
            watch.notice(watch.HELD, about=self)

    def _keep(self, tags: str) -> None:
        """What stands here becomes a revision."""
        Revision.objects.create(
            post=self,
            number=self.revisions.count() + 1,
            title=self.title,
            body=self.body,
            tags=tags,
            created_at=self.edited_at or self.created_at,
        )

    def bookmark(self, *, by: User, wanted: bool) -> None:
        """Keep it at hand for somebody, or no longer."""
        if wanted:
            Bookmark.objects.get_or_create(person=by, post=self)
        else:
            Bookmark.objects.filter(person=by, post=self).delete()

    def is_bookmarked_by(self, user: Any) -> bool:
        return bool(user.is_authenticated and self.bookmarks.filter(person=user).exists())

    def count_view(self, who: object) -> None:
        """Once a day for each of those who look: a member's id, or whatever tells a visitor from others."""
        seen: dict[str, Any] = {"post": self, "day": timezone.localdate(), "viewer": viewer_of(who)}
        if View.objects.filter(**seen).exists():  # most are, and wait for no writer
            return
        with write():
            View.objects.outlived().delete()
            if View.objects.get_or_create(**seen)[1]:
                Post.objects.filter(pk=self.pk).update(view_count=F("view_count") + 1)

    def delete_softly(self, *, by: User) -> None:
        with write():
            self.room.delete_softly(by=by)
            Tag.recount(self.tags.all())

    def restore(self, *, by: User) -> None:
        """Bring it back as it was, its room with it."""
        with write():
            self.room.restore(by=by)
            Tag.recount(self.tags.all())

    def can_be_restored_by(self, user: Any) -> bool:
        """By staff; by whoever deleted it for as long as `RESTORABLE`, but not what staff has taken away."""
        if not self.room.deleted_at or not self.can_be_deleted_by(user):
            return False
        deleted_by = self.room.lines.filter(kind=Line.Kind.DELETED).order_by("-seq").values_list("author", flat=True)
        may_still = deleted_by.first() == user.pk and timezone.now() < self.room.deleted_at + RESTORABLE
        return bool(user.is_staff or may_still)

    def _render(self) -> None:
        self.body_html, self.excerpt, self.renderer = render_post(self.body), excerpt(self.body), RENDERER

    def _set_tags(self, labels: list[str]) -> None:
        """Exactly these, in a fixed number of queries (taggit's own set() needs some for each tag)."""
        tags = Tag.for_labels(labels)
        wanted = {tag.pk for tag in tags}
        items = PostTag.objects.filter(content_object=self)
        there = set(items.values_list("tag_id", flat=True))
        if gone := there - wanted:
            items.filter(tag__in=gone).delete()
            Tag.objects.filter(pk__in=gone).update(post_count=F("post_count") - 1)
        if new := [tag for tag in tags if tag.pk not in there]:
            PostTag.objects.bulk_create(PostTag(content_object=self, tag=tag) for tag in new)
            Tag.objects.filter(pk__in=[tag.pk for tag in new]).update(post_count=F("post_count") + 1)
