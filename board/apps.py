from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = _("Board")

    def ready(self) -> None:
        from accounts import export, leaving, watch
        from accounts.inbox import unread_rooms_told_by
        from accounts.whereabouts import rooms_told_by
        from board.export import bookmark_files, digest_files, draft_files, forget, post_files
        from board.listing import titles_of, unread_rooms, words_of
        from board.models import Report
        from board.search.keeping import LineKeeper
        from rooms import lobby, words

        watch.told_by(Report.file_by_site)
        rooms_told_by(titles_of)
        unread_rooms_told_by(unread_rooms)
        lobby.told_by(words_of)
        export.register(post_files)
        export.register(bookmark_files)
        export.register(draft_files)
        export.register(digest_files)
        leaving.register(forget)
        words.register(LineKeeper())
