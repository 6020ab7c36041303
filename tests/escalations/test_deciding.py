from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from complaints.resolution import actions as resolution
from complaints.resolution.exceptions import OverLimit, OwnProposal, SealBroken
from complaints.resolution.models import AuthorityLimit, EntryKind, Move, OfferState
from complaints.resolution.models import State as ComplaintState
from escalations import actions
from escalations.exceptions import (
    AdviceNeeded,
    AlreadyClaimed,
    AlreadyDecided,
    NoOfferHere,
    NotYourQueue,
    OfferToDecide,
    Refused,
)
from escalations.models import Decision, Escalation, State
from tests import factories
from tests.escalations.people import (
    LATER,
    ladder,
    manager,
    may_work_escalations,
    over_limit,
    raised,
    seal_of,
    supervisor,
)


@pytest.mark.django_db
def test_approving_approves_the_offer_in_the_file() -> None:
    ladder()
    person = supervisor()
    asked = over_limit()
    actions.claim(asked, by=person, now=LATER)
    decided = actions.approve(asked, seal=seal_of(asked), by=person, now=LATER, text="Quite right.")
    offer = factories.live_offer(asked.complaint)
    assert (offer.state, offer.approved_by) == (OfferState.APPROVED, person)
    asked.complaint.refresh_from_db()
    assert asked.complaint.state == ComplaintState.APPROVED
    assert (decided.state, decided.decision, decided.decided_by) == (State.DECIDED, Decision.APPROVED, person)
    assert (decided.decision_text, decided.decided_at) == ("Quite right.", LATER)
    assert asked.complaint.entries.filter(kind=EntryKind.ESCALATION, text__contains="approved").count() == 1


@pytest.mark.django_db
def test_an_unclaimed_question_may_be_answered_at_once() -> None:
    ladder()
    person = supervisor()
    asked = over_limit()
    assert actions.approve(asked, seal=seal_of(asked), by=person, now=LATER).decision == Decision.APPROVED


@pytest.mark.django_db
def test_what_a_colleague_claimed_is_theirs_to_answer() -> None:
    ladder()
    person, other = supervisor(), supervisor()
    asked = over_limit()
    actions.claim(asked, by=person, now=LATER)
    for deed in (
        lambda: actions.approve(asked, seal=seal_of(asked), by=other, now=LATER),
        lambda: actions.refuse(asked, text="No.", by=other, now=LATER),
        lambda: actions.send_back(asked, text="No.", by=other, now=LATER),
        lambda: actions.pass_up(asked, text="No.", by=other, now=LATER),
    ):
        with pytest.raises(AlreadyClaimed, match=person.get_full_name()):
            deed()


@pytest.mark.django_db
def test_sec_22_nobody_decides_on_their_own_proposal() -> None:
    ladder()
    person, _ = supervisor(), supervisor()
    asked = over_limit(by=person)
    for deed in (
        lambda: actions.approve(asked, seal=seal_of(asked), by=person, now=LATER),
        lambda: actions.refuse(asked, text="No.", by=person, now=LATER),
        lambda: actions.send_back(asked, text="No.", by=person, now=LATER),
    ):
        with pytest.raises(OwnProposal):
            deed()
    asked.refresh_from_db()
    assert asked.state == State.OPEN


@pytest.mark.django_db
def test_sec_22_an_administrator_without_a_limit_has_no_authority() -> None:
    ladder()
    supervisor()
    asked = over_limit()
    root = User.objects.create_superuser("root")
    with pytest.raises(NotYourQueue):
        actions.approve(asked, seal=seal_of(asked), by=root, now=LATER)
    root.groups.add(may_work_escalations("Supervisor"))
    AuthorityLimit.objects.filter(group__name="Supervisor").delete()
    with pytest.raises(OverLimit):
        actions.approve(asked, seal=seal_of(asked), by=root, now=LATER)
    asked.refresh_from_db()
    assert (asked.state, asked.complaint.state) == (State.OPEN, ComplaintState.REFERRED)


@pytest.mark.django_db
def test_what_was_not_read_is_not_approved() -> None:
    ladder()
    person = supervisor()
    asked = over_limit()
    with pytest.raises(SealBroken):
        actions.approve(asked, seal="0" * 64, by=person, now=LATER)
    asked.refresh_from_db()
    assert asked.is_unanswered


@pytest.mark.django_db
def test_refused_the_complaint_goes_back_to_work_with_the_reason() -> None:
    ladder()
    person = supervisor()
    asked = over_limit()
    refused = actions.refuse(asked, text="The fee stands.", by=person, now=LATER)
    asked.complaint.refresh_from_db()
    assert (refused.state, refused.decision) == (State.DECIDED, Decision.REFUSED)
    assert asked.complaint.state == ComplaintState.INVESTIGATING
    assert asked.complaint.entries.get(move=Move.REFUSE).text == "The fee stands."


