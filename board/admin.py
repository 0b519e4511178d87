from django.contrib import admin

from board.models import Category, Post, Tag


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin[Category]):
    list_display = ("name_ko", "name_en", "slug", "position")
    list_editable = ("position",)
    prepopulated_fields = {"slug": ("name_en",)}


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin[Tag]):
    list_display = ("name", "slug")
    search_fields = ("key",)

    def has_add_permission(self, request: object) -> bool:
        return False


@admin.register(Post)
class PostAdmin(admin.ModelAdmin[Post]):
    """For looking only: a post is changed by its author, on its page."""

    list_display = ("title", "author", "category", "created_at")
    list_select_related = ("author", "category")
    search_fields = ("title",)
    show_full_result_count = False

    def has_add_permission(self, request: object) -> bool:
        return False

    def has_change_permission(self, request: object, obj: Post | None = None) -> bool:
        return False

    def has_delete_permission(self, request: object, obj: Post | None = None) -> bool:
        return False
