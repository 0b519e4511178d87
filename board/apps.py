from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = _("Board")

    def ready(self) -> None:
        from accounts import export
        from accounts.inbox import unread_rooms_told_by
        from accounts.whereabouts import rooms_told_by
        from board.export import bookmark_files, post_files
        from board.listing import titles_of, unread_rooms
        from board.search.keeping import LineKeeper
        from rooms import words

        rooms_told_by(titles_of)
        unread_rooms_told_by(unread_rooms)
        export.register(post_files)
        export.register(bookmark_files)
        words.register(LineKeeper())
