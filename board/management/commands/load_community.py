"""manage.py load_community FILE…"""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from board.importing import BadRecord, Tally, check, load


class Command(BaseCommand):
    help = "Imports posts and chat logs: JSON lines, one object a line. What is here already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args: Any, files: list[Path], verbosity: int, **options: Any) -> None:
        try:
            # All of them first: a mistake in the last file is heard before the first one went in.
            totals = [check(path) for path in files]
            for path, total in zip(files, totals, strict=True):
                tally = load(path, total=total, shows_progress=verbosity > 0)
                if verbosity > 0:
                    self.stdout.write(sentence(path, tally))
        except (BadRecord, OSError) as error:
            raise CommandError(str(error)) from error


def sentence(path: Path, tally: Tally) -> str:
    return _(
        "%(path)s: new are %(posts)d posts, %(rooms)d rooms, %(lines)d lines, %(people)d people; "
        "here before were %(posts_known)d posts, %(lines_known)d lines."
    ) % {"path": path, **asdict(tally)}
