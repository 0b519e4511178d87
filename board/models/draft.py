"""What somebody has begun to write."""

import uuid
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from board.errors import TooManyDrafts
from cobra.db import write
from cobra.markdown import excerpt

if TYPE_CHECKING:
    from board.models.post import Post

MOST = 100  # drafts a person


class Draft(models.Model):
    """What `author` is writing and has not published: a new post, or a change of `post`. Nobody else sees it.

    Its id is made with the form it is written in, so that a save sent twice makes one draft. Nothing in it need be
    right: whatever was typed is kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    post = models.ForeignKey("board.Post", on_delete=models.CASCADE, null=True, blank=True, related_name="drafts")
    title = models.TextField(_("title"), blank=True)
    body = models.TextField(_("body"), blank=True)
    category = models.ForeignKey("board.Category", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    tags = models.TextField(_("tags"), blank=True)
    members_only = models.BooleanField(_("members only"), default=False)
    # How often it was saved, and by which page last: what two pages make of one draft must not cover each other.
    version = models.PositiveIntegerField(default=1, editable=False)
    page = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    saved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = (models.Index(fields=["author", "-saved_at"], name="draft_latest"),)

    def __str__(self) -> str:
        return self.title or self.glimpse

    def get_absolute_url(self) -> str:
        return reverse("board:draft_detail", args=[self.pk])

    @property
    def glimpse(self) -> str:
        """The beginning of the body as plain text."""
        return excerpt(self.body, 120)

    @property
    def typed(self) -> dict[str, Any]:
        """What stands in the form's fields, by their names."""
        return {name: getattr(self, name) for name in ("title", "body", "category", "tags", "members_only")}

    @classmethod
    def keep(
        cls, *, by: User, key: uuid.UUID, page: uuid.UUID, version: int, post: "Post | None", **typed: Any
    ) -> "Draft":
        """Save what is `typed` on a `page` that shows the draft `key` as of `version` (0: there was none).

        Where the draft was saved by another page since, or is one of another post, what is typed becomes a draft of
        its own: neither text is lost, and the answer has another id than was asked for.

        Raises:
            Draft.DoesNotExist: it is somebody else's.
            TooManyDrafts: there are `MOST` already.
        """
        with write():
            User.objects.select_for_update().get(pk=by.pk)  # two saves at once
            draft = cls.objects.filter(pk=key).first()
            if draft and draft.author_id != by.pk:
                raise cls.DoesNotExist
            if draft and draft._goes_on(page, version, post, typed):
                draft._take(page, **typed)
                return draft
            if by.drafts.count() >= MOST:
                raise TooManyDrafts(MOST)
            new = uuid.uuid4() if draft else key
            return cls.objects.create(pk=new, author=by, post=post, page=page, **typed)

    def _goes_on(self, page: uuid.UUID, version: int, post: "Post | None", typed: dict[str, Any]) -> bool:
        """Is this what that page has before it?"""
        is_known = self.page == page or self.version == version or self.typed == self.typed | typed
        return is_known and self.post_id == (post.pk if post else None)

    def _take(self, page: uuid.UUID, **typed: Any) -> None:
        for name, value in typed.items():
            setattr(self, name, value)
        self.page, self.version, self.saved_at = page, self.version + 1, timezone.now()
        self.save(update_fields=[*typed, "page", "version", "saved_at"])
