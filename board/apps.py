from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    name = "board"
    verbose_name = _("Board")

    def ready(self) -> None:
        from accounts import export, leaving
        from accounts.whereabouts import rooms_told_by
        from board.export import bookmark_files, draft_files, forget, post_files
        from board.listing import titles_of, words_of
        from board.search.keeping import LineKeeper
        from rooms import lobby, words

        rooms_told_by(titles_of)
        lobby.told_by(words_of)
        export.register(post_files)
        export.register(bookmark_files)
        export.register(draft_files)
        leaving.register(forget)
        words.register(LineKeeper())
