from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.desk.find import MOST, find
from complaints.resolution import actions
from complaints.resolution.models import Complaint, Customer
from tests.factories import (
    NOW,
    CustomerFactory,
    UserFactory,
    closed,
    handler_user,
    investigating,
    quality_user,
    received,
    supervisor_user,
)

pytestmark = pytest.mark.django_db

URL = "/desk/search/"
MOST_QUERIES = 14


@pytest.fixture
def me() -> User:
    return handler_user()


@pytest.fixture
def maria() -> Customer:
    return CustomerFactory(name="Maria Okafor-Lindqvist", email="maria@example.com")


def found(text: str, user: User) -> list[Complaint]:
    return find(text, user).complaints


# What is found


@pytest.mark.parametrize("spoil", ["{}", "  {}  ", "{lower}", "{bare}", "{spaced}"])
def test_a_reference_is_found_however_it_is_typed(me: User, spoil: str) -> None:
    received()
    complaint = received()
    reference = complaint.reference
    typed = spoil.format(
        reference,
        lower=reference.lower(),
        bare=reference.replace("-", ""),
        spaced=reference.replace("-", " ").lower(),
    )
    answer = find(typed, me)
    assert (answer.complaints, answer.is_named) == ([complaint], True)


def test_a_reference_opens_its_complaint(client: Client, me: User) -> None:
    complaint = received()
    client.force_login(me)
    answer = client.get(URL, {"q": complaint.reference})
    assert answer["Location"] == f"/desk/resolution/complaint/{complaint.pk}/change/"


def test_an_address_is_found_whole_and_not_in_pieces(me: User, maria: Customer) -> None:
    complaint = received(customer=maria)
    received()
    assert found("MARIA@example.com", me) == [complaint]
    assert found("maria@example", me) == []
    assert found("@example.com", me) == []


@pytest.mark.parametrize("typed", ["maria", "Mar", "okafor", "MARIA OKA", "oka mar"])
def test_a_name_is_found_by_how_its_words_begin(me: User, maria: Customer, typed: str) -> None:
    complaint = received(customer=maria)
    received(customer=CustomerFactory(name="Somebody Else"))
    answer = find(typed, me)
    assert (answer.customers, answer.complaints) == ([maria], [complaint])


def test_a_name_is_not_found_by_its_middle(me: User, maria: Customer) -> None:
    received(customer=maria)
    assert found("kafor", me) == []


def test_words_are_found_in_titles_and_letters_all_of_them_newest_first(me: User) -> None:
    old = received(title="Suitcase lost in Vienna", now=NOW)
    new = received(words="My suitcase never left Vienna.", now=NOW + timedelta(days=1))
    received(title="Suitcase lost in Prague")
    assert found("vienna suitcase", me) == [new, old]


def test_closed_complaints_are_found(me: User) -> None:
    complaint = closed(title="Umbrella broken by the porter")
    assert found("umbrella", me) == [complaint]


@pytest.mark.parametrize("text", ["", " ", "x", "\x00\x00", "zzzznothing", "'", "%", "__", "&|!", "C26-"])
def test_what_finds_nothing_is_no_error(client: Client, me: User, text: str) -> None:
    received()
    client.force_login(me)
    assert client.get(URL, {"q": text}).context["found"].complaints == []


@pytest.mark.parametrize(
    "text",
    [
        "it's <b>broken",
        "a & b | !c",
        "(unclosed",
        '"half quoted',
        "50% off",
        "a" * 5000,
        "C26-999999-A",
        "ü" * 300,
    ],
)
def test_anything_may_be_typed(client: Client, me: User, text: str) -> None:
    client.force_login(me)
    assert client.get(URL, {"q": text}).status_code == 200


def test_per_cent_and_underscore_mean_themselves(me: User) -> None:
    received(title="Charged twice")
    assert found("cha%ed", me) == []
    assert found("c_arged", me) == []


