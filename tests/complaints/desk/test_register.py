"""Taking a complaint down: once, with everything told, whatever goes wrong on the way."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from complaints.intake.models import Submission
from complaints.resolution import actions
from complaints.resolution.models import Complaint, Customer, State
from tests.complaints.desk.pages import LATELY, everything, filled, no_logins
from tests.factories import CategoryFactory, CustomerFactory, handler_user, received, supervisor_user

pytestmark = pytest.mark.django_db
ADD = "/desk/resolution/complaint/add/"
TOLD = {
    "name": "Maria Okafor",
    "email": "maria@example.com",
    "title": "Charged twice",
    "words": "You charged me twice and nobody called back.",
    "restatement": "You paid twice for one booking.",
}


@pytest.fixture
def handler(client: Client) -> User:
    person = handler_user()
    client.force_login(person)
    return person


def test_a_call_becomes_a_complaint(client: Client, handler: User) -> None:
    category = CategoryFactory()
    said = timezone.localtime() - timedelta(days=1)
    typed = TOLD | {
        "received_at": said.strftime("%Y-%m-%dT%H:%M"),
        "points": "Charged twice\n- No call back\n\n",
        "desired_outcome": "The second charge back",
        "category": category.pk,
        "priority": "high",
        "media_risk": "on",
        "access_needs": "large print",
        "vulnerable": "on",
        "confirmed": "on",
    }
    answer = client.post(ADD, filled(client, ADD, **typed))
    complaint = Complaint.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/desk/resolution/complaint/{complaint.pk}/change/"
    assert complaint.reference in client.get(answer["Location"]).content.decode()
    assert complaint.state == State.RECEIVED
    assert complaint.channel == "phone"
    assert complaint.received_at == said.replace(second=0, microsecond=0)
    assert complaint.registered_at > complaint.received_at
    assert [point.text for point in complaint.points.all()] == ["Charged twice", "No call back"]
    assert (complaint.category, complaint.priority, complaint.media_risk) == (category, "high", True)
    assert complaint.restatement == "You paid twice for one booking."
    assert complaint.restatement_confirmed_at is not None
    customer = complaint.customer
    assert customer is not None
    assert (customer.name, customer.access_needs, customer.vulnerable) == (
        "Maria Okafor",
        "large print",
        True,
    )
    assert Submission.objects.get().words == TOLD["words"]
    assert Submission.objects.get().taken_by == handler


def test_what_was_not_confirmed_is_not_called_confirmed(client: Client, handler: User) -> None:
    client.post(ADD, filled(client, ADD, **TOLD))
    assert Complaint.objects.get().restatement_confirmed_at is None


def test_sent_twice_it_is_one_complaint(client: Client, handler: User) -> None:
    data = filled(client, ADD, **TOLD)
    first, second = client.post(ADD, data), client.post(ADD, data)
    assert first["Location"] == second["Location"]
    assert Complaint.objects.count() == 1


def test_a_second_call_is_a_second_complaint(client: Client, handler: User) -> None:
    for _ in range(2):
        client.post(ADD, filled(client, ADD, **TOLD))
    assert Complaint.objects.count() == 2
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("name", "Ask for the name"),
        ("email", "We need one way to reach them"),
        ("words", "This field is required"),
        ("title", "This field is required"),
        ("restatement", "This field is required"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    client: Client, handler: User, missing: str, said: str
) -> None:
    answer = client.post(ADD, filled(client, ADD, **TOLD) | {missing: "", "points": "No call back"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "No call back" in page
    assert all(words in page for name, words in TOLD.items() if name != missing)
    assert not Complaint.objects.exists()


def test_the_future_is_refused(client: Client, handler: User) -> None:
    later = (timezone.localtime() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(ADD, filled(client, ADD, **TOLD) | {"received_at": later})
    assert "This lies in the future." in answer.content.decode()


@pytest.mark.parametrize("sought", ["maria@example.com", "MARIA@example.com", "maria", "07700 900123"])
def test_somebody_we_know_is_found(client: Client, handler: User, sought: str) -> None:
    maria = CustomerFactory(name="Maria Okafor", email="maria@example.com", phone="07700 900123")
    CustomerFactory(name="Tom Lindqvist")
    assert client.get(ADD, {"q": sought}).context["found"] == [maria]


def test_a_customer_of_hidden_complaints_alone_is_not_found(client: Client, handler: User) -> None:
    hidden = received(now=LATELY, customer=CustomerFactory(name="Maria Okafor"))
    actions.restrict(hidden, confidants=[], reason="Press", by=supervisor_user(), now=LATELY)
    assert client.get(ADD, {"q": "Maria"}).context["found"] == []
    answer = client.get(ADD, {"customer": str(hidden.customer_id)})
    assert answer.context["known"] is None
    data = filled(client, ADD, **TOLD) | {"customer_id": hidden.customer_id}
    assert client.post(ADD, data).status_code == 422


def test_the_chosen_customer_need_not_be_taken_down_again(client: Client, handler: User) -> None:
    maria = CustomerFactory(name="Maria Okafor")
    address = f"{ADD}?customer={maria.pk}"
    told = {name: words for name, words in TOLD.items() if name not in ("name", "email")}
    assert client.post(ADD, filled(client, address, **told)).status_code == 303
    assert Complaint.objects.get().customer == maria


def test_a_complaint_about_a_colleague_is_hidden_from_them(client: Client, handler: User) -> None:
    colleague = handler_user()
    client.post(ADD, filled(client, ADD, **TOLD, about_staff=[colleague.pk]))
    complaint = Complaint.objects.get()
    assert list(complaint.about.all()) == [colleague]
    assert not Complaint.objects.visible_to(colleague).exists()


def test_taking_down_a_complaint_about_oneself_ends_on_the_list(client: Client, handler: User) -> None:
    answer = client.post(ADD, filled(client, ADD, **TOLD, about_staff=[handler.pk]))
    assert answer["Location"] == "/desk/resolution/complaint/"
    assert Complaint.objects.exists()


def test_sec_15_a_state_sent_along_is_not_taken(client: Client, handler: User) -> None:
    forged: dict[str, Any] = {"state": "closed", "handler": handler.pk, "restricted": "on", "imported": "on"}
    client.post(ADD, filled(client, ADD, **TOLD) | forged)
    complaint = Complaint.objects.get()
    assert complaint.state == State.RECEIVED
    assert complaint.handler is None
    assert not complaint.restricted
    assert not complaint.imported


def test_sec_41_looking_at_the_form_changes_nothing(client: Client, handler: User) -> None:
    CustomerFactory(name="Maria")
    before = no_logins(everything())
    client.get(ADD, {"q": "Maria"})
    client.head(ADD)
    assert no_logins(everything()) == before


def test_sec_52_without_the_token_nothing_is_taken_down() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(handler_user())
    assert strict.post(ADD, filled(strict, ADD, **TOLD)).status_code == 403
    assert not Complaint.objects.exists()
