"""What Django's checks say of a running site: `manage.py check --database default`."""

from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError

from cobra.models import Sighting
from rooms.elsewhere import SILENT


@register(Tags.database)
def limits_are_shared(
    app_configs: Sequence[Any] | None, databases: Collection[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """allauth counts attempts to sign in, and we searches and streams, in the cache: one for all processes."""
    if settings.REDIS_URL or not databases:
        return []
    try:
        alive = [process for process, _seen, age in Sighting.objects.aged() if age < SILENT]
    except DatabaseError:  # the tables are not there yet
        return []
    if len(alive) < 2:
        return []
    text = f"{len(alive)} processes serve this site, and each counts sign-ins, searches and streams by itself."
    return [Warning(text, hint="Name a Redis in REDIS_URL: then they count together.", id="rooms.W001")]
