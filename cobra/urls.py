"""All addresses. They are promises: permalinks, bots and tests rely on them."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path

from accounts.api import router as people
from board.api import router as posts
from cobra import views
from cobra.api import api, nothing_here
from rooms.api import router as rooms

# The admin's own login knows no limits and no second step; allauth's does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler429 = "cobra.views.too_many"  # allauth's limits

for address, router in (("/user", people), ("/api", posts), ("/api", rooms)):
    api.add_router(address, router)

urlpatterns = [
    path("", include("board.urls")),
    path("", include("rooms.urls")),
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    # For pages that are no HTML and so name no icon of their own.
    path("favicon.ico", views.favicon, name="favicon"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("metrics", views.metrics, name="metrics"),
    path("readyz", views.readyz, name="readyz"),
    path("", api.urls),
    re_path(r"^(?:api|user)/", nothing_here, name="nothing_here"),
]
