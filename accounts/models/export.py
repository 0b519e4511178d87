"""Somebody's download of everything that is theirs."""

import secrets
import tempfile
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.export import write_zip

if TYPE_CHECKING:
    from accounts.models.user import User

KEPT = timedelta(days=7)
# After this nobody is making it any more: the process was ended meanwhile.
PATIENCE = timedelta(minutes=15)


def private_storage() -> Storage:
    return storages["exports"]


def _files_before(moment: datetime) -> list[str]:
    storage = private_storage()
    if not storage.exists(""):
        return []
    _folders, names = storage.listdir("")
    return [name for name in names if storage.get_modified_time(name) < moment]


class ExportQuerySet(models.QuerySet["Export"]):
    def outlived(self) -> "ExportQuerySet":
        """Those that were kept long enough."""
        return self.filter(asked_at__lt=timezone.now() - KEPT)

    def sweep(self) -> None:
        """Delete those, and files that belong to nobody: somebody was deleted, or the process ended in between."""
        for export in self.outlived():
            export.discard()
        kept = set(self.model.objects.values_list("file_name", flat=True))
        for name in _files_before(timezone.now() - KEPT):
            if name not in kept:
                private_storage().delete(name)


class Export(models.Model):
    """One at a time for each person. Nobody but them is ever given it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="export")
    # In the private storage. Not a FileField, which would give it an address.
    file_name = models.CharField(max_length=64, blank=True, editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    made_at = models.DateTimeField(null=True, blank=True, editable=False)
    failed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")

    def __str__(self) -> str:
        return f"{self.user} {self.asked_at:%Y-%m-%d}"

    @property
    def is_being_made(self) -> bool:
        return not (self.made_at or self.failed_at) and timezone.now() < self.asked_at + PATIENCE

    @property
    def is_ready(self) -> bool:
        return self.made_at is not None and timezone.now() < self.kept_until and self.is_there

    @property
    def is_there(self) -> bool:
        """It is not where a backup of the database has been restored: files of this kind are in no backup."""
        return private_storage().exists(self.file_name)

    @property
    def has_failed(self) -> bool:
        return not (self.is_being_made or self.made_at)

    @property
    def kept_until(self) -> datetime:
        return self.asked_at + KEPT

    @property
    def size(self) -> int:
        """Bytes."""
        return private_storage().size(self.file_name)

    def open(self) -> IO[Any]:
        return private_storage().open(self.file_name)

    @property
    def title(self) -> str:
        return f"cobra-space-{self.user.nickname}-{timezone.localdate(self.asked_at)}.zip"

    @classmethod
    def begin(cls, user: "User") -> "Export":
        """Have it put together off the request. The one before is deleted, unless it is still being made."""
        with transaction.atomic():
            get_user_model().objects.select_for_update().get(pk=user.pk)  # two clicks at once
            cls.objects.sweep()
            before = cls.objects.filter(user=user).first()
            if before and before.is_being_made:
                return before
            if before:
                before.discard()
            export = cls.objects.create(user=user)
            transaction.on_commit(lambda: make_export.enqueue(export.pk))
        return export

    def make(self) -> None:
        """Put it together; on a task's thread."""
        mine = Export.objects.filter(pk=self.pk)
        try:
            with tempfile.TemporaryFile() as out:
                write_zip(self.user, out)
                out.seek(0)
                name = private_storage().save(f"{secrets.token_hex(16)}.zip", File(out))
        except Exception:
            mine.update(failed_at=timezone.now())
            raise
        if not mine.update(file_name=name, made_at=timezone.now()):  # the account was closed meanwhile
            private_storage().delete(name)

    def discard(self) -> None:
        """The file goes once it is certain that nobody is shown it any more."""
        name = self.file_name
        self.delete()
        if name:
            transaction.on_commit(lambda: private_storage().delete(name), robust=True)


@task
def make_export(export_id: int) -> None:
    if export := Export.objects.select_related("user__profile").filter(pk=export_id, made_at=None).first():
        export.make()


@task
def sweep_exports() -> None:
    Export.objects.sweep()
