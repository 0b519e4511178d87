from django.contrib import admin
from django.http import HttpRequest

from rooms.models import Line


@admin.register(Line)
class LineAdmin(admin.ModelAdmin[Line]):
    """For looking only: what changes a room goes through its verbs, which keep its log whole."""

    list_display = ("room", "seq", "author", "text", "created_at")
    search_fields = ("text",)
    list_select_related = ("author", "room")
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Line | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Line | None = None) -> bool:
        return False
