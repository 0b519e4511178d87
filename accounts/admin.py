from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from accounts.models import Profile, User


class ProfileInline(admin.StackedInline[Profile, User]):
    model = Profile
    can_delete = False


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    ordering = ("-date_joined",)
    list_display = ("nickname", "email", "is_staff", "is_active", "date_joined")
    search_fields = ("nickname_key", "email")
    readonly_fields = ("date_joined", "last_login")
    inlines = (ProfileInline,)
    fieldsets = (
        (None, {"fields": ("email", "nickname", "password")}),
        (None, {"fields": ("language", "time_zone", "is_findable_by_email", "suspended_until")}),
        (None, {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (None, {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "nickname", "usable_password", "password1", "password2")}),
    )
