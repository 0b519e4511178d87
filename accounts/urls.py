from django.urls import path, re_path

from accounts.views import friends, inbox, leaving, people, pictures, settings

app_name = "accounts"
urlpatterns = [
    path("people/", friends.person_list, name="person_list"),
    path("people/<str:nickname>/", people.person_detail, name="person_detail"),
    path("people/<str:nickname>/friendship/", friends.person_friendship, name="person_friendship"),
    path("people/<str:nickname>/block/", friends.person_block, name="person_block"),
    path("friends/", friends.friend_list, name="friend_list"),
    path("friends/search/", friends.friend_search, name="friend_search"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.inbox_read, name="inbox_read"),
    path("settings/language/", people.language_edit, name="language_edit"),
    path("settings/profile/", settings.profile_edit, name="profile_edit"),
    path("settings/skills/", settings.skills_edit, name="skills_edit"),
    path("settings/account/", settings.account_edit, name="account_edit"),
    path("settings/privacy/", settings.privacy_edit, name="privacy_edit"),
    path("settings/accessibility/", settings.accessibility_edit, name="accessibility_edit"),
    path("keyboard/", settings.keyboard_detail, name="keyboard_detail"),
    # The storage puts seven signs behind a name that is there already: two people, one picture.
    re_path(
        r"^media/pictures/(?P<name>[0-9a-f]{32}(?:_\w{7})?\.webp)$", pictures.picture_detail, name="picture_detail"
    ),
    path("settings/data/", leaving.data_detail, name="data_detail"),
    path("settings/data/download/", leaving.data_download, name="data_download"),
    path("settings/close/", leaving.account_close, name="account_close"),
    path("goodbye/", leaving.account_goodbye, name="account_goodbye"),
]
