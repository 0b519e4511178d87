from django.urls import path

from accounts.views import people, settings

app_name = "accounts"
urlpatterns = [
    path("people/<str:nickname>/", people.person_detail, name="person_detail"),
    path("settings/language/", people.language_edit, name="language_edit"),
    path("settings/profile/", settings.profile_edit, name="profile_edit"),
]
