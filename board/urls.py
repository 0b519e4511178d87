from django.contrib.auth.decorators import login_not_required
from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from board.converters import UnicodeSlug
from board.feeds import PostFeed
from board.views import (
    deeds,
    digests,
    drafts,
    lists,
    reading,
    reports,
    searching,
    site,
    tags,
    transcripts,
    writing,
)

register_converter(UnicodeSlug, "uslug")

app_name = "board"
urlpatterns = [
    path("", lists.post_list, name="post_list"),
    path("categories/<slug:slug>/", lists.category_detail, name="category_detail"),
    path("tags/", tags.tag_list, name="tag_list"),
    path("tags/suggest/", tags.tag_suggestion, name="tag_suggestion"),
    path("tags/<uslug:slug>/", lists.tag_detail, name="tag_detail"),
    path("rooms/", lists.room_list, name="room_list"),
    path("feed/", login_not_required(require_safe(PostFeed())), name="post_feed"),
    path("search/", searching.search_list, name="search_list"),
    path("search/suggest/", searching.search_suggest, name="search_suggest"),
    path("posts/new/", writing.post_new, name="post_new"),
    path("posts/preview/", writing.post_preview, name="post_preview"),
    path("drafts/", drafts.draft_list, name="draft_list"),
    path("drafts/<uuid:draft_id>/", drafts.draft_detail, name="draft_detail"),
    path("posts/<int:post_id>/", reading.post_detail, name="post_detail"),
    path("posts/<int:post_id>/edit/", writing.post_edit, name="post_edit"),
    path("posts/<int:post_id>/delete/", writing.post_delete, name="post_delete"),
    path("posts/<int:post_id>/bookmark/", reading.post_bookmark, name="post_bookmark"),
    path("posts/<int:post_id>/view/", reading.post_view, name="post_view"),
    path("posts/<int:post_id>/history/", reading.post_history, name="post_history"),
    path("posts/<int:post_id>/digest/", digests.digest_list, name="digest_list"),
    path("posts/<int:post_id>/digest/new/", digests.digest_new, name="digest_new"),
    path("posts/<int:post_id>/digest/<int:digest_id>/", digests.digest_detail, name="digest_detail"),
    path("posts/<int:post_id>/digest/<int:digest_id>/edit/", digests.digest_edit, name="digest_edit"),
    path("posts/<int:post_id>/digest/<int:digest_id>/state/", digests.digest_state, name="digest_state"),
    path("lines/<int:line_id>/tick/", digests.line_tick, name="line_tick"),
    path("posts/<int:post_id>/transcript/", transcripts.post_transcript, name="post_transcript"),
    path("posts/<int:post_id>/export/", transcripts.post_export, name="post_export"),
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
