from django.urls import path

from rooms.views import changes, lines, presence, reading, rooms, verdicts

app_name = "rooms"
urlpatterns = [
    path("posts/<int:post_id>/room/lines/", lines.line_new, name="line_new"),
    path("posts/<int:post_id>/room/people/", rooms.room_people, name="room_people"),
    path("posts/<int:post_id>/room/membership/", reading.room_membership, name="room_membership"),
    path("posts/<int:post_id>/room/presence/", presence.room_presence, name="room_presence"),
    path("posts/<int:post_id>/room/beat/", presence.room_beat, name="room_beat"),
    path("posts/<int:post_id>/room/read/", reading.room_read, name="room_read"),
    path("posts/<int:post_id>/verdict/", verdicts.room_verdict, name="room_verdict"),
    path("posts/<int:post_id>/slow-mode/", verdicts.room_slow_mode, name="room_slow_mode"),
    path("lines/<int:line_id>/", lines.line_detail, name="line_detail"),
    path("lines/<int:line_id>/edit/", changes.line_edit, name="line_edit"),
    path("lines/<int:line_id>/delete/", changes.line_delete, name="line_delete"),
    path("lines/<int:line_id>/reactions/", changes.line_reactions, name="line_reactions"),
]
