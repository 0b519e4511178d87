"""What `manage.py check --deploy` says of a deployment besides Django's own."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import InvalidStorageError, storages

from cobra import grip


@register(Tags.caches, deploy=True)
def shared_cache(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Said where a second process is possible at all; one process needs nothing more, so it is no warning."""
    if settings.REDIS_URL or settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return []
    return [
        Info(
            "Each process counts sign-ins and searches by itself.",
            hint="One process needs nothing more. Before you start a second one, set REDIS_URL: a cache for them all.",
            id="cobra.I001",
        )
    ]


@register(Tags.urls)
def edge(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A GRIP_URL that cannot be read would hold nothing, and say so nowhere."""
    try:
        grip.proxy()
    except ValueError as error:
        return [Error(str(error), hint='See docs/deploy.md, "Pushpin at the edge".', id="cobra.E001")]
    return []


@register(Tags.files)
def media_storage(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Else the first picture would find out."""
    try:
        storages["default"]
    except (InvalidStorageError, ImproperlyConfigured, TypeError) as error:
        return [Error(f"MEDIA_STORAGE: {error}", id="cobra.E002")]
    return []
