from dataclasses import replace
from datetime import timedelta

import pytest

from complaints.resolution import actions
from complaints.resolution.actors import System
from complaints.resolution.exceptions import (
    FactsFirst,
    LetterNeeded,
    NoAddress,
    NoFinding,
    NotDone,
    NothingAsked,
    NothingHeard,
    NotPossibleNow,
    OfferRanOut,
    PointOpen,
    ReasonNeeded,
    StillRunning,
    VagueOffer,
    WishUnknown,
)
from complaints.resolution.letters import Letter
from complaints.resolution.models import Basis, Channel, Concern, Fault, MessageKind, Outcome, Point, Question
from tests import factories
from tests.factories import LETTER, NOW, TRIED, terms

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def test_asking_needs_a_question_and_a_letter() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    with pytest.raises(NothingAsked):
        actions.ask(complaint, questions=[" "], letter=LETTER, answer_by=LATER, by=handler, now=NOW)
    with pytest.raises(LetterNeeded):
        actions.ask(
            complaint, questions=["When?"], letter=Letter("", " "), answer_by=LATER, by=handler, now=NOW
        )
    assert not Question.objects.exists()


def test_answers_are_kept_word_for_word_and_open_ones_from_a_customer_are_marked() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    complaint = actions.ask(
        complaint, questions=["When?", "Where?"], letter=LETTER, answer_by=LATER, by=handler, now=NOW
    )
    when, where = complaint.questions.all()
    assert complaint.customer is not None
    actions.hear(complaint, answers={when.pk: " On Sunday. "}, by=complaint.customer, now=LATER)

    when.refresh_from_db()
    where.refresh_from_db()
    assert (when.answer, where.answer, where.waived_because) == (
        "On Sunday.",
        "",
        "Left open by the customer.",
    )
    assert "On Sunday." in complaint.messages.get(kind=MessageKind.ANSWER).body


def test_going_on_without_an_answer_needs_a_reason() -> None:
    complaint = factories.waiting()
    with pytest.raises(NothingHeard):
        actions.hear(complaint, answers={}, by=factories.handler_user(), now=LATER)


def test_a_paper_customer_gets_a_letter_to_be_posted() -> None:
    customer = factories.CustomerFactory(preferred_channel="letter")
    complaint = factories.waiting(customer=customer)
    letter = complaint.messages.get(kind=MessageKind.QUESTION)
    assert (letter.channel, letter.mail, letter.awaits_posting) == (Channel.LETTER, None, True)

    actions.mark_posted(letter, by=factories.handler_user(), now=LATER)
    letter.refresh_from_db()
    assert letter.sent_at == LATER


def test_nobody_is_written_to_without_an_address() -> None:
    with pytest.raises(NoAddress):
        factories.waiting(customer=factories.CustomerFactory(email="", address=""))


def test_no_offer_before_wish_finding_and_facts_are_known() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler, desired_outcome="")

    def propose() -> object:
        return actions.put_forward(complaint, tried=TRIED, terms=terms(), by=handler, now=LATER)

    with pytest.raises(WishUnknown):
        propose()
    actions.correct(complaint, desired_outcome="My money back", by=handler, now=NOW)
    with pytest.raises(NoFinding):
        propose()
    factories.find(complaint, by=handler, now=NOW)
    with pytest.raises(FactsFirst):
        propose()
    actions.waive_questions(complaint, reason="All on the statement.", by=handler, now=NOW)
    propose()


def test_a_fast_track_category_skips_the_questions() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler, category=factories.CategoryFactory(fast_track=True))
    factories.find(complaint, by=handler, now=NOW)
    actions.put_forward(complaint, tried=TRIED, terms=terms(), by=handler, now=LATER)


def test_a_finding_without_a_basis_is_refused() -> None:
    complaint = factories.investigating()
    with pytest.raises(ReasonNeeded):
        actions.record_finding(
            complaint,
            fault=Fault.NO,
            basis=Basis.JUDGEMENT,
            basis_detail=" ",
            what_happened="Nothing",
            explanation="",
            by=factories.handler_user(),
            now=NOW,
        )


def test_a_second_finding_replaces_the_first_and_history_keeps_both() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    factories.find(complaint, by=handler, now=NOW, fault=Fault.NO)
    factories.find(complaint, by=handler, now=LATER, fault=Fault.YES)
    complaint.refresh_from_db()
    assert complaint.finding.fault == Fault.YES
    assert [row.fault for row in complaint.finding.history.all()] == [Fault.YES, Fault.NO]


def test_every_point_is_answered_before_the_final_response() -> None:
    handler = factories.handler_user()
    complaint = factories.ready_to_offer(by=handler, points=["Charged twice", "No call back"])
    for point in complaint.points.all():
        with pytest.raises(PointOpen):
            actions.respond(complaint, outcome=Outcome.UPHELD, letter=LETTER, by=handler, now=LATER)
        actions.answer_point(point, answer="It was so.", outcome=Outcome.UPHELD, by=handler, now=NOW)
    letter = replace(LETTER, body=f"Charged twice: yes. No call back: yes.\n\n{LETTER.body}")
    actions.respond(complaint, outcome=Outcome.UPHELD, letter=letter, by=handler, now=LATER)
    assert Point.objects.filter(answer="").count() == 0


def test_the_final_response_always_says_how_to_take_it_further() -> None:
    complaint = factories.responded()
    assert "small claims court" in complaint.messages.get(kind=MessageKind.FINAL_RESPONSE).body


def test_nothing_is_found_out_about_what_is_over() -> None:
    complaint = factories.responded()
    with pytest.raises(NotPossibleNow):
        factories.find(complaint, by=factories.handler_user(), now=LATER)


def test_a_vague_offer_is_refused() -> None:
    handler = factories.handler_user()
    complaint = factories.ready_to_offer(by=handler)
    with pytest.raises(VagueOffer):
        actions.refer(
            complaint,
            tried=TRIED,
            terms=actions.Terms(lines=[], open_until=LATER + timedelta(days=1), follow_up_on=LATER.date()),
            by=handler,
            now=LATER,
        )


def test_a_declined_offer_goes_back_to_work_and_a_superior_is_offered() -> None:
    complaint = factories.offered()
    assert complaint.customer is not None
    with pytest.raises(ReasonNeeded):
        actions.decline(complaint, reason="", by=complaint.customer, now=LATER)
    offer = actions.decline(
        complaint, reason="Not enough.", wants_manager=True, by=complaint.customer, now=LATER
    )
    assert offer.decline_reason == "Not enough."
    entry = complaint.entries.moves().last()
    assert entry is not None
    assert entry.facts["escalation_offered"] is True
    assert complaint.entries.filter(concern=Concern.ASKED_FOR_MANAGER).exists()


def test_an_expired_offer_cannot_be_accepted_and_a_running_one_does_not_lapse() -> None:
    complaint = factories.offered()
    assert complaint.customer is not None
    with pytest.raises(StillRunning):
        actions.lapse(complaint, by=System.CLOCK, now=LATER)
    with pytest.raises(OfferRanOut):
        actions.accept(complaint, by=complaint.customer, now=LATER + timedelta(days=60))


def test_a_spoken_acceptance_is_written_down() -> None:
    with pytest.raises(ReasonNeeded):
        actions.accept(factories.offered(), by=factories.handler_user(), now=LATER)


def test_the_outcome_is_not_told_before_everything_is_done() -> None:
    with pytest.raises(NotDone):
        actions.fulfil(factories.fulfilling(), letter=LETTER, by=factories.handler_user(), now=LATER)
