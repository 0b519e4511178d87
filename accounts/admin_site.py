"""The admin, every change in which is a row of the moderation log too."""

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.models import LogEntry
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.models import Deed, User
from accounts.models.deed import LONGEST_REASON


class Logged(ModelAdmin[Any]):
    """Whatever somebody adds, changes or deletes, the moderation log has it, in the same transaction."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return _record(super().log_addition(request, obj, message), obj)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return _record(super().log_change(request, obj, message), obj)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        gone = list(queryset)
        entries = super().log_deletions(request, queryset)
        for entry, thing in zip(LogEntry.objects.order_by("-pk")[: len(gone)], reversed(gone), strict=True):
            _record(entry, thing)
        return entries


def _record(entry: LogEntry, thing: Model) -> LogEntry:
    words = f"{thing._meta.verbose_name} {thing}: {entry.get_change_message() or entry.get_action_flag_display()}"
    person = thing if isinstance(thing, User) and thing.pk else None
    Deed.objects.record(Deed.Action.ADMIN, by=entry.user, person=person, detail=words[:LONGEST_REASON])
    return entry


class StaffSite(AdminSite):
    """The admin, of our own models and of the packages' alike."""

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        admin_class = admin_class or ModelAdmin
        super().register(model_or_iterable, type(admin_class.__name__, (Logged, admin_class), {}), **options)
