"""What a post was before it was changed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """A post as it stood from `created_at` until the next one, or until what stands there now."""

    post = models.ForeignKey("board.Post", on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("body"))
    tags = models.CharField(_("tags"), max_length=400, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["post", "number"], name="revision_number_unique"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"
