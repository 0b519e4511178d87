from django.urls import path

from rooms.views import lines

app_name = "rooms"
urlpatterns = [
    path("posts/<int:post_id>/room/lines/", lines.line_new, name="line_new"),
    path("lines/<int:line_id>/", lines.line_detail, name="line_detail"),
]
