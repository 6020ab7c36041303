from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from tests.complaints.desk.staff import administrator, member_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LIST = "/desk/auth/user/"


def person_editor() -> User:
    """Not an administrator, but given the right to change people by hand."""
    user = member_of("Manager")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["change_user", "add_user"]))
    return user


def form_of(person: User, **changes: object) -> dict[str, object]:
    return {
        "username": person.username,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": person.email,
        "is_active": "on",
        **changes,
    }


def test_an_administrator_gives_roles(client: Client) -> None:
    person = UserFactory()
    member_of("Handler")
    client.force_login(administrator())
    role = Group.objects.get(name="Supervisor")
    answer = client.post(f"{LIST}{person.pk}/change/", form_of(person, is_staff="on", groups=[role.pk]))
    assert answer.status_code == 302, answer.context["errors"]
    assert list(person.groups.all()) == [role]


def test_sec_15_nobody_but_an_administrator_makes_anybody_more_than_they_are(client: Client) -> None:
    editor = person_editor()
    client.force_login(editor)
    powers = {
        "is_staff": "on",
        "is_superuser": "on",
        "groups": [Group.objects.get(name="Supervisor").pk],
        "user_permissions": [Permission.objects.get(codename="decide_offer").pk],
    }
    for person in (UserFactory(is_staff=False), editor):
        before = (person.is_staff, set(person.groups.all()))
        assert client.post(f"{LIST}{person.pk}/change/", form_of(person, **powers)).status_code == 302
        person.refresh_from_db()
        assert (person.is_staff, set(person.groups.all())) == before
        assert not person.is_superuser
        assert not person.user_permissions.filter(codename="decide_offer").exists()


def test_nobody_but_an_administrator_touches_an_administrator(client: Client) -> None:
    boss = administrator()
    boss.set_password("the old password, long")
    boss.save()
    client.force_login(person_editor())
    new = {"password1": "mallory was here 1", "password2": "mallory was here 1", "usable_password": "true"}
    assert client.post(f"{LIST}{boss.pk}/password/", new).status_code == 403
    assert client.post(f"{LIST}{boss.pk}/change/", form_of(boss, email="m@example.com")).status_code == 403
    boss.refresh_from_db()
    assert boss.check_password("the old password, long")


def test_sec_18_a_manager_looks_at_people_and_changes_none(client: Client) -> None:
    person = UserFactory(first_name="Jana")
    client.force_login(member_of("Manager"))
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}{person.pk}/change/").status_code == 200
    assert client.post(f"{LIST}{person.pk}/change/", form_of(person, first_name="X")).status_code == 403
    assert client.post(f"{LIST}{person.pk}/password/", {}).status_code == 403
    person.refresh_from_db()
    assert person.first_name == "Jana"


def test_the_ledger_names_people_so_none_is_deleted(client: Client) -> None:
    person = UserFactory()
    client.force_login(administrator())
    assert client.post(f"{LIST}{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()


def test_roles_are_changed_by_administrators_alone(client: Client) -> None:
    manager = member_of("Manager")
    manager.user_permissions.add(*Permission.objects.filter(codename__in=["change_group", "add_group"]))
    role = Group.objects.get(name="Handler")
    client.force_login(manager)
    page = f"/desk/auth/group/{role.pk}/change/"
    assert client.post(page, {"name": "Handler", "permissions": []}).status_code == 403
    assert client.get("/desk/auth/group/add/").status_code == 403
    assert role.permissions.exists()


def test_the_list_of_people_says_their_roles_without_asking_for_each(
    client: Client, django_assert_max_num_queries: object
) -> None:
    client.force_login(administrator())
    for role in ("Handler", "Supervisor", "Quality"):
        member_of(role)
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        page = client.get(LIST).content.decode()
    assert "Quality" in page


def test_the_pages_are_called_as_the_menu_calls_them_and_tell_the_time_as_the_desk_does(
    client: Client,
) -> None:
    person = UserFactory(last_login=datetime(2026, 3, 2, 15, 5, tzinfo=UTC))
    client.force_login(administrator())
    page = client.get(f"{LIST}{person.pk}/change/").text
    assert "Authentication and Authorization" not in page.split("<form")[0]
    assert "2 Mar 2026, 15:05" in page
