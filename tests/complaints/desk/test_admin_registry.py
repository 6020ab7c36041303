"""What holds for every page of the admin, whoever wrote it and whenever it is added."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from simple_history.admin import SimpleHistoryAdmin

from tests.complaints.desk.staff import administrator, member_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
#: Refused, or no such page.
SHUT = {403, 404}
every_model = pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label_lower)


def address(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@every_model
def test_sec_16_nothing_is_edited_from_a_list(model: type[Model]) -> None:
    assert not admin.site._registry[model].list_editable


@every_model
def test_no_list_counts_a_whole_table(model: type[Model]) -> None:
    page = admin.site._registry[model]
    if model._meta.label == "resolution.Complaint":
        return
    assert page.show_full_result_count is False
    assert page.paginator.__name__ in {"BoundedPaginator", "NewestPaginator"}


@every_model
def test_no_list_follows_every_relation_or_walks_by_date(model: type[Model]) -> None:
    page = admin.site._registry[model]
    assert page.list_select_related is not True
    assert not page.date_hierarchy
    assert not page.save_as


@every_model
def test_sec_24_no_past_is_written_back(client: Client, model: type[Model]) -> None:
    page = admin.site._registry[model]
    if not isinstance(page, SimpleHistoryAdmin):
        return
    client.force_login(administrator())
    answer = client.post(address(model, "simple_history", 1, 1), {"name": "x"})
    assert answer.status_code == 403


@every_model
def test_anonymous_is_led_to_the_login_page(client: Client, model: type[Model]) -> None:
    for page in ("changelist", "add"):
        answer = client.get(address(model, page))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/desk/login/")


@every_model
def test_staff_without_a_role_open_nothing(client: Client, model: type[Model]) -> None:
    client.force_login(UserFactory())
    assert client.get(address(model, "changelist")).status_code == 403
    assert client.get(address(model, "add")).status_code in SHUT
    assert client.get(address(model, "change", 1)).status_code in {302, 403, 404}


@every_model
def test_an_administrator_opens_every_list(client: Client, model: type[Model]) -> None:
    client.force_login(administrator())
    assert client.get(address(model, "changelist")).status_code == 200


@every_model
@pytest.mark.parametrize("role", ["Handler", "Supervisor", "Manager", "Quality"])
def test_sec_18_who_may_only_look_adds_nothing(client: Client, model: type[Model], role: str) -> None:
    user = member_of(role)
    if user.has_perm(f"{model._meta.app_label}.add_{model._meta.model_name}"):
        return
    if model._meta.label == "resolution.Complaint" and role != "Quality":
        return
    client.force_login(user)
    before = model._default_manager.count()
    for query in ("", "?_popup=1"):
        page = address(model, "add") + query
        assert client.get(page).status_code in SHUT
        assert client.post(page, {"name": "x", "_saveasnew": "1"}).status_code in SHUT
    assert model._default_manager.count() == before


@pytest.mark.parametrize(
    "query",
    [
        "password__startswith=pbkdf2",
        "groups__permissions__codename=work_complaint",
        "held_complaints__title__startswith=a",
        "proposed_offers__seal__startswith=a",
    ],
)
def test_sec_23_people_are_not_filtered_by_what_no_filter_offers(client: Client, query: str) -> None:
    client.force_login(member_of("Manager"))
    answer = client.get(f"/desk/auth/user/?{query}")
    assert answer.status_code in {302, 400}


@pytest.mark.parametrize(
    "query", ["complaints__restricted=1", "complaints__title__startswith=a", "complaints__handler=1"]
)
def test_sec_23_customers_are_not_filtered_by_their_complaints(client: Client, query: str) -> None:
    client.force_login(member_of("Handler"))
    answer = client.get(f"/desk/resolution/customer/?{query}")
    assert answer.status_code in {302, 400}


def test_the_whole_page_is_ours_from_the_first_letter(client: Client) -> None:
    page = client.get("/desk/login/").content.decode()
    assert "Redress" in page
    assert "Django" not in page
