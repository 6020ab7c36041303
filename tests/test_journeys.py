"""Whole stories: the customer on the pages, staff by their verbs, the timetable and the post in between.

The only thing pretended is the time of day.
"""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from complaints.followups.models import SurveyAnswer
from complaints.intake.actions import Telling, register
from complaints.resolution import actions, letters
from complaints.resolution.exceptions import CheckNeeded, OverLimit, TooLateToReopen
from complaints.resolution.models import (
    Channel,
    Complaint,
    Concern,
    ContactChannel,
    Fulfilment,
    MessageKind,
    OfferState,
    Outcome,
    State,
)
from escalations import actions as escalations
from escalations.models import Escalation, Reason
from escalations.models import State as EscalationState
from tests import factories
from tests.factories import LETTER, TRIED
from tests.house import DAY, HOUR, House, link_in, sent_to

pytestmark = pytest.mark.django_db
#: A Monday morning; no holiday before Good Friday, the third of April.
MONDAY = factories.NOW
CUSTOMER = "jo@example.com"


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    house = House(MONDAY)
    monkeypatch.setattr(timezone, "now", lambda: house.now)
    return house


def fresh(complaint: Complaint) -> Complaint:
    return Complaint.objects.get(pk=complaint.pk)


def state(complaint: Complaint) -> str:
    return str(fresh(complaint).state)


def post(address: str, **said: Any) -> None:
    """Look at the page, which changes nothing, then send its form; the answer is a way on, never a form again."""
    client = Client()
    assert client.get(address).status_code == 200
    answer = client.post(address, said)
    assert answer.status_code == 303, answer.content.decode()
    assert client.get(answer["Location"]).status_code == 200


def complain(client: Client, **said: str) -> Complaint:
    token = client.get("/").context["form"]["token"].value()
    form = {
        "token": token,
        "name": "Jo Bright",
        "email": CUSTOMER,
        "title": "Charged twice for a week in Faro",
        "words": "You charged me twice and nobody called back.",
        "desired_outcome": "The second charge back",
    } | said
    for _ in range(2):  # a double click
        thanks = client.post("/", form)
        assert thanks.status_code == 303
    complaint = Complaint.objects.get()
    assert complaint.reference in client.get(thanks["Location"]).content.decode()
    return complaint


def find(house: House, complaint: Complaint) -> None:
    factories.find(complaint, **house.work)


def send_offer(house: House, complaint: Complaint, amount: int) -> None:
    actions.put_forward(complaint, tried=TRIED, terms=factories.terms(amount, now=house.now), **house.work)
    letter = letters.draft(MessageKind.OFFER, fresh(complaint), now=house.now, lines=[])
    actions.offer(complaint, letter=letter, **house.work)


def document(house: House, complaint: Complaint) -> None:
    actions.document(complaint, problem="Twice", cause="A retry", solution="Paid back", **house.work)


def test_form_to_closed(house: House, client: Client) -> None:
    """One complaint, from the form until it is closed, and the survey after it; with every tick doubled."""
    house.ticks = 2
    complaint = complain(client)
    assert state(complaint) == State.RECEIVED
    house.pass_to(MONDAY + HOUR)
    assert state(complaint) == State.ACKNOWLEDGED
    inquire(house, complaint)
    refer_and_approve(house, complaint)
    accept_and_pay(house, complaint)
    follow_up_and_close(house, complaint)
    house.pass_days(14)
    assert sent_to(CUSTOMER) == [
        "Your complaint …: thank you, we are looking into it",
        "Your complaint …: a question",
        "Your complaint …: our offer to put this right",
        "Your complaint …: what we have done",
        "Your complaint …: is everything right now?",
        "Your complaint … is now closed",
        "Your complaint …: how did we do?",
        "Your complaint …: would you tell us how we did?",
    ]
    post(link_in("survey"), score="4", still_open="no", text="Friendly.")
    assert SurveyAnswer.objects.get(complaint=complaint).score == 4
    assert state(complaint) == State.CLOSED
    assert not Escalation.objects.unanswered().exists()


def inquire(house: House, complaint: Complaint) -> None:
    house.pass_to(MONDAY + 5 * HOUR)
    actions.investigate(complaint, **house.work)
    question = letters.draft(
        MessageKind.QUESTION,
        fresh(complaint),
        now=house.now,
        questions=["Which card?"],
        answer_by=house.now + 7 * DAY,
    )
    actions.ask(
        complaint, questions=["Which card?"], letter=question, answer_by=house.now + 7 * DAY, **house.work
    )
    final = complaint.deadlines.get(clock="final_response")
    standing = complaint.deadlines.get(clock="resolve")
    assert standing.paused_at == house.now
    assert final.paused_at is None
    house.pass_days(3)
    asked = complaint.questions.get()
    post(link_in("answer"), **{f"answer_{asked.pk}": "The blue one, it ends in 4417."})
    assert state(complaint) == State.INVESTIGATING
    assert complaint.deadlines.get(clock="resolve").due_at > standing.due_at
    assert complaint.deadlines.get(clock="final_response").due_at == final.due_at


