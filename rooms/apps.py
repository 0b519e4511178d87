from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoomsConfig(AppConfig):
    name = "rooms"
    verbose_name = _("Rooms")

    def ready(self) -> None:
        from accounts import export
        from accounts.whereabouts import told_by
        from rooms.export import line_files
        from rooms.live import whereabouts

        told_by(whereabouts)
        export.register(line_files)
