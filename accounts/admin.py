from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.models import Deed, Profile, User


class ProfileInline(admin.StackedInline[Profile, User]):
    """For looking only where a verb of the profile does more than to store what is typed."""

    model = Profile
    can_delete = False
    readonly_fields = ("about", "picture")


@admin.register(User)
class PersonAdmin(UserAdmin[User]):
    ordering = ("-date_joined",)
    list_display = ("nickname", "email", "is_staff", "is_active", "date_joined")
    search_fields = ("nickname_key", "email")
    readonly_fields = ("date_joined", "last_login", "suspended_until")
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

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """A nickname is chosen when somebody is added; `rename` keeps the old one reserved."""
        return (*self.readonly_fields, "nickname") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: User, form: "ModelForm[User]", change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and {"is_staff", "is_active"} & {*form.changed_data}:
            obj.end_streams()  # what they may read live is asked again


@admin.register(Deed)
class DeedAdmin(admin.ModelAdmin[Deed]):
    """For looking only: rows come from what the staff do."""

    list_display = ("created_at", "action", "by", "person", "room_id", "line_id", "reason", "detail")
    list_select_related = ("by", "person")
    list_filter = ("action",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Deed | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Deed | None = None) -> bool:
        return False
