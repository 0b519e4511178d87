"""Posts, and how they are found."""

import hashlib
from datetime import datetime
from typing import Any, ClassVar, Self

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from taggit.models import ItemBase, TagBase

from accounts.models import User
from board.querysets import PostQuerySet
from board.tags import tag_key, tag_slug
from cobra.db import write
from cobra.markdown import POST_LIMIT, RENDERER, excerpt, render_post
from rooms.errors import TooFast
from rooms.models import Room

TITLE_LIMIT = 120


class Category(models.Model):
    """A shelf of the board; its name in both languages."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name_ko = models.CharField(_("name in Korean"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if translation.get_language() == "en" else self.name_ko

    def get_absolute_url(self) -> str:
        return reverse("board:category_detail", args=[self.slug])


class TagQuerySet(models.QuerySet["Tag"]):
    def frequent(self) -> "TagQuerySet":
        """Those of the most posts first."""
        return self.filter(post_count__gt=0).order_by("-post_count", "pk")


class Tag(TagBase):
    """A word that posts are found by: `name` as first typed, `key` for all its spellings."""

    key = models.CharField(max_length=100, unique=True, editable=False)
    # Kept with the tagging, so that a list of tags counts nothing.
    post_count = models.PositiveIntegerField(default=0, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        indexes = (models.Index(fields=["-post_count"], name="tag_frequent"),)

    @classmethod
    def labelled(cls, label: str) -> Self:
        key = tag_key(label)
        return cls(name=label, key=key, slug=tag_slug(key))

    @classmethod
    def for_labels(cls, labels: list[str]) -> "list[Tag]":
        """The tags of these labels in their order, those that were missing made; two or three queries."""
        wanted = {tag_key(label): label for label in labels}
        known = {tag.key: tag for tag in Tag.objects.filter(key__in=wanted)}
        if missing := [cls.labelled(label) for key, label in wanted.items() if key not in known]:
            cls._part_slugs(missing)
            # Somebody else may make the same one at the same time.
            cls.objects.bulk_create(missing, ignore_conflicts=True)
            known = {tag.key: tag for tag in Tag.objects.filter(key__in=wanted)}
        return [known[key] for key in wanted if key in known]

    @classmethod
    def _part_slugs(cls, tags: "list[Tag]") -> None:
        """`node.js` and `node-dot-js` are two tags: whichever comes second gets an address with its key's hash."""
        taken = set(cls.objects.filter(slug__in=[tag.slug for tag in tags]).values_list("slug", flat=True))
        for tag in tags:
            if tag.slug in taken:
                tag.slug += f"-{hashlib.sha256(tag.key.encode()).hexdigest()[:6]}"
            taken.add(tag.slug)

    def get_absolute_url(self) -> str:
        return reverse("board:tag_detail", args=[self.slug])


class PostTag(ItemBase):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="post_tags")
    content_object = models.ForeignKey("Post", on_delete=models.CASCADE, related_name="post_tags")

    natural_key_fields: ClassVar = ["tag", "content_object"]

    class Meta:
        constraints = (models.UniqueConstraint(fields=["content_object", "tag"], name="post_tag_unique"),)
        ordering = ("pk",)


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
        """At 500 Korean characters a minute, rounded up."""
        return max(1, -(-len(self.body) // 500))

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
    ) -> "Post":
        """A post and its room, in one transaction. `tags`: labels.

        Raises:
            TooFast: the author published `POST_RATE` posts already. What is imported (`source`) has no such limit.
        """
        post = cls(author=by, title=title, body=body, category=category, source=source)
        post.created_at = created_at or timezone.now()
        post._render()
        with write():
            if source is None and (wait := cls.objects.wait_of(by)):
                raise TooFast(wait)
            post.room = Room.open(owner=by, members_only=members_only, created_at=post.created_at)
            post.save(force_insert=True)
            post._set_tags(tags)
        return post

    def revise(
        self, *, by: User, title: str, body: str, category: Category, tags: list[str], members_only: bool
    ) -> None:
        """Change what stands here. Readers who may no longer read lose their open streams."""
        self.title, self.body, self.category, self.edited_at = title, body, category, timezone.now()
        self._render()
        with write():
            self.save(
                update_fields=["title", "body", "body_html", "renderer", "excerpt", "category", "edited_at"],
            )
            self._set_tags(tags)
            self.room.admit(by=by, members_only=members_only)

    def delete_softly(self, *, by: User) -> None:
        self.room.delete_softly(by=by)

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
