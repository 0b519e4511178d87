from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from board.models import Category, Post, PostTag, Tag
from board.search import keeping
from cobra.db import write


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin[Category]):
    list_display = ("name_ko", "name_en", "slug", "position")
    list_editable = ("position",)
    prepopulated_fields = {"slug": ("name_en",)}


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin[Tag]):
    """Posts are found by the names of their tags, so these verbs go through the index of the search."""

    list_display = ("name", "slug")
    search_fields = ("key",)
    readonly_fields = ("name",)  # its key, by which authors find it, is made of it

    def has_add_permission(self, request: object) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        with write(), keeping.revising(_posts_of(obj.pk)):
            super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        with write(), keeping.revising(_posts_of(obj.pk)):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> None:
        with write(), keeping.revising(_posts_of(*queryset.values_list("pk", flat=True))):
            super().delete_queryset(request, queryset)


def _posts_of(*tags: int) -> list[int]:
    return list(PostTag.objects.filter(tag__in=tags).values_list("content_object_id", flat=True).distinct().order_by())


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