def refer_and_approve(house: House, complaint: Complaint) -> None:
    house.pass_to(house.now + 2 * HOUR)
    find(house, complaint)
    terms = factories.terms(500, now=house.now)
    with pytest.raises(OverLimit):
        actions.propose(complaint, terms=terms, **house.work)
    offer = actions.put_forward(complaint, tried=TRIED, terms=terms, **house.work)
    assert state(complaint) == State.REFERRED
    house.look()
    assert len(sent_to(house.supervisor.email)) == 1, "the queue was not told, or twice"
    question = escalations.claim_next(by=house.supervisor, now=house.now)
    assert question is not None
    assert (question.complaint, question.reason, question.level) == (complaint, Reason.OVER_LIMIT, 1)
    escalations.approve(question, seal=offer.seal, by=house.supervisor, now=house.now)
    assert state(complaint) == State.APPROVED
    letter = letters.draft(
        MessageKind.OFFER,
        fresh(complaint),
        now=house.now,
        lines=list(offer.lines.all()),
        offer=offer,
    )
    actions.offer(complaint, letter=letter, **house.work)


def accept_and_pay(house: House, complaint: Complaint) -> None:
    house.pass_days(1)
    page = link_in("offer")
    for _ in range(3):  # as a mail scanner does, on every address it finds
        Client().get(page)
        Client().get(f"{page}accept/")
    assert state(complaint) == State.OFFERED
    post(f"{page}accept/", reference=complaint.reference.lower(), sure="on")
    assert state(complaint) == State.FULFILLING
    house.pass_days(1)
    (line,) = complaint.offers.get().lines.all()
    done = actions.complete_line(line, proof="Transfer 4711", **house.work)
    with pytest.raises(CheckNeeded):
        actions.fulfil(complaint, letter=LETTER, **house.work)
    actions.check_payment(done, by=house.colleague, now=house.now)
    outcome = letters.draft(MessageKind.OUTCOME, fresh(complaint), now=house.now, lines=[line])
    actions.fulfil(complaint, letter=outcome, **house.work)
    document(house, complaint)
    assert complaint.offers.get().state == OfferState.FULFILLED


def follow_up_and_close(house: House, complaint: Complaint) -> None:
    answered = fresh(complaint).answered_at
    assert answered is not None
    while "Your complaint …: is everything right now?" not in sent_to(CUSTOMER):
        house.pass_days(1)
        assert house.now < answered + 60 * DAY
    assert house.now >= answered + 7 * DAY
    assert state(complaint) == State.ANSWERED
    post(link_in("follow-up"), satisfied="yes", text="It has come, thank you.")
    house.pass_to(house.now + 3 * HOUR)
    assert state(complaint) == State.CLOSED


def test_settled_at_the_first_call_no_acknowledgement_follows(house: House) -> None:
    telling = Telling(
        token="a-call",
        name="Sam Field",
        email="sam@example.com",
        title="Brochure to the wrong address",
        words="It went to the old address again.",
        channel=Channel.PHONE,
        received_at=house.now,
    )
    complaint = register(telling, **house.work)
    actions.settle(
        complaint,
        lines=factories.terms(20, now=house.now).lines,
        acceptance="“Lovely, that is more than I asked.”",
        proof="Credited at once, 4711",
        letter=LETTER,
        **house.work,
    )
    document(house, complaint)
    house.pass_days(60)
    assert state(complaint) == State.CLOSED
    assert sent_to("sam@example.com") == [
        LETTER.subject,
        "Your complaint …: is everything right now?",
        "Your complaint … is now closed",
        "Your complaint …: how did we do?",
        "Your complaint …: would you tell us how we did?",
    ]
    assert Fulfilment.objects.get().line.offer.state == OfferState.FULFILLED


def test_declined_with_a_manager_asked_for_reaches_one_and_ends_well(house: House, client: Client) -> None:
    complaint = complain(client)
    house.pass_to(MONDAY + HOUR)
    actions.investigate(complaint, **house.work)
    actions.waive_questions(complaint, reason="The statement shows it.", **house.work)
    find(house, complaint)
    send_offer(house, complaint, 50)
    house.look()
    post(f"{link_in('offer')}decline/", reason="I paid 90.", wants_manager="on")
    assert state(complaint) == State.INVESTIGATING
    question = escalations.claim_next(by=house.supervisor, now=house.now)
    assert question is not None
    assert (question.reason, question.ask) == (Reason.ASKED_FOR_MANAGER, "I paid 90.")
    passed = escalations.pass_up(question, text="For the manager.", by=house.supervisor, now=house.now)
    answered = escalations.claim(passed, by=house.manager, now=house.now)
    escalations.answer(answered, text="Pay all of it.", by=house.manager, now=house.now)
    send_offer(house, complaint, 90)
    house.look()
    post(f"{link_in('offer')}accept/", reference=complaint.reference, sure="on")
    assert [offer.state for offer in complaint.offers.all()] == [OfferState.DECLINED, OfferState.ACCEPTED]
    assert not Escalation.objects.unanswered().exists()


