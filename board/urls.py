from django.contrib.auth.decorators import login_not_required
from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from board import views
from board.converters import UnicodeSlug
from board.feeds import PostFeed

register_converter(UnicodeSlug, "uslug")

app_name = "board"
urlpatterns = [
    path("", views.post_list, name="post_list"),
    path("categories/<slug:slug>/", views.category_detail, name="category_detail"),
    path("tags/<uslug:slug>/", views.tag_detail, name="tag_detail"),
    path("feed/", login_not_required(require_safe(PostFeed())), name="post_feed"),
    path("posts/new/", views.post_new, name="post_new"),
    path("posts/preview/", views.post_preview, name="post_preview"),
    path("posts/<int:post_id>/", views.post_detail, name="post_detail"),
    path("posts/<int:post_id>/edit/", views.post_edit, name="post_edit"),
    path("posts/<int:post_id>/delete/", views.post_delete, name="post_delete"),
    path("posts/<int:post_id>/bookmark/", views.post_bookmark, name="post_bookmark"),
    path("posts/<int:post_id>/history/", views.post_history, name="post_history"),
    path("posts/<int:post_id>/room/", views.post_room, name="post_room"),
]
