from django.apps import AppConfig
from django.contrib.admin import apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from accounts import export

        export.register(export.people_files)


class Admin(apps.AdminConfig):
    """Django's admin, with the moderation log behind it."""

    default = False
    default_site = "accounts.admin_site.StaffSite"
