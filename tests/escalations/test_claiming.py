from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from complaints.resolution import actions as resolution
from complaints.resolution.exceptions import NotPermitted, NotVisible, OwnProposal
from complaints.resolution.models import EntryKind, Priority
from escalations import actions
from escalations.exceptions import AlreadyClaimed, AlreadyDecided, NotClaimed, NotYourQueue
from escalations.models import Escalation, State
from tests import factories
from tests.escalations.people import LATER, ladder, manager, over_limit, raised, supervisor
from tests.factories import NOW


@pytest.mark.django_db
def test_the_most_urgent_is_claimed_first_then_the_one_due_first() -> None:
    ladder()
    person = supervisor()
    late = raised(now=LATER + timedelta(days=1))
    early = raised(now=LATER)
    grave = raised(factories.investigating(priority=Priority.SERIOUS), now=LATER + timedelta(days=2))
    Escalation.objects.filter(complaint=grave.complaint, reason="serious").update(
        state=State.DECIDED, decision="answered", decided_at=LATER, decided_by_name="Somebody"
    )
    claimed = [actions.claim_next(by=person, now=LATER + timedelta(days=3)) for _ in range(4)]
    assert claimed == [grave, early, late, None]


@pytest.mark.django_db
def test_claiming_says_who_and_when_here_and_in_the_ledger() -> None:
    ladder()
    person = supervisor()
    asked = raised()
    claimed = actions.claim_next(by=person, now=LATER)
    assert claimed == asked
    assert (claimed.state, claimed.claimed_by, claimed.claimed_at) == (State.CLAIMED, person, LATER)
    assert asked.complaint.entries.filter(
        kind=EntryKind.ESCALATION, actor=person, text__contains="claimed"
    ).exists()


@pytest.mark.django_db
def test_nobody_is_handed_what_they_asked_themselves() -> None:
    ladder()
    person, other = supervisor(), supervisor()
    raised(by=person)
    over_limit(by=person)
    assert actions.claim_next(by=person, now=LATER) is None
    assert actions.claim_next(by=other, now=LATER) is not None


@pytest.mark.django_db
def test_nobody_is_handed_what_they_may_not_see() -> None:
    ladder()
    person, other, handler = supervisor(), supervisor(), factories.handler_user()
    hidden = factories.investigating(by=handler)
    resolution.restrict(hidden, confidants=[other], reason="Delicate", by=manager(), now=LATER)
    raised(hidden, by=handler)
    about = factories.investigating()
    about.about.add(person)
    raised(about)
    assert actions.claim_next(by=person, now=LATER) is None
    assert {actions.claim_next(by=other, now=LATER) for _ in range(2)} == set(Escalation.objects.all())


@pytest.mark.django_db
def test_other_queues_are_left_alone() -> None:
    ladder()
    supervisor()
    raised()
    assert actions.claim_next(by=manager(), now=LATER) is None


@pytest.mark.django_db
def test_who_may_not_work_escalations_is_refused() -> None:
    ladder()
    asked = raised()
    for person in (factories.handler_user(), User.objects.create_superuser("root", is_active=False)):
        with pytest.raises((NotPermitted, NotVisible)):
            actions.claim_next(by=person, now=LATER)
        with pytest.raises((NotPermitted, NotVisible)):
            actions.claim(asked, by=person, now=LATER)


@pytest.mark.django_db
def test_an_administrator_works_no_queue_by_being_one() -> None:
    ladder()
    supervisor()
    root = User.objects.create_superuser("root")
    asked = raised()
    assert actions.claim_next(by=root, now=LATER) is None
    with pytest.raises(NotYourQueue):
        actions.claim(asked, by=root, now=LATER)


@pytest.mark.django_db
def test_a_certain_one_is_claimed_and_twice_changes_nothing() -> None:
    ladder()
    person, other = supervisor(), supervisor()
    asked = raised()
    assert actions.claim(asked, by=person, now=LATER).claimed_by == person
    entries = asked.complaint.entries.count()
    assert actions.claim(asked, by=person, now=LATER).claimed_by == person
    assert asked.complaint.entries.count() == entries
    with pytest.raises(AlreadyClaimed, match=person.get_full_name()):
        actions.claim(asked, by=other, now=LATER)


@pytest.mark.django_db
def test_ones_own_proposal_cannot_be_claimed() -> None:
    ladder()
    person, _ = supervisor(), supervisor()
    with pytest.raises(OwnProposal):
        actions.claim(over_limit(by=person), by=person, now=LATER)


@pytest.mark.django_db
def test_what_is_answered_cannot_be_claimed() -> None:
    ladder()
    person, other = supervisor(), supervisor()
    asked = raised()
    actions.answer(asked, text="Waive it.", by=person, now=LATER)
    with pytest.raises(AlreadyDecided, match=person.get_full_name()):
        actions.claim(asked, by=other, now=LATER)


@pytest.mark.django_db
def test_released_it_waits_for_a_colleague_again() -> None:
    ladder()
    person, other = supervisor(), supervisor()
    asked = raised()
    actions.claim(asked, by=person, now=LATER)
    with pytest.raises(AlreadyClaimed):
        actions.release(asked, by=other, now=LATER)
    released = actions.release(asked, by=person, now=LATER)
    assert (released.state, released.claimed_by, released.claimed_at) == (State.OPEN, None, None)
    with pytest.raises(NotClaimed):
        actions.release(asked, by=person, now=LATER)
    assert actions.claim_next(by=other, now=LATER) == asked


@pytest.mark.django_db
def test_the_database_knows_no_claim_without_a_claimant() -> None:
    ladder()
    asked = raised()
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.filter(pk=asked.pk, state=State.OPEN).update(state=State.CLAIMED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.filter(pk=asked.pk).update(claimed_by=supervisor())


@pytest.mark.django_db(transaction=True)
def test_of_many_supervisors_who_press_at_once_each_gets_a_different_one() -> None:
    ladder()
    people = [supervisor() for _ in range(8)]
    asked = {raised().pk for _ in range(6)}
    got: list[Escalation | None] = []
    trouble, start = [], Barrier(len(people))

    def press(person: User) -> None:
        start.wait()
        try:
            got.extend(actions.claim_next(by=person, now=NOW + timedelta(days=1)) for _ in range(2))
        except Exception as error:  # noqa: BLE001
            trouble.append(error)
        finally:
            connection.close()

    threads = [Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    assert sorted(claimed.pk for claimed in got if claimed) == sorted(asked)
    assert Escalation.objects.filter(state=State.CLAIMED).count() == 6
