import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.resolution import actions
from complaints.resolution.models import Customer
from tests.complaints.desk.staff import administrator, member_of
from tests.factories import NOW, CustomerFactory, UserFactory, investigating, received, supervisor_user

pytestmark = pytest.mark.django_db

LIST = "/desk/resolution/customer/"
MOST_QUERIES = 14


def change(customer: Customer) -> str:
    return f"{LIST}{customer.pk}/change/"


def form_of(customer: Customer, **changes: object) -> dict[str, object]:
    fields = {
        "name": customer.name,
        "email": customer.email,
        "phone": "",
        "address": customer.address,
        "postcode": customer.postcode,
        "preferred_channel": customer.preferred_channel,
        "language": customer.language,
        "contact_from": "",
        "contact_until": "",
        "access_needs": "",
        "customer_since": "",
    }
    return fields | changes


def hidden_customer() -> Customer:
    customer = CustomerFactory(name="Famous Person")
    boss = supervisor_user()
    actions.restrict(received(customer=customer), confidants=[], reason="Press", by=boss, now=NOW)
    return customer


def test_a_handler_corrects_how_a_customer_is_reached_and_history_keeps_what_was(client: Client) -> None:
    customer = CustomerFactory(name="Maria Okafor", email="maria@example.com")
    client.force_login(member_of("Handler"))
    answer = client.post(change(customer), form_of(customer, email="New@Example.com", vulnerable="on"))
    assert answer.status_code == 302, answer.context["errors"]
    customer.refresh_from_db()
    assert (customer.email, customer.vulnerable) == ("new@example.com", True)
    assert list(customer.history.values_list("email", flat=True)) == ["new@example.com", "maria@example.com"]


def test_one_address_names_one_customer(client: Client) -> None:
    CustomerFactory(email="maria@example.com")
    other = CustomerFactory()
    client.force_login(member_of("Handler"))
    answer = client.post(change(other), form_of(other, email="MARIA@example.com"))
    assert answer.status_code == 200
    assert answer.context["errors"]


def test_a_customer_is_shown_with_those_complaints_one_may_see(client: Client) -> None:
    customer = CustomerFactory()
    seen, hidden = investigating(customer=customer), received(customer=customer, title="The hidden one")
    actions.restrict(hidden, confidants=[], reason="Press", by=supervisor_user(), now=NOW)
    client.force_login(member_of("Handler"))
    page = client.get(change(customer))
    assert list(page.context["complaints"]) == [seen]
    assert hidden.title not in page.content.decode()


def test_sec_15_what_the_form_does_not_offer_is_not_changed(client: Client) -> None:
    customer = CustomerFactory()
    client.force_login(member_of("Handler"))
    forged = {"id": "999", "created_at": "2001-01-01", "is_staff": "1", "version": "7", "complaints": "1"}
    assert client.post(change(customer), form_of(customer, **forged)).status_code == 302
    again = Customer.objects.get(pk=customer.pk)
    assert again.created_at == customer.created_at
    assert Customer.objects.count() == 1


def test_sec_16_a_forged_row_in_the_list_makes_and_changes_nothing(client: Client) -> None:
    customer = CustomerFactory(name="Maria")
    client.force_login(member_of("Handler"))
    forged = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "1",
        "form-0-id": customer.pk,
        "form-0-name": "Mallory",
        "form-1-name": "New",
        "_save": "Save",
        "action": "delete_selected",
        "_selected_action": customer.pk,
    }
    client.post(LIST, forged)
    assert list(Customer.objects.values_list("name", flat=True)) == ["Maria"]


def test_sec_18_quality_looks_and_changes_nothing(client: Client) -> None:
    customer = CustomerFactory(name="Maria")
    client.force_login(member_of("Quality"))
    assert client.get(change(customer)).status_code == 200
    for extra in ({}, {"_saveasnew": "1"}, {"_popup": "1"}):
        assert client.post(change(customer), form_of(customer, name="Mallory", **extra)).status_code == 403
    assert Customer.objects.get().name == "Maria"


def test_nobody_adds_or_deletes_a_customer_here(client: Client) -> None:
    customer = CustomerFactory()
    client.force_login(administrator())
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{customer.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Customer.objects.exists()


def test_sec_24_the_history_of_a_hidden_customer_is_not_there(client: Client) -> None:
    customer = hidden_customer()
    version = customer.history.first()
    assert version is not None
    client.force_login(member_of("Handler"))
    for page in ("change/", "history/", f"history/{version.pk}/"):
        answer = client.get(f"{LIST}{customer.pk}/{page}")
        assert answer.status_code in {302, 404}
        assert "Famous" not in answer.content.decode()
    assert "Famous Person" not in client.get(LIST).content.decode()
    assert "Famous Person" not in client.get(LIST, {"q": "famous"}).content.decode()


def test_sec_24_history_needs_the_right_to_look(client: Client) -> None:
    customer = CustomerFactory()
    version = customer.history.first()
    assert version is not None
    for user, allowed in ((member_of("Quality"), True), (UserFactory(), False)):
        client.force_login(user)
        for page in ("history/", f"history/{version.pk}/"):
            status = client.get(f"{LIST}{customer.pk}/{page}").status_code
            assert (status == 200) is allowed


@pytest.mark.parametrize("role", ["Quality", "Handler", "administrator"])
def test_sec_24_no_past_is_brought_back(client: Client, role: str) -> None:
    customer = CustomerFactory(name="Before")
    old = customer.history.first()
    assert old is not None
    customer.name = "After"
    customer.save()
    client.force_login(administrator() if role == "administrator" else member_of(role))
    answer = client.post(f"{LIST}{customer.pk}/history/{old.pk}/", form_of(customer, name="Before"))
    assert answer.status_code == 403
    assert Customer.objects.get().name == "After"


@pytest.mark.parametrize("key", ["0", "x", "9" * 30, "-1", "1%00"])
def test_a_key_nobody_has_is_not_found(client: Client, key: str) -> None:
    client.force_login(member_of("Handler"))
    for page in ("change", "history"):
        assert client.get(f"{LIST}{key}/{page}/").status_code in {302, 404}


def test_the_list_is_searched_as_everywhere(client: Client) -> None:
    maria = CustomerFactory(name="Maria Okafor", email="maria@example.com")
    CustomerFactory(name="Tom Marsh")
    client.force_login(member_of("Handler"))
    for text in ("okaf", "maria@example.com"):
        assert list(client.get(LIST, {"q": text}).context["cl"].result_list) == [maria]


def test_list_and_page_cost_the_same_for_few_and_many(client: Client) -> None:
    client.force_login(member_of("Handler"))
    customer = CustomerFactory()
    costs = []
    for number in (1, 5):
        for _ in range(number):
            received(customer=customer)
            received()
        pages = []
        for address in (LIST, change(customer)):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            pages.append(len(queries))
        costs.append(pages)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= MOST_QUERIES
