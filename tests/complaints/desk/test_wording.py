"""The words of our letters on the desk: read by who may, written as versions, tried on a real complaint."""

import pytest
from django.test import Client

from complaints.policies.letter_names import Wording
from complaints.policies.letter_text import LetterText
from complaints.policies.models import LetterTemplate
from complaints.policies.shipped_letters import shipped
from complaints.resolution import actions
from tests import factories
from tests.complaints.desk.staff import member_of
from tests.dumps import whole_database

pytestmark = pytest.mark.django_db
LETTER = "/desk/letters/outcome/en-GB/"
COPY = f"{LETTER}copy/"
WORDS = {"subject": "Done: {reference}", "body": "Dear {customer_name},\r\n\r\nit is done."}


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(member_of(role))
    return client


@pytest.fixture
def client() -> Client:
    return signed_in("Manager")


def form(**changes: str) -> dict[str, str]:
    return {**WORDS, "reason": "Plainer.", "in_use_from": "", "reference": "", "copied_from": "0", **changes}


def test_every_letter_can_be_read_in_every_language_it_has(client: Client) -> None:
    index = client.get("/desk/letters/").content.decode()
    for wording in Wording:
        assert wording.label in index
        for language, text in shipped(wording).items():
            page = client.get(f"/desk/letters/{wording}/{language}/")
            assert text.subject in page.content.decode()


def test_the_list_asks_two_questions_a_letter_at_the_most(
    client: Client, django_assert_max_num_queries: object
) -> None:
    client.get("/desk/letters/")
    with django_assert_max_num_queries(2 * len(Wording) + 8):  # type: ignore[operator]
        client.get("/desk/letters/")


def test_a_new_version_is_checked_tried_on_a_real_complaint_and_then_kept(client: Client) -> None:
    complaint = factories.investigating(customer=factories.CustomerFactory(name="Ann Lee"))
    checked = client.post(COPY, form(reference=complaint.reference))
    page = checked.content.decode()
    assert checked.status_code == 200
    assert f"Done: {complaint.reference}" in page
    assert "Dear Ann Lee," in page
    assert "Keep it" in page
    assert not LetterTemplate.objects.exists()

    assert client.post(COPY, form(keep="1")).status_code == 303
    kept = LetterTemplate.objects.get()
    assert kept.text == LetterText("Done: {reference}", "Dear {customer_name},\n\nit is done.\n")
    read = client.get(LETTER).content.decode()
    assert "Plainer." in read
    assert "Done: {reference}" in read
    assert client.get(COPY).context["form"]["copied_from"].value() == 1


def test_a_version_written_from_another_is_told_so_with_every_word_kept(client: Client) -> None:
    client.post(COPY, form(keep="1"))
    answer = client.post(COPY, form(keep="1", subject="Mine {reference}"))
    assert answer.status_code == 409
    assert "Somebody has saved version 1" in answer.content.decode()
    assert "Mine {reference}" in answer.content.decode()


@pytest.mark.parametrize("written", ["{{ settings.SECRET_KEY }}", "{% load static %}", "{0.__class__}"])
@pytest.mark.parametrize("pressed", [{}, {"keep": "1"}])
def test_sec_09_only_listed_names_pass_and_the_slip_is_named(
    client: Client, written: str, pressed: dict[str, str]
) -> None:
    factories.received()
    answer = client.post(COPY, form(body=f"Dear all,\r\n{written}", **pressed))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Line 2: “" in page
    assert "stands for nothing in this letter" in page
    assert "As it reads for" not in page
    assert not LetterTemplate.objects.exists()


def test_sec_09_what_a_customer_is_called_is_printed_in_the_preview_and_not_read(client: Client) -> None:
    name = "{{ settings.SECRET_KEY }}{reference}<b>"
    factories.investigating(customer=factories.CustomerFactory(name=name))
    page = client.post(COPY, form()).content.decode()
    assert "Dear {{ settings.SECRET_KEY }}{reference}&lt;b&gt;," in page


def test_a_letter_is_tried_on_no_complaint_one_may_not_see(client: Client) -> None:
    hidden = factories.investigating(customer=factories.CustomerFactory(name="Hidden Person"))
    supervisor = factories.supervisor_user()
    actions.restrict(hidden, confidants=[], reason="Staff.", by=supervisor, now=factories.NOW)
    for answer in (client.post(COPY, form(reference=hidden.reference)), client.post(COPY, form())):
        assert "Hidden Person" not in answer.content.decode()
    assert (
        "There is no such complaint" in client.post(COPY, form(reference=hidden.reference)).content.decode()
    )


def test_looking_writes_nothing(client: Client) -> None:
    factories.received()
    before = whole_database()
    for address in ("/desk/letters/", LETTER, COPY):
        assert client.get(address).status_code == 200
    assert client.post(COPY, form()).status_code == 200
    assert whole_database() == before


def test_a_letter_is_written_in_a_language_that_does_not_ship(client: Client) -> None:
    asked = client.get("/desk/letters/outcome/write/", {"language": "fr"})
    assert asked["Location"] == "/desk/letters/outcome/fr/copy/"
    assert (
        client.get(asked["Location"]).context["form"]["body"].value()
        == shipped(Wording.OUTCOME)["en-GB"].body
    )
    assert client.post(asked["Location"], form(keep="1")).status_code == 303
    assert "fr · version 1" in client.get("/desk/letters/").content.decode()
    assert client.get("/desk/letters/outcome/write/", {"language": "<b>"}).status_code == 303
    assert "Say which language." in client.get("/desk/letters/outcome/write/", follow=True).content.decode()
    assert client.get("/desk/letters/outcome/FRENCH/copy/").status_code == 404
    assert client.get("/desk/letters/nothing/en-GB/").status_code == 404


@pytest.mark.parametrize("role", ["Handler", "Supervisor", "Quality"])
def test_only_managers_choose_our_words(role: str) -> None:
    client = signed_in(role)
    assert client.get(COPY).status_code == 403
    assert client.post(COPY, form(keep="1")).status_code == 403
    assert not LetterTemplate.objects.exists()
    assert "/desk/letters/" not in client.get("/desk/").content.decode()


def test_every_slip_of_a_long_letter_is_told_at_once_and_nothing_typed_is_lost(client: Client) -> None:
    answer = client.post(COPY, form(subject="{x}", body="[if y]\r\n{z}\r\n" + "w" * 30))
    page = answer.content.decode()
    for said in ("Subject: “{x}”", "Line 2: “{z}”", "Line 1: “y”", "this [if …] has no [end]", "w" * 30):
        assert said in page
