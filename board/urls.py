from django.contrib.auth.decorators import login_not_required
from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from board.converters import UnicodeSlug
from board.feeds import PostFeed
from board.views import deeds, lists, reading, reports, site, writing

register_converter(UnicodeSlug, "uslug")

app_name = "board"
urlpatterns = [
    path("", lists.post_list, name="post_list"),
    path("categories/<slug:slug>/", lists.category_detail, name="category_detail"),
    path("tags/<uslug:slug>/", lists.tag_detail, name="tag_detail"),
    path("feed/", login_not_required(require_safe(PostFeed())), name="post_feed"),
    path("posts/new/", writing.post_new, name="post_new"),
    path("posts/preview/", writing.post_preview, name="post_preview"),
    path("posts/<int:post_id>/", reading.post_detail, name="post_detail"),
    path("posts/<int:post_id>/edit/", writing.post_edit, name="post_edit"),
    path("posts/<int:post_id>/delete/", writing.post_delete, name="post_delete"),
    path("posts/<int:post_id>/bookmark/", reading.post_bookmark, name="post_bookmark"),
    path("posts/<int:post_id>/history/", reading.post_history, name="post_history"),
    path("posts/<int:post_id>/room/", reading.post_room, name="post_room"),
    path("reports/", reports.report_list, name="report_list"),
    path("reports/new/", reports.report_new, name="report_new"),
    path("reports/<int:report_id>/", reports.report_detail, name="report_detail"),
    path("moderation/", deeds.deed_list, name="deed_list"),
    path("moderation/<int:deed_id>/undo/", deeds.deed_undo, name="deed_undo"),
    path("rules/", site.rules, name="rules"),
    path("site/", site.site_detail, name="site_detail"),
    path("site/categories/new/", site.category_new, name="category_new"),
    path("site/categories/<slug:slug>/", site.category_edit, name="category_edit"),
    path("site/texts/<slug:key>/", site.site_text_edit, name="site_text_edit"),
]
