from typing import Any

from django.apps import AppConfig
from django.contrib.admin import apps
from django.contrib.auth.signals import user_logged_out
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from accounts import export

        export.register(export.people_files)
        user_logged_out.connect(_end_streams, dispatch_uid="accounts")


def _end_streams(user: Any, **_: Any) -> None:
    """Of who signed out, in the admin too."""
    if user:
        user.end_streams()


class Admin(apps.AdminConfig):
    """Django's admin, with the moderation log behind it."""

    default = False
    default_site = "accounts.admin_site.StaffSite"
