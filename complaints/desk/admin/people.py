from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from complaints.desk.admin.bounded import PlainAdmin

#: What would make somebody more than they are. Only administrators give these away.
POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")

admin.site.unregister(User)
admin.site.unregister(Group)


@admin.register(User)
class PersonAdmin(UserAdmin, PlainAdmin):  # type: ignore[misc, type-arg]
    """Never deleted: the ledger names them. Who has left is made inactive."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "email", "roles", "is_active")
    list_filter = ("is_active", "groups")
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        people: QuerySet[User] = super().get_queryset(request).prefetch_related("groups")
        return people

    @display(description="Roles")  # type: ignore[untyped-decorator]
    def roles(self, person: User) -> str:
        return ", ".join(group.name for group in person.groups.all()) or "none"

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        fixed: tuple[str, ...] = tuple(super().get_readonly_fields(request, obj))
        return fixed if _is_administrator(request) else (*fixed, *POWERS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever sets an administrator's password is one."""
        if obj is not None and obj.is_superuser and not _is_administrator(request):
            return False
        return bool(super().has_change_permission(request, obj))


@admin.register(Group)
class RoleAdmin(GroupAdmin, PlainAdmin):  # type: ignore[misc]
    """The roles `setup_roles` makes, and others. Authority limits and queues hang on them, so none is deleted."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_administrator(request)

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return _is_administrator(request)


def _is_administrator(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser
