"""What the site says of itself, in both languages, as its administrators word it."""

from typing import Self

from django.db import models
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts.models import Deed, User
from cobra.db import write
from cobra.markdown import POST_LIMIT, render_post


class SiteText(models.Model):
    """One of the site's own texts, in Markdown."""

    class Key(models.TextChoices):
        WELCOME = "welcome", _("Welcome")
        RULES = "rules", _("Rules")

    key = models.CharField(max_length=16, choices=Key.choices, primary_key=True)
    text_ko = models.TextField(_("in Korean"), max_length=POST_LIMIT, blank=True)
    text_en = models.TextField(_("in English"), max_length=POST_LIMIT, blank=True)
    html_ko = models.TextField(blank=True, editable=False)
    html_en = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("text of the site")
        verbose_name_plural = _("texts of the site")

    def __str__(self) -> str:
        return str(self.get_key_display())

    @classmethod
    def of(cls, key: str) -> Self:
        """As it stands; empty where nobody has worded it yet."""
        return cls.objects.filter(key=key).first() or cls(key=key)

    @property
    def html_safe(self) -> SafeString:
        """In the reader's language; in the other one where there is no such."""
        both = (self.html_en, self.html_ko) if translation.get_language() == "en" else (self.html_ko, self.html_en)
        return mark_safe(both[0] or both[1])  # noqa: S308  made by cobra.markdown

    def rewrite(self, *, by: User, text_ko: str, text_en: str) -> None:
        if (self.text_ko, self.text_en) == (text_ko, text_en):
            return
        self.text_ko, self.text_en = text_ko, text_en
        self.html_ko, self.html_en = render_post(text_ko), render_post(text_en)
        with write():
            self.save()
            Deed.objects.record(Deed.Action.SITE, by=by, detail=str(self))
