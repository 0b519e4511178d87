"""The shelves of the board."""

from typing import Any

from django.db import models
from django.db.models import Max
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import Deed, User
from board.errors import ShelfInUse
from cobra.db import write


class Category(models.Model):
    """A shelf of the board; its name in both languages."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name_ko = models.CharField(_("name in Korean"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=40)
    # One of the eight hues of people (tokens.css).
    hue = models.PositiveSmallIntegerField(_("colour"), default=0, choices=[(n, n) for n in range(8)])
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

    def put(self, *, by: User, **fields: Any) -> None:
        """Add it, or change it: `name_ko`, `name_en`, `hue`; a new one stands last."""
        for name, value in fields.items():
            setattr(self, name, value)
        with write():
            if self._state.adding:
                self.position = (Category.objects.aggregate(last=Max("position"))["last"] or 0) + 1
            self.save()
            Deed.objects.record(Deed.Action.SITE, by=by, detail=f"{self._meta.verbose_name} {self}")

    def move(self, *, by: User, up: bool) -> None:
        """One place up or down; at its end it stays."""
        with write():
            shelves = list(Category.objects.all())
            here = shelves.index(self)
            there = here - 1 if up else here + 1
            if not 0 <= there < len(shelves):
                return
            shelves[here], shelves[there] = shelves[there], shelves[here]
            for position, shelf in enumerate(shelves):
                shelf.position = position
            Category.objects.bulk_update(shelves, ["position"])
            Deed.objects.record(Deed.Action.SITE, by=by, detail=f"{self._meta.verbose_name} {self}")

    def remove(self, *, by: User) -> None:
        """
        Raises:
            ShelfInUse: posts stand on it.
        """
        with write():
            if self.posts.exists():
                raise ShelfInUse
            Deed.objects.record(Deed.Action.SITE, by=by, detail=f"{self._meta.verbose_name} {self}")
            self.delete()

    def get_absolute_url(self) -> str:
        return reverse("board:category_detail", args=[self.slug])
