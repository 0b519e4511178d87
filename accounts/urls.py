from django.urls import path

from accounts.views import friends, inbox, people, settings

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
]
