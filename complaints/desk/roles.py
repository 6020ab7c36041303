"""What each role may do: one table, written into the groups by `setup_roles`.

Permissions say which doors open; how much money a person may grant is `AuthorityLimit`'s matter alone, so an
administrator opens every door and still has no authority.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.db.models import Q

READS = frozenset(
    {
        "resolution.view_complaint",
        "resolution.view_customer",
    }
)
WORKS = READS | {
    "resolution.work_complaint",
    "resolution.change_customer",
    "followups.view_plannedletter",
    "mailroom.view_outgoingmail",
}
SUPERVISES = WORKS | {
    "resolution.assign_complaint",
    "resolution.decide_offer",
    "resolution.supervise_complaint",
    "resolution.view_authoritylimit",
    "escalations.work_escalation",
    "escalations.view_escalation",
    "escalations.view_queue",
    "escalations.view_substitution",
    "mailroom.resend_outgoingmail",
}
MANAGES = SUPERVISES | {
    "resolution.import_complaint",
    "policies.view_packversion",
    "policies.add_packversion",
    "policies.view_lettertemplate",
    "policies.add_lettertemplate",
    "resolution.export_complaint",
    "resolution.view_category",
    "resolution.add_category",
    "resolution.change_category",
    "resolution.view_rootcause",
    "resolution.add_rootcause",
    "resolution.change_rootcause",
    "resolution.add_authoritylimit",
    "resolution.change_authoritylimit",
    "resolution.delete_authoritylimit",
    "escalations.add_queue",
    "escalations.change_queue",
    "escalations.arrange_substitution",
    "auth.view_user",
    "auth.view_group",
}
LEARNS = READS | {
    "resolution.export_complaint",
    "resolution.view_category",
    "resolution.view_rootcause",
    "resolution.view_authoritylimit",
    "escalations.view_escalation",
    "escalations.view_queue",
    "followups.view_plannedletter",
    "mailroom.view_outgoingmail",
}

ROLES: dict[str, frozenset[str]] = {
    "Handler": WORKS,
    "Supervisor": SUPERVISES,
    "Manager": MANAGES,
    "Quality": LEARNS,
}


class UnknownPermission(LookupError):
    """The table grants something no app declares: a typing error, or migrations that have not run."""


@dataclass(frozen=True, slots=True)
class Change:
    """What setting up did to one group."""

    role: str
    is_new: bool
    granted: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def is_any(self) -> bool:
        return self.is_new or bool(self.granted or self.removed)


@transaction.atomic
def set_up() -> list[Change]:
    """Make the groups say what the table says, no more and no less. Running it again changes nothing."""
    permissions = _permissions(frozenset().union(*ROLES.values()))
    there = set(Group.objects.filter(name__in=ROLES).values_list("name", flat=True))
    Group.objects.bulk_create(
        [Group(name=role) for role in ROLES if role not in there], ignore_conflicts=True
    )
    groups = {group.name: group for group in Group.objects.filter(name__in=ROLES)}
    changes = list(_changes(there))
    _grant((groups[one.role], permissions[name]) for one in changes for name in one.granted)
    for one in changes:
        if one.removed:
            groups[one.role].permissions.remove(*_permissions(one.removed).values())
    return changes


def _changes(there: set[str]) -> Iterator[Change]:
    present: dict[str, set[str]] = {role: set() for role in ROLES}
    held = Permission.objects.filter(group__name__in=ROLES).values_list(
        "group__name", "content_type__app_label", "codename"
    )
    for role, app_label, codename in held:
        present[role].add(f"{app_label}.{codename}")
    for role, wanted in ROLES.items():
        granted, removed = wanted - present[role], present[role] - wanted
        yield Change(role, role not in there, tuple(sorted(granted)), tuple(sorted(removed)))


def _grant(pairs: Iterable[tuple[Group, Permission]]) -> None:
    held = Group.permissions.through
    held.objects.bulk_create(
        [held(group=group, permission=permission) for group, permission in pairs], ignore_conflicts=True
    )


def _permissions(names: Iterable[str]) -> dict[str, Permission]:
    wanted = set(names)
    by_app: dict[str, list[str]] = {}
    for name in wanted:
        app_label, _, codename = name.partition(".")
        by_app.setdefault(app_label, []).append(codename)
    any_of = Q(pk__in=[])
    for app_label, codenames in by_app.items():
        any_of |= Q(content_type__app_label=app_label, codename__in=codenames)
    found = list(Permission.objects.filter(any_of).select_related("content_type"))
    known = dict(zip(names_of(found), found, strict=True))
    if missing := sorted(wanted - set(known)):
        raise UnknownPermission(", ".join(missing))
    return known


def names_of(permissions: Iterable[Permission]) -> Iterator[str]:
    for permission in permissions:
        yield f"{permission.content_type.app_label}.{permission.codename}"


#: What only this role and those above it may do: enough to say who somebody is without asking the database again.
TELLING = (
    ("resolution.import_complaint", "Manager"),
    ("resolution.decide_offer", "Supervisor"),
    ("resolution.work_complaint", "Handler"),
    ("resolution.view_complaint", "Quality"),
)


def role_of(user: User) -> str:
    """What to call this person on a page; empty for staff who may do nothing here."""
    if user.is_superuser:
        return "Administrator"
    return next((role for permission, role in TELLING if user.has_perm(permission)), "")
