"""What a person tells about themselves."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from accounts import pictures, skills
from accounts.models.friendship import Friendship
from accounts.nicknames import nickname_key
from cobra.markdown import render_post

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.files import File

    from accounts.models.user import User

MOST_SKILLS, MOST_INTERESTS, MOST_LINKS = 20, 12, 5
LONGEST_KEY = 80  # characters


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, reader: "User | AnonymousUser") -> "ProfileQuerySet":
        """The profiles this reader may read: public ones, one's own, and those of people who have them on their list.

        Not those of people who are gone or have blocked the reader. Staff read all.
        """
        profiles = self.filter(user__is_active=True)
        if not reader.is_authenticated:
            return profiles.filter(is_private=False)
        if reader.is_staff:
            return profiles
        lists_me = Exists(Friendship.objects.filter(owner=OuterRef("user"), friend=reader.pk))
        blocks_me = Exists(reader.blocked_by.filter(blocker=OuterRef("user")))
        return profiles.exclude(blocks_me).filter(Q(is_private=False) | Q(user=reader.pk) | lists_me)


class Profile(models.Model):
    """What a person tells about themselves. `interests` is a list of words, `links` one of http(s) addresses."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="profile"
    )
    status = models.CharField(_("status"), max_length=80, blank=True)
    about = models.TextField(_("about"), max_length=4_000, blank=True)
    about_html = models.TextField(blank=True, editable=False)
    picture = models.ImageField(_("picture"), upload_to=pictures.path_of, blank=True)
    interests = models.JSONField(_("interests"), default=list, blank=True)
    links = models.JSONField(_("links"), default=list, blank=True)
    is_private = models.BooleanField(_("private"), default=False)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def about_safe(self) -> SafeString:
        return mark_safe(self.about_html)  # noqa: S308  made by cobra.markdown

    @property
    def picture_url(self) -> str | None:
        return self.picture.url if self.picture else None

    @property
    def named_links(self) -> list[tuple[str, str]]:
        """Each link as (address, the address as people say it)."""
        return [(link, link.partition("://")[2].removesuffix("/")) for link in self.links]

    def is_open_to(self, reader: "User | AnonymousUser") -> bool:
        return Profile.objects.visible_to(reader).filter(pk=self.pk).exists()

    def rewrite(self, **fields: Any) -> None:
        """Change `status`, `about`, `interests`, `links` or `is_private`; what is not named stays."""
        if "about" in fields:
            fields["about_html"] = render_post(fields["about"])
        for name, value in fields.items():
            setattr(self, name, value)
        self.save(update_fields=list(fields))

    def present(self, *, picture: "File[bytes] | None", removes_picture: bool = False, **fields: Any) -> None:
        """Change how I show myself: `fields` as in `rewrite`; a new picture goes before taking the old one away."""
        with transaction.atomic():
            self.rewrite(**fields)
            if picture or removes_picture:
                self.show_picture(picture)

    def forget(self) -> None:
        """Everything told is gone."""
        self.skills.all().delete()
        self.show_picture(None)
        self.rewrite(status="", about="", interests=[], links=[], is_private=False)

    def show_picture(self, picture: "File[bytes] | None") -> None:
        """Take a picture that `accounts.pictures` has made, or none; the one before is deleted once that is certain."""
        before = self.picture.name
        self.picture = picture
        self.save(update_fields=["picture"])
        if before:
            transaction.on_commit(lambda: self.picture.storage.delete(before), robust=True)

    def know(self, known: "Iterable[tuple[str, int]]") -> None:
        """These are all my skills, as (name, level), best first; the same name twice counts once."""
        rows: dict[str, Skill] = {}
        for name, level in known:
            skill = Skill(profile=self, name=name, level=level)
            rows.setdefault(skill.key, skill)
        with transaction.atomic():
            self.skills.all().delete()
            Skill.objects.bulk_create(list(rows.values())[:MOST_SKILLS])


class SkillQuerySet(models.QuerySet["Skill"]):
    def known_names(self, count: int) -> list[str]:
        """What people here call what they can do, the most frequent first, filled up with what is common elsewhere.

        Nothing that only private profiles tell.
        """
        by_key = self.filter(profile__is_private=False, profile__user__is_active=True).values("key")
        by_key = by_key.annotate(n=models.Count("pk"), a_name=models.Min("name")).order_by("-n", "key")
        names = dict(by_key.values_list("key", "a_name")[:count])
        for name in skills.COMMON:
            names.setdefault(nickname_key(name), name)
        return list(names.values())[:count]


class Skill(models.Model):
    """Something a person can do, and how well."""

    class Level(models.IntegerChoices):
        LEARNING = 1, _("learning")
        USING = 2, _("using")
        FLUENT = 3, _("fluent")
        TEACHING = 4, _("can teach")

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="skills")
    name = models.CharField(_("skill"), max_length=40)
    key = models.CharField(max_length=LONGEST_KEY, editable=False)
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level.choices, default=Level.USING, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ("-level", "pk")
        constraints = (
            models.UniqueConstraint(fields=["profile", "key"], name="skill_unique"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="skill_level"),
        )
        indexes = (models.Index(fields=["key"], name="skill_by_key"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "name" in self.__dict__ and not self.key:
            self.key = nickname_key(self.name)

    def __str__(self) -> str:
        return f"{self.name} · {self.get_level_display()}"

    @property
    def cells(self) -> str:
        """The level as a row of scales."""
        return "j" * self.level + "." * (len(self.Level) - self.level)
