"""manage.py backup"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cobra import backups


class Command(BaseCommand):
    help = "Writes the database and the uploaded files into a new folder, while the site runs. See also `restore`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="A folder that is not there yet.")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            backups.back_up(folder)
        except backups.Failed as failure:
            raise CommandError(str(failure)) from failure
        if backups.media_folder() is None:
            self.stderr.write("Uploaded files are in a storage of their own (MEDIA_STORAGE) and not in this backup.")
        self.stdout.write(f"{folder}")
