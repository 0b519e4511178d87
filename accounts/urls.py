from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("people/<str:nickname>/", views.person_detail, name="person_detail"),
    path("settings/language/", views.language_edit, name="language_edit"),
    path("settings/profile/", views.profile_edit, name="profile_edit"),
]
