"""manage.py load_demo"""

import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from board.demo import community

# Without letters that look like others.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = "Loads the demo community once, and says how to sign in to it. For a site on SQLite and loopback hosts only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-allowed", action="store_true", help="elsewhere do nothing, instead of refusing")
        parser.add_argument("--quiet", action="store_true", help="load it and print nothing")

    def handle(self, *args: Any, quiet: bool, if_allowed: bool, **options: Any) -> None:
        if settings.IS_PUBLIC or not settings.IS_EMBEDDED:
            if if_allowed:
                return
            raise CommandError(
                "데모는 내 컴퓨터에서만 열리고 SQLite를 쓰는 사이트에만 넣을 수 있어요. · "
                "The demo loads only into a site on SQLite that this machine alone can reach."
            )
        community.load(timezone.now())
        path = settings.VAR_DIR / "demo-logins"
        logins = passwords(path, community.sign_in_people())
        if not quiet:
            languages = dict(settings.LANGUAGES)
            self.stdout.write("데모에 들어오는 방법 · Demo logins")
            for person, password in logins:
                self.stdout.write(f"  {person.email:<20} {password}   {languages[person.language]}")
            self.stdout.write(f"  적어 둔 곳 · kept in {path}")


def passwords(path: Path, people: list[User]) -> list[tuple[User, str]]:
    """Each person's password, from the file or made and written there (0600)."""
    known = dict(line.split() for line in path.read_text().splitlines()) if path.exists() else {}
    for person in people:
        if person.email not in known or not person.has_usable_password():
            known[person.email] = known.get(person.email) or random_password()
            person.set_password(known[person.email])
            person.save(update_fields=["password"])
            person.end_streams()
    logins = [(person, known[person.email]) for person in people]
    text = "".join(f"{person.email} {password}\n" for person, password in logins)
    if not path.exists() or path.read_text() != text:
        path.unlink(missing_ok=True)  # an old file would keep its old mode
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    return logins


def random_password() -> str:
    """Three groups of five letters, 74 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))
