"""manage.py restore: in rooms, since the logs of the rooms are others afterwards."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from accounts.models import User
from cobra import backups
from rooms.models import RoomVersion


class Command(BaseCommand):
    help = (
        "Puts a backup in the place of what the site holds now. Stop the site first, and run `migrate` afterwards "
        "when the backup is from an older release."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="What `backup` wrote.")
        parser.add_argument("--overwrite", action="store_true", help="Also where people have signed up already.")

    def handle(self, *args: Any, folder: Path, overwrite: bool, **options: Any) -> None:
        if not overwrite and self._is_lived_in():
            raise CommandError("People have signed up here, and all they wrote would be gone: --overwrite says so.")
        try:
            backups.restore(folder)
        except backups.Failed as failure:
            raise CommandError(str(failure)) from failure
        # Whoever has heard later versions than the backup knows would take the next lines for those.
        RoomVersion.objects.all().renew_epochs()
        self.stdout.write("Restored. Now: manage.py migrate")

    def _is_lived_in(self) -> bool:
        return User._meta.db_table in connection.introspection.table_names() and User.objects.exists()
