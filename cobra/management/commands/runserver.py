"""`manage.py runserver`: the same server as `python -m cobra.serve`, reloading while DEBUG is on."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import autoreload

from cobra import bundles, serve


class Command(BaseCommand):
    """Django's own runserver speaks WSGI, which cannot hold a stream open; so this one takes its place."""

    help = "Serves the site, live rooms included. Reloads when code changes if DEBUG is on."
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addrport", nargs="?", default="", help="Port, or address:port.")
        parser.add_argument("--noreload", action="store_true", help="Do not reload when code changes.")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = self._address(options["addrport"])
        if not settings.DEBUG and bundles.are_stale():  # with DEBUG, files are served from where they are written
            call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEBUG and not options["noreload"]:
            autoreload.run_with_reloader(serve.main, host, port)
        else:
            serve.main(host, port)

    def _address(self, text: str) -> tuple[str, int]:
        host, _, port = text.rpartition(":")
        if port and not port.isdecimal():
            raise CommandError(f"{text!r} is not a port, nor an address and a port such as 127.0.0.1:8000.")
        return host or "127.0.0.1", int(port or settings.PORT)
