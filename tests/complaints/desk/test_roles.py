from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import CommandError, call_command

from complaints.desk import roles
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def setup_roles(**options: int) -> str:
    out = StringIO()
    call_command("setup_roles", stdout=out, **options)
    return out.getvalue()


def member_of(role: str) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=role))
    return user


def test_every_role_gets_what_its_row_says() -> None:
    setup_roles()
    for role, wanted in roles.ROLES.items():
        permissions = Group.objects.get(name=role).permissions.select_related("content_type")
        assert set(roles.names_of(permissions)) == wanted


def test_running_it_again_changes_nothing_and_says_so() -> None:
    setup_roles()
    before = sorted(Group.permissions.through.objects.values_list("group", "permission"))
    assert setup_roles().splitlines() == [f"{role}: as it should be" for role in roles.ROLES]
    assert sorted(Group.permissions.through.objects.values_list("group", "permission")) == before


def test_asked_to_be_quiet_it_says_nothing_and_does_all() -> None:
    assert setup_roles(verbosity=0) == ""
    assert Group.objects.filter(name__in=roles.ROLES).count() == len(roles.ROLES)


def test_what_the_table_no_longer_grants_is_taken_away_and_said() -> None:
    setup_roles()
    quality = Group.objects.get(name="Quality")
    quality.permissions.add(Permission.objects.get(codename="work_complaint"))
    said = setup_roles()
    assert "Quality: removed resolution.work_complaint" in said
    assert not quality.permissions.filter(codename="work_complaint").exists()


def test_people_stay_in_their_roles() -> None:
    setup_roles()
    handler = member_of("Handler")
    setup_roles()
    assert handler.groups.get().name == "Handler"


def test_a_permission_no_app_declares_is_refused_and_nothing_is_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(roles.ROLES, "Quality", frozenset({"resolution.fly"}))
    with pytest.raises(CommandError, match=r"resolution\.fly"):
        setup_roles()
    assert not Group.objects.exists()


def test_quality_reads_and_exports_and_changes_nothing() -> None:
    setup_roles()
    verbs = {name.partition(".")[2].partition("_")[0] for name in roles.ROLES["Quality"]}
    assert verbs == {"view", "export"}


def test_each_role_up_the_ladder_may_do_what_the_one_below_may() -> None:
    assert roles.ROLES["Handler"] < roles.ROLES["Supervisor"] < roles.ROLES["Manager"]


def test_no_role_makes_administrators() -> None:
    granted = frozenset().union(*roles.ROLES.values())
    assert not {name for name in granted if name.startswith("auth.") and not name.startswith("auth.view_")}
