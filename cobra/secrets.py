"""The site's secret key."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key


def secret_key(folder: Path, *, may_be_made: bool) -> str:
    """The key from `SECRET_KEY`, else one made once into a 0600 file in `folder`.

    Raises:
        ImproperlyConfigured: the environment has none and this is not a machine that talks to itself only.
    """
    if key := os.environ.get("SECRET_KEY"):
        return key
    if not may_be_made:
        raise ImproperlyConfigured("Set SECRET_KEY: only a site on SQLite and loopback hosts may make one itself.")
    path = folder / "secret_key"
    try:
        # O_EXCL: of two processes that start together one makes the key and both read that one.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    return path.read_text()
