"""Everything that may meet at one question, at the same moment: one end, one entry, no deadlock, no error page."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection

from complaints.resolution import actions as resolution
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import EntryKind, OfferState
from complaints.resolution.models import State as ComplaintState
from escalations import actions
from escalations.models import Escalation, State
from tests import factories
from tests.escalations.people import LATER, ladder, manager, over_limit, seal_of, supervisor

ROUNDS = 5


def at_once(deeds: list[Callable[[], object]]) -> list[Exception]:
    """Do all of it together; what was not a refusal fit for staff comes back."""
    trouble: list[Exception] = []
    start = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> None:
        start.wait()
        try:
            deed()
        except Refused:
            pass
        except Exception as error:  # noqa: BLE001
            trouble.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return trouble


@pytest.mark.django_db(transaction=True)
def test_sec_61_whatever_meets_at_a_question_it_ends_once() -> None:
    ladder()
    first, second, top = supervisor(), supervisor(), manager()
    handler = factories.handler_user()
    for _ in range(ROUNDS):
        one_round(over_limit(by=handler), first, second, top, handler)


def one_round(asked: Escalation, first: User, second: User, top: User, handler: User) -> None:
    now = LATER + timedelta(days=4)
    complaint, seal = asked.complaint, seal_of(asked)
    trouble = at_once(
        [
            lambda: actions.approve(asked, seal=seal, by=first, now=now),
            lambda: actions.send_back(asked, text="Less.", by=second, now=now),
            lambda: resolution.approve(complaint, seal=seal, by=top, now=now),
            lambda: resolution.withdraw(complaint, words="Never mind.", by=handler, now=now),
            lambda: actions.pass_up_unanswered(now=now),
            lambda: actions.claim_next(by=second, now=now),
            lambda: (actions.tell_queues(now=now), actions.refresh_urgency(now=now)),
        ]
    )
    assert trouble == []
    complaint.refresh_from_db()
    waits = complaint.state == ComplaintState.REFERRED
    rows = Escalation.objects.filter(complaint=complaint)
    assert rows.unanswered().count() == int(waits)
    assert (factories.live_offer(complaint).state == OfferState.REFERRED) is waits
    ended = complaint.entries.filter(
        kind=EntryKind.ESCALATION, facts__state__in=["decided", "returned", "moot"]
    )
    assert ended.count() == rows.filter(state__in=[State.DECIDED, State.RETURNED, State.MOOT]).count()
