"""What members tell the staff about."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import watch
from accounts.models import Deed, Notification, User
from board.models.post import Post
from rooms.models import Line

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST_WORDS = 1_000  # characters
Subject = Line | Post | User


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> "ReportQuerySet":
        return self.filter(decided_at=None)

    def about(self, subject: Subject) -> "ReportQuerySet":
        return self.filter(**{_field_of(subject): subject})

    def for_case(self) -> "ReportQuerySet":
        """Each with the thing it is about, its author and its room."""
        return self.select_related(
            "reporter", "line__room", "line__author", "post__room", "post__author", "person", "deed"
        )

    def for_queue(self) -> "QuerySet[Any, Any]":
        """What waits for a decision: each thing once, with how many told of it; the first told comes first."""
        things = self.open().values("line", "post", "person").annotate(count=Count("pk"), first=Min("pk"))
        return things.order_by("first")


class Report(models.Model):
    """`reporter` asks the staff to look at a line, a post or a person: once, until that is decided."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("Advertising or spam")
        ABUSE = "abuse", _("Insults or harassment")
        PRIVATE = "private", _("Somebody's private data")
        HARMFUL = "harmful", _("Illegal or dangerous")
        OTHER = "other", _("Something else")
        HELD = watch.HELD, _("A newcomer's link waits for approval")
        FLOOD = watch.FLOOD, _("Far too fast, again and again")

    # None: the site itself.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="reports"
    )
    line = models.ForeignKey("rooms.Line", on_delete=models.CASCADE, null=True, blank=True, related_name="reports")
    post = models.ForeignKey("board.Post", on_delete=models.CASCADE, null=True, blank=True, related_name="reports")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="reports_about"
    )
    reason = models.CharField(_("What is wrong?"), max_length=16, choices=Reason.choices)
    words = models.TextField(_("In your words"), max_length=LONGEST_WORDS, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    deed = models.ForeignKey(Deed, on_delete=models.PROTECT, null=True, blank=True, related_name="reports")

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = (
            models.CheckConstraint(
                condition=Q(line__isnull=False, post=None, person=None)
                | Q(line=None, post__isnull=False, person=None)
                | Q(line=None, post=None, person__isnull=False),
                name="report_of_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["reporter", thing],
                    condition=Q(**{f"{thing}__isnull": False, "decided_at": None}),
                    name=f"report_{thing}_once",
                    violation_error_message=_("You have told us of this already."),
                )
                for thing in ("line", "post", "person")
            ),
        )
        indexes = (models.Index(fields=["id"], condition=Q(decided_at=None), name="report_open"),)

    def __str__(self) -> str:
        return f"{self.reporter or '-'}: {self.get_reason_display()}"

    def get_absolute_url(self) -> str:
        return reverse("board:report_detail", args=[self.pk])

    @property
    def subject(self) -> Subject:
        subject = self.line or self.post or self.person
        assert subject is not None  # noqa: S101  the constraint
        return subject

    @classmethod
    def file(cls, *, by: User, about: Subject, reason: str, words: str = "") -> "Report":
        """Tell the staff. Told again before it is decided, the first report is given back, and nothing changes."""
        wanted = {"reporter": by, _field_of(about): about}
        report, _is_new = cls.objects.open().get_or_create(**wanted, defaults={"reason": reason, "words": words})
        return report

    @classmethod
    def file_by_site(cls, reason: str, *, about: Subject) -> None:
        """What the site itself noticed; nothing while it waits for a decision already."""
        if not cls.objects.open().about(about).filter(reporter=None).exists():
            cls.objects.create(reason=reason, **{_field_of(about): about})

    @classmethod
    def decide(cls, subject: Subject, deed: Deed) -> int:
        """The staff have done `deed` about it: whoever told of it hears what came of it. How many those were."""
        waiting = list(cls.objects.open().about(subject).select_related("reporter"))
        cls.objects.filter(pk__in=[report.pk for report in waiting]).update(decided_at=timezone.now(), deed=deed)
        for report in waiting:
            if report.reporter and report.reporter_id != deed.by_id:
                Notification.tell_of_deed(recipient=report.reporter, deed=deed)
        return len(waiting)


def _field_of(subject: Subject) -> str:
    return "line" if isinstance(subject, Line) else "post" if isinstance(subject, Post) else "person"
