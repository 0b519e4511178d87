from django.urls import path

from accounts.views import leaving, people, settings

app_name = "accounts"
urlpatterns = [
    path("people/<str:nickname>/", people.person_detail, name="person_detail"),
    path("settings/language/", people.language_edit, name="language_edit"),
    path("settings/profile/", settings.profile_edit, name="profile_edit"),
    path("settings/data/", leaving.data_detail, name="data_detail"),
    path("settings/data/download/", leaving.data_download, name="data_download"),
    path("settings/close/", leaving.account_close, name="account_close"),
    path("goodbye/", leaving.account_goodbye, name="account_goodbye"),
]
