"""Words that posts are found by."""

import hashlib
from typing import ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from board.tags import tag_initials, tag_key, tag_slug


class TagQuerySet(models.QuerySet["Tag"]):
    def frequent(self) -> "TagQuerySet":
        """Those of the most posts first."""
        return self.filter(post_count__gt=0).order_by("-post_count", "pk")


class Tag(TagBase):
    """A word that posts are found by: `name` as first typed, `key` for all its spellings."""

    key = models.CharField(max_length=100, unique=True, editable=False)
    # What it is found by when somebody types first consonants only.
    initials = models.CharField(max_length=100, default="", editable=False)
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
    content_object = models.ForeignKey("board.Post", on_delete=models.CASCADE, related_name="post_tags")

    natural_key_fields: ClassVar = ["tag", "content_object"]

    class Meta:
        constraints = (models.UniqueConstraint(fields=["content_object", "tag"], name="post_tag_unique"),)
        ordering = ("pk",)
