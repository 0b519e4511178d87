from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoomsConfig(AppConfig):
    name = "rooms"
    verbose_name = _("Rooms")

    def ready(self) -> None:
        from accounts import export
        from accounts.models.notification import lines_stand_while
        from accounts.whereabouts import told_by
        from rooms import checks, gauges  # noqa: F401  the first registers itself
        from rooms.attendance import whereabouts
        from rooms.export import line_files, membership_files
        from rooms.telling import line_stands

        told_by(whereabouts)
        gauges.register()
        lines_stand_while(line_stands)
        export.register(line_files)
        export.register(membership_files)
