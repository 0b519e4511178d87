from django.urls import path

from rooms import views

app_name = "rooms"
urlpatterns = [
    path("posts/<int:post_id>/room/lines/", views.line_new, name="line_new"),
    path("lines/<int:line_id>/", views.line_detail, name="line_detail"),
]
