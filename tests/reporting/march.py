"""A month in the life of a small firm, made by verbs at known moments; the numbers beside it are counted by hand.

Seen on 20 April 2026. Summer time begins in London on 29 March, Good Friday is 3 April, Easter Monday 6 April.
"""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User
from djmoney.money import Money

from complaints.followups import actions as followups
from complaints.resolution import actions
from complaints.resolution.actions import Line, PastComplaint
from complaints.resolution.actors import System
from complaints.resolution.models import Category, Channel, Complaint, Fault, Outcome, RemedyKind
from escalations import actions as escalations
from escalations.models import Reason
from tests import factories
from tests.escalations import people
from tests.factories import LETTER

READ_AT = datetime(2026, 4, 20, 9, tzinfo=UTC)
MARCH = {"period": "custom", "first": "2026-03-01", "last": "2026-03-31"}

#: Every figure that is not nought.
COUNTED = {
    "received": 14,
    "known": 12,
    "caused": 6,
    "repeats": 1,
    "closed": 4,
    "withdrawn": 1,
    "merged": 1,
    "open": 7,
    "open_4_weeks": 2,
    "open_8_weeks": 5,
    "open_received": 4,
    "open_waiting": 1,
    "open_investigating": 2,
    "acknowledged": 8,
    "answered": 6,
    "reopened": 1,
    "offers_sent": 4,
    "offers_accepted": 2,
    "offers_declined": 1,
    "offers_lapsed": 1,
    "offers_ended": 4,
    "first_answers": 5,
    "settled": 1,
    "answers_undone": 1,
    "own_answers": 6,
    "own_answers_undone": 1,
    "upheld": 3,
    "decided": 5,
    "outcome_upheld": 2,
    "outcome_partly": 1,
    "outcome_not": 2,
    "fault_yes": 2,
    "fault_partly": 1,
    "fault_no": 1,
    "fault_none": 1,
    "thanks_kept": 9,
    "thanks_missed": 3,
    "thanks_let_go": 1,
    "thanks_decided": 12,
    "service_kept": 5,
    "service_missed": 4,
    "service_running": 2,
    "service_let_go": 2,
    "service_decided": 9,
    "statutory_kept": 5,
    "statutory_running": 6,
    "statutory_let_go": 2,
    "statutory_decided": 5,
    "escalated": 4,
    "escalated_unhappy": 1,
    "escalated_over_limit": 1,
    "escalated_asked_for_manager": 1,
    "escalated_offer_lapsed": 1,
    "escalations_decided": 2,
    "escalations_passed_up": 1,
    "redress": 3,
    "redress_refund": 1,
    "redress_goodwill": 1,
    "redress_compensation": 1,
    "surveys": 2,
    "satisfied": 1,
    "score_5": 1,
    "score_2": 1,
    "surveys_sent": 3,
    "surveys_returned": 2,
}
#: Complaints of the story by what is worth knowing of them.
NAMES = "alice_refund reopened settled withdrawn merged kept waiting referred lapsed again late_evening euro rejected"


