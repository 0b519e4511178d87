from django.urls import path, re_path

from accounts.views import people, pictures, settings

app_name = "accounts"
urlpatterns = [
    path("people/<str:nickname>/", people.person_detail, name="person_detail"),
    path("settings/language/", people.language_edit, name="language_edit"),
    path("settings/profile/", settings.profile_edit, name="profile_edit"),
    path("settings/skills/", settings.skills_edit, name="skills_edit"),
    path("settings/account/", settings.account_edit, name="account_edit"),
    path("settings/privacy/", settings.privacy_edit, name="privacy_edit"),
    # The storage puts seven signs behind a name that is there already: two people, one picture.
    re_path(
        r"^media/pictures/(?P<name>[0-9a-f]{32}(?:_\w{7})?\.webp)$", pictures.picture_detail, name="picture_detail"
    ),
]
