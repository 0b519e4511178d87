from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class CobraConfig(AppConfig):
    default = True
    name = "cobra"

    def ready(self) -> None:
        from cobra import checks  # noqa: F401  registers what it has


class StaticFiles(StaticFilesConfig):
    """Without what no page of ours uses: django-ninja brings a second browser for its documents, 4 MB of it."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc*"]