def march(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


class March:
    """The month. What is in February or April, hidden or imported is there to be told apart."""

    def __init__(self) -> None:
        self.handler = factories.handler_user()
        self.supervisor, self.manager = people.supervisor(), people.manager()
        people.ladder()
        factories.house_limits()
        factories.limit("Handler", 200, currency="EUR")
        self.cards = Category.objects.create(name="Cards")
        self.loans = Category.objects.create(name="Loans")
        self.alice = factories.CustomerFactory(name="Alice")
        self.zoe = factories.CustomerFactory(name="Zoe")
        self.complaints: dict[str, Complaint] = {}
        self.surveyed_after_february()
        self.answered()
        self.ended_without_answer()
        self.open()
        self.at_the_edges()

    def surveyed_after_february(self) -> None:
        """Received and answered in February, closed on 5, 6 and 7 March, surveyed within the week."""
        closed = [
            factories.closed(by=self.handler, now=datetime(2026, 2, day, 10, tzinfo=UTC), category=self.cards)
            for day in (3, 4, 5)
        ]
        for day in range(5, 13):
            followups.send_due(now=march(day, 12))
        happy, _silent, unhappy = closed
        followups.take_survey(happy, score=5, still_open=False, text="", now=march(13))
        followups.take_survey(unhappy, score=2, still_open=False, text="Slow", now=march(13))

    def answered(self) -> None:
        """After 49 hours, 5 hours and again, 3 hours, 50 hours, 5 hours."""
        at = {"by": self.handler}
        self.complaints["alice_refund"] = factories.closed(
            **at, now=march(2), customer=self.alice, category=self.cards, company="Acme Bank"
        )
        self.complaints["reopened"] = self.answered_twice()
        self.complaints["settled"] = self.settled()
        self.complaints["euro"] = self.paid_in_euro()
        self.complaints["rejected"] = factories.responded(**at, now=march(18), category=self.loans)

    def answered_twice(self) -> Complaint:
        complaint = factories.responded(
            by=self.handler, now=march(3), category=self.loans, company="ACME BANK"
        )
        complaint = actions.reopen(complaint, reason="New papers", by=self.handler, now=march(10))
        factories.find(complaint, by=self.handler, now=march(12), fault=Fault.PARTLY)
        return actions.respond(
            complaint, outcome=Outcome.PARTLY_UPHELD, letter=LETTER, by=self.handler, now=march(12, 15)
        )

    def settled(self) -> Complaint:
        complaint = factories.received(now=march(4), channel=Channel.PHONE, category=self.cards)
        line = Line(kind=RemedyKind.GOODWILL, due_on=march(4).date(), amount=Money(50, "GBP"))
        return actions.settle(
            complaint,
            lines=[line],
            acceptance="“Yes, thank you.”",
            proof="Paid",
            letter=LETTER,
            by=self.handler,
            now=march(4, 13),
        )

    def paid_in_euro(self) -> Complaint:
        by, now = self.handler, march(17)
        complaint = factories.ready_to_offer(by=by, now=now)
        factories.find(complaint, by=by, now=march(17, 13), fault=Fault.NO)
        terms = factories.terms(80, now=now, currency="EUR", kind=RemedyKind.COMPENSATION)
        actions.propose(complaint, terms=terms, by=by, now=march(17, 14))
        actions.offer(complaint, letter=LETTER, by=by, now=march(17, 15))
        assert complaint.customer is not None
        offer = actions.accept(complaint, by=complaint.customer, now=march(18))
        done = actions.complete_line(offer.lines.get(), proof="Paid", by=by, now=march(19))
        actions.check_payment(done, by=self.supervisor, now=march(19, 11))
        actions.fulfil(complaint, letter=LETTER, by=by, now=march(19, 12))
        return complaint

    def ended_without_answer(self) -> None:
        gone = factories.acknowledged(by=self.handler, now=march(5))
        assert gone.customer is not None
        self.complaints["withdrawn"] = actions.withdraw(
            gone, words="Never mind", by=gone.customer, now=march(6)
        )
        grace = factories.CustomerFactory(name="Grace")
        kept = factories.received(now=march(6), customer=grace)
        double = factories.received(now=march(6, 12), customer=grace)
        self.complaints["kept"] = kept
        self.complaints["merged"] = actions.merge(
            double, into=kept, reason="The same", by=self.handler, now=march(7)
        )

    def open(self) -> None:
        self.complaints["waiting"] = factories.waiting(
            by=self.handler, now=march(9), category=self.loans, channel=Channel.EMAIL
        )
        self.complaints["referred"] = self.declined_after_approval()
        lapsed = factories.offered(by=self.handler, now=march(11))
        actions.lapse(lapsed, by=System.CLOCK, now=march(26))
        self.complaints["lapsed"] = lapsed
        self.complaints["again"] = factories.received(
            now=march(16), customer=self.alice, channel=Channel.PHONE
        )

    def declined_after_approval(self) -> Complaint:
        complaint = factories.referred(by=self.handler, now=march(10), amount=500)
        question = complaint.escalations.get(reason=Reason.OVER_LIMIT)
        escalations.approve(question, seal=people.seal_of(question), by=self.supervisor, now=march(11))
        actions.offer(complaint, letter=LETTER, by=self.handler, now=march(12))
        assert complaint.customer is not None
        actions.decline(
            complaint, reason="Too little", by=complaint.customer, now=march(13), wants_manager=True
        )
        question = complaint.escalations.get(reason=Reason.ASKED_FOR_MANAGER)
        higher = escalations.pass_up(question, text="Not mine", by=self.supervisor, now=march(14))
        escalations.answer(higher, text="Call her", by=self.manager, now=march(16))
        complaint.refresh_from_db()
        return complaint

    def at_the_edges(self) -> None:
        """Imported; hidden; in the last half hour of March and the first of April, as London has it."""
        past = PastComplaint(
            external_source="cfpb",
            external_id="1",
            title="Long ago",
            words="",
            channel=Channel.OTHER,
            received_at=march(1),
            closed=True,
            closed_at=march(20),
            category=self.loans,
            company="acme bank",
        )
        (self.complaints["imported"],) = actions.record_history([past], by=System.IMPORTER, now=march(30))
        hidden = factories.received(now=march(8), customer=self.zoe)
        actions.restrict(hidden, confidants=[], reason="Private", by=self.supervisor, now=march(8, 11))
        self.complaints["hidden"] = hidden
        midnight = datetime(2026, 3, 31, 23, tzinfo=UTC)
        half_an_hour = timedelta(minutes=30)
        self.complaints["late_evening"] = factories.received(now=midnight - half_an_hour, customer=self.zoe)
        self.complaints["april"] = factories.received(now=midnight + half_an_hour)


def reader() -> User:
    return factories.quality_user()