def test_the_answer_is_bounded(me: User, maria: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.desk.find.MOST", 3)
    for _ in range(5):
        received(customer=maria)
    assert len(found("maria", me)) == 3
    assert len(found("charged", me)) == 3
    assert MOST < 100


# What is never found


def hide(complaint: Complaint) -> Complaint:
    return actions.restrict(complaint, confidants=[], reason="Press", by=supervisor_user(), now=NOW)


QUESTIONS = ("{reference}", "maria@example.com", "Maria", "Okafor", "zebra", "crossing")


@pytest.mark.parametrize("question", QUESTIONS)
def test_sec_23_a_restricted_complaint_gives_no_hit(me: User, maria: Customer, question: str) -> None:
    complaint = hide(received(customer=maria, title="Zebra trouble", words="On the crossing."))
    answer = find(question.format(reference=complaint.reference), me)
    assert (answer.complaints, answer.customers) == ([], [])


@pytest.mark.parametrize("question", QUESTIONS)
def test_sec_23_a_complaint_about_me_gives_no_hit(maria: Customer, question: str) -> None:
    boss = supervisor_user()
    complaint = received(customer=maria, title="Zebra trouble", words="On the crossing.", about=[boss])
    answer = find(question.format(reference=complaint.reference), boss)
    assert (answer.complaints, answer.customers) == ([], [])
    assert found(question.format(reference=complaint.reference), handler_user()) == [complaint]


def test_sec_23_hidden_and_absent_look_alike(client: Client, me: User) -> None:
    hidden = hide(received(title="Zebra trouble"))
    absent = hidden.reference[:4] + "99" + hidden.reference[6:]
    client.force_login(me)
    pages = [
        client.get(URL, {"q": text}).content.decode().replace(text, "") for text in (hidden.reference, absent)
    ]
    csrf_free = [[line for line in page.splitlines() if "csrf" not in line] for page in pages]
    assert csrf_free[0] == csrf_free[1]


def test_sec_23_the_box_shows_what_the_page_shows(client: Client, me: User) -> None:
    open_one, hidden = received(title="Zebra in the open"), hide(received(title="Zebra in the dark"))
    client.force_login(me)
    box = client.get(URL, {"s": "zebra", "extended": "1"}).content.decode()
    assert open_one.title in box
    assert hidden.title not in box


def test_sec_23_what_was_found_is_forgotten_the_moment_it_is_hidden(client: Client, me: User) -> None:
    complaint = received(title="Zebra trouble")
    client.force_login(me)
    ask = {"s": "zebra", "extended": "1"}
    assert complaint.title in client.get(URL, ask).content.decode()
    hide(complaint)
    assert complaint.title not in client.get(URL, ask).content.decode()


# The box, the page, the cost


def test_the_box_also_leads_to_pages_of_the_menu(client: Client, me: User) -> None:
    client.force_login(me)
    assert "?list=overdue" in client.get(URL, {"s": "overd", "extended": "1"}).content.decode()
    assert "authoritylimit" not in client.get(URL, {"s": "authority", "extended": "1"}).content.decode()


def test_the_themes_own_search_answers_at_no_address(client: Client, me: User) -> None:
    """It keeps what it found for five minutes, hidden since or not."""
    client.force_login(me)
    assert client.get(URL, {"s": "a"}).context["title"] == "Search"


def test_a_restricted_hit_is_shown_without_the_name(client: Client, me: User, maria: Customer) -> None:
    complaint = investigating(by=me, customer=maria, title="Zebra trouble")
    actions.restrict(complaint, confidants=[me], reason="Press", by=supervisor_user(), now=NOW)
    client.force_login(me)
    for query in ({"q": "zebra"}, {"s": "zebra", "extended": "1"}):
        page = client.get(URL, query).content.decode()
        assert "(restricted)" in page
        assert "Okafor" not in page


def test_a_search_costs_the_same_for_few_hits_and_many(client: Client, me: User, maria: Customer) -> None:
    client.force_login(me)
    costs = []
    for number in (1, 6):
        for _ in range(number):
            received(customer=maria, title="Maria is a zebra")
        client.get(URL, {"q": "maria"})
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, {"q": "maria"})
        costs.append(len(queries))
        assert not [query for query in queries if "COUNT(" in query["sql"].replace("COUNT(*) FROM (", "")]
    assert costs[0] == costs[1] <= MOST_QUERIES


def test_who_may_not_read_may_not_search(client: Client) -> None:
    assert client.get(URL).status_code == 302
    client.force_login(UserFactory())
    assert client.get(URL, {"q": "zebra"}).status_code == 403
    assert client.get(URL, {"s": "zebra", "extended": "1"}).status_code == 403


def test_quality_finds_everything_unrestricted(maria: Customer) -> None:
    complaint = received(customer=maria)
    hide(received(customer=maria))
    assert found("maria", quality_user()) == [complaint]


def test_searching_changes_nothing_and_answers_to_get_alone(client: Client, me: User) -> None:
    client.force_login(me)
    assert client.post(URL, {"q": "zebra"}).status_code == 405