def test_an_unhappy_survey_takes_the_complaint_up_again_and_reaches_a_supervisor(house: House) -> None:
    complaint = factories.documented(by=house.handler, now=house.now)
    address = complaint.customer.email if complaint.customer else ""
    house.pass_days(60)
    assert state(complaint) == State.CLOSED
    post(link_in("survey"), score="1", still_open="yes", text="The money never came.")
    assert state(complaint) == State.INVESTIGATING
    question = escalations.claim_next(by=house.supervisor, now=house.now)
    assert question is not None
    assert (question.complaint, question.reason) == (complaint, Reason.UNHAPPY)
    assert "The money never came." in question.ask
    before = sent_to(address)
    house.pass_days(4)
    assert sent_to(address) == before, "a letter of the first round went out in the second"
    assert Client().get(link_in("survey")).status_code == 200


def test_without_a_word_the_survey_is_sent_once_and_remembered_once(house: House) -> None:
    complaint = factories.documented(by=house.handler, now=house.now)
    house.pass_days(70)
    kinds = list(complaint.messages.filter(automatic=True).values_list("kind", flat=True))
    assert kinds == ["follow_up", "closing", "survey", "survey_reminder"]
    assert state(complaint) == State.CLOSED


def test_a_customer_on_paper_is_never_sent_to_a_page(house: House) -> None:
    telling = Telling(
        token="a-letter",
        name="Ada Quill",
        details={"address": "1 Post Street", "preferred_channel": ContactChannel.LETTER},
        title="No answer to two letters",
        words="I wrote twice.",
        desired_outcome="An answer",
        channel=Channel.LETTER,
        received_at=house.now,
    )
    complaint = register(telling, **house.work)
    house.pass_to(MONDAY + 3 * HOUR)
    thanks = complaint.messages.get(kind=MessageKind.ACKNOWLEDGEMENT)
    assert thanks.awaits_posting
    assert state(complaint) == State.RECEIVED
    actions.mark_posted(thanks, **house.work)
    assert state(complaint) == State.ACKNOWLEDGED
    actions.investigate(complaint, **house.work)
    actions.waive_questions(complaint, reason="Both letters are here.", **house.work)
    find(house, complaint)
    actions.respond(complaint, outcome=Outcome.UPHELD, letter=LETTER, **house.work)
    document(house, complaint)
    house.pass_days(40)
    assert state(complaint) == State.CLOSED
    assert mail.outbox == [one for one in mail.outbox if one.to != [""]]
    written = complaint.messages.filter(direction="out")
    assert {message.channel for message in written} == {Channel.LETTER}
    assert not any("/c/" in message.body for message in written)


def test_taken_back_by_the_customer_nothing_more_is_sent(house: House, client: Client) -> None:
    complaint = complain(client)
    house.pass_to(MONDAY + HOUR)
    actions.investigate(complaint, **house.work)
    actions.ask(
        complaint, questions=["Which card?"], letter=LETTER, answer_by=house.now + 7 * DAY, **house.work
    )
    house.look()
    post(f"{link_in('status')}withdraw/", body="My bank has sorted it out.", sure="on")
    assert state(complaint) == State.WITHDRAWN
    before = sent_to(CUSTOMER)
    house.pass_days(30)
    assert sent_to(CUSTOMER) == before
    assert Client().get(link_in("status")).status_code == 200


def test_nobody_answers_an_offer_it_lapses_and_a_supervisor_hears(house: House, client: Client) -> None:
    complaint = complain(client)
    house.pass_to(MONDAY + HOUR)
    actions.investigate(complaint, **house.work)
    actions.waive_questions(complaint, reason="The statement shows it.", **house.work)
    find(house, complaint)
    send_offer(house, complaint, 50)
    house.pass_days(19)
    assert state(complaint) == State.INVESTIGATING
    assert complaint.offers.get().state == OfferState.LAPSED
    assert sent_to(CUSTOMER)[-1] == "Your complaint …: our offer is still open"
    raised = Escalation.objects.filter(complaint=complaint, reason=Reason.OFFER_LAPSED).order_by("level")
    assert [one.state for one in raised] == [EscalationState.PASSED_UP, EscalationState.OPEN]
    assert complaint.entries.filter(concern=Concern.OFFER_LAPSED).count() == 1


def test_back_after_a_year_the_matter_gets_a_new_file_that_follows_the_old(house: House) -> None:
    old = factories.closed(by=house.handler, now=house.now)
    house.now += 400 * DAY
    with pytest.raises(TooLateToReopen):
        actions.reopen(old, reason="It happened again.", **house.work)
    assert old.customer is not None
    new = factories.received(now=house.now, customer=old.customer, follows=old)
    house.pass_days(1)
    assert state(old) == State.CLOSED
    assert new.follows == old
    assert new.reference != old.reference
    assert "Your complaint …: thank you, we are looking into it" in sent_to(old.customer.email)
