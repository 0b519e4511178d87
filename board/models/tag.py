"""Words that posts are found by."""

import hashlib
from collections.abc import Iterable
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from board.tags import LONGEST_KEY, begun, tag_initials, tag_key, tag_slug
from rooms.querysets import Reader, room_visible_q

LONGEST_SLUG = 100  # characters
SUGGEST = "suggest"  # /tags/suggest/ is no tag's page


class TagQuerySet(models.QuerySet["Tag"]):
    def frequent(self) -> "TagQuerySet":
        """Those of the most posts first."""
        return self.filter(post_count__gt=0).order_by("-post_count", "pk")

    def visible_to(self, user: Reader) -> "TagQuerySet":
        """For a visitor those that a post carries which they may read: a word can tell what goes on among members."""
        if user.is_authenticated:
            return self
        posts = PostTag.objects.filter(room_visible_q(user, "content_object__room__"), tag=OuterRef("pk"))
        return self.filter(Exists(posts))

    def matching(self, key: str) -> "TagQuerySet":
        """Those with this in them, those that begin with it first; Hangul by first consonants too."""
        if not key:
            return self.frequent()
        begins, contains = Q(key__startswith=key), Q(key__contains=key)
        if way := begun(key):
            begins |= Q(key__startswith=way.whole, initials__startswith=way.initials)
        found = self.frequent().filter(begins | contains)
        return found.order_by(Case(When(begins, then=0), default=1), "-post_count", "pk")

    def after(self, count: int, pk: int) -> "TagQuerySet":
        """What follows this place among the frequent ones."""
        return self.filter(Q(post_count__lt=count) | Q(post_count=count, pk__gt=pk), post_count__lte=count)


class Tag(TagBase):
    """A word that posts are found by: `name` as first typed, `key` for all its spellings."""

    key = models.CharField(max_length=LONGEST_KEY, unique=True, editable=False)
    # What it is found by when somebody types first consonants only.
    initials = models.CharField(max_length=LONGEST_KEY, default="", editable=False)
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
        return cls(name=label, key=key, slug=tag_slug(key), initials=tag_initials(key))

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
    def recount(cls, tags: Iterable["Tag"]) -> None:
        """Count the posts of these anew, when one of them has gone or come back."""
        for tag in tags:
            count = PostTag.objects.filter(tag=tag, content_object__room__deleted_at=None).count()
            cls.objects.filter(pk=tag.pk).update(post_count=count)

    @classmethod
    def _part_slugs(cls, tags: "list[Tag]") -> None:
        """`node.js` and `node-dot-js` are two tags: whichever comes second gets an address with its key's hash.
        So does a tag of signs that are long words in an address."""
        taken = {SUGGEST} | set(cls.objects.filter(slug__in=[tag.slug for tag in tags]).values_list("slug", flat=True))
        for tag in tags:
            if tag.slug in taken or len(tag.slug) > LONGEST_SLUG:
                tag.slug = f"{tag.slug[: LONGEST_SLUG - 7]}-{hashlib.sha256(tag.key.encode()).hexdigest()[:6]}"
            taken.add(tag.slug)

    def get_absolute_url(self) -> str:
        return reverse("board:tag_detail", args=[self.slug])


class PostTag(ItemBase):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="post_tags")
    content_object = models.ForeignKey("board.Post", on_delete=models.CASCADE, related_name="post_tags")

    natural_key_fields: ClassVar = ["tag", "content_object"]

    class Meta:
        constraints = (models.UniqueConstraint(fields=["content_object", "tag"], name="post_tag_unique"),)
        ordering = ("pk",)