@pytest.mark.django_db
def test_sent_back_the_offer_goes_with_it_and_another_may_be_made() -> None:
    ladder()
    person, handler = supervisor(), factories.handler_user()
    asked = over_limit(by=handler)
    returned = actions.send_back(asked, text="Ask for the receipt first.", by=person, now=LATER)
    asked.complaint.refresh_from_db()
    assert (returned.state, returned.decision_text) == (State.RETURNED, "Ask for the receipt first.")
    assert asked.complaint.state == ComplaintState.INVESTIGATING
    resolution.refer(
        asked.complaint, tried=factories.TRIED, terms=factories.terms(600), by=handler, now=LATER
    )
    assert Escalation.objects.unanswered().get(complaint=asked.complaint).offer != asked.offer


@pytest.mark.django_db
def test_a_question_by_hand_is_answered_in_words() -> None:
    ladder()
    person = supervisor()
    answered = actions.answer(raised(), text="Waive it, and say sorry.", by=person, now=LATER)
    assert (answered.decision, answered.decided_by_name) == (Decision.ANSWERED, person.get_full_name())
    assert answered.complaint.entries.filter(text__contains="Waive it, and say sorry.").exists()


@pytest.mark.django_db
def test_each_question_is_answered_in_its_own_way() -> None:
    ladder()
    person = supervisor()
    with pytest.raises(OfferToDecide):
        actions.answer(over_limit(), text="Yes.", by=person, now=LATER)
    with pytest.raises(NoOfferHere):
        actions.approve(raised(), seal="x", by=person, now=LATER)
    with pytest.raises(NoOfferHere):
        actions.refuse(raised(), text="No.", by=person, now=LATER)


@pytest.mark.django_db
@pytest.mark.parametrize("deed", [actions.answer, actions.send_back, actions.pass_up])
def test_without_words_nothing_is_decided(deed: object) -> None:
    ladder()
    person = supervisor()
    asked = raised()
    assert callable(deed)
    with pytest.raises(AdviceNeeded):
        deed(asked, text="  ", by=person, now=LATER)
    asked.refresh_from_db()
    assert asked.is_unanswered
    with pytest.raises(AdviceNeeded):
        actions.refuse(over_limit(), text="", by=person, now=LATER)


@pytest.mark.django_db
def test_what_is_answered_stays_answered_and_says_by_whom() -> None:
    ladder()
    person, other = supervisor(), supervisor()
    asked = raised()
    actions.answer(asked, text="Waive it.", by=person, now=LATER)
    for deed in (actions.answer, actions.send_back, actions.pass_up):
        with pytest.raises(
            AlreadyDecided, match=f"Already answered by {person.get_full_name()}, 2 Mar 2026, 15:00"
        ):
            deed(asked, text="No.", by=other, now=LATER)


@pytest.mark.django_db
def test_only_staff_of_the_queue_decide() -> None:
    ladder()
    supervisor()
    asked = raised()
    with pytest.raises(NotYourQueue, match="Supervisors"):
        actions.answer(asked, text="Waive it.", by=manager(), now=LATER)


@pytest.mark.django_db
def test_the_database_wants_a_decision_with_its_moment_and_its_maker() -> None:
    ladder()
    asked = raised()
    for change in (
        {"decided_at": LATER},
        {"decision": "answered"},
        {"decided_at": LATER, "decision": "answered", "decided_by_name": "Somebody"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Escalation.objects.filter(pk=asked.pk).update(**change)


@pytest.mark.django_db
def test_approved_in_the_file_itself_the_question_is_answered_by_that_person() -> None:
    ladder()
    supervisor()
    asked = over_limit()
    person = manager()
    resolution.approve(asked.complaint, seal=seal_of(asked), by=person, now=LATER)
    asked.refresh_from_db()
    assert (asked.state, asked.decision, asked.decided_by) == (State.DECIDED, Decision.APPROVED, person)


@pytest.mark.django_db
def test_refused_in_the_file_itself_the_question_is_answered_with_the_reason() -> None:
    ladder()
    supervisor()
    asked = over_limit()
    resolution.refuse(asked.complaint, reason="Too much.", by=manager(), now=LATER)
    asked.refresh_from_db()
    assert (asked.decision, asked.decision_text) == (Decision.REFUSED, "Too much.")


@pytest.mark.django_db(transaction=True)
def test_sec_61_of_two_supervisors_who_approve_at_once_one_wins_and_the_other_is_told_who() -> None:
    ladder()
    people = [supervisor() for _ in range(4)]
    asked = over_limit()
    seal, told, start = seal_of(asked), [], Barrier(len(people))

    def press(person: User) -> None:
        start.wait()
        try:
            actions.approve(asked, seal=seal, by=person, now=LATER)
        except Refused as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked.refresh_from_db()
    winner = asked.decided_by
    assert winner in people
    assert told == [f"Already approved by {winner.get_full_name()}, 2 Mar 2026, 15:00."] * 3
    assert asked.complaint.entries.filter(move=Move.APPROVE).count() == 1
