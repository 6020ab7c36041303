"""Living a complaint's life by the verbs alone, with letters that say all the policy wants said."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from complaints.policies.extending import Notice
from complaints.resolution import actions, mandatory
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint, Deadline, MessageKind, Outcome
from tests import factories
from tests.complaints.policies.lives import Told

__all__ = ["Life", "Notice"]
BARE = (
    "Dear customer,\n\nthank you for your patience. The reason for the delay is that we still wait for the records of "
    "another firm. We found that the records show one booking. Because of that we decided as follows. "
    "What is still to be done is nothing. We credited 20.00 to your account, and you may use the money freely."
)


class Life:
    """One complaint and the person who works it."""

    def __init__(self, received_at: datetime, **facts: Any) -> None:
        self.person: User = factories.handler_user()
        self.complaint: Complaint = factories.received(now=received_at, **facts)

    def letter(self, kind: str, *, outcome: str = "", says: str = "") -> Letter:
        bare = Letter("About your complaint", f"{BARE} {says}")
        return mandatory.completed(bare, mandatory.lacking(kind, bare, self.fresh, outcome=outcome))

    @property
    def fresh(self) -> Complaint:
        return Complaint.objects.get(pk=self.complaint.pk)

    def thanked(self, at: datetime) -> None:
        actions.acknowledge(self.complaint, spoken="Thanked and told the dates.", by=self.person, now=at)
        actions.investigate(self.complaint, by=self.person, now=at)

    def wrote(self, at: datetime) -> None:
        letter = self.letter(MessageKind.UPDATE)
        actions.send_letter(self.complaint, kind=MessageKind.UPDATE, letter=letter, by=self.person, now=at)

    def asked(self, at: datetime, *, answer_by: datetime) -> None:
        letter = self.letter(MessageKind.QUESTION)
        questions = ["On which day was that?"]
        actions.ask(
            self.complaint, questions=questions, letter=letter, answer_by=answer_by, by=self.person, now=at
        )

    def heard(self, at: datetime) -> None:
        actions.hear(self.complaint, answers={}, waived_because="Said on the phone.", by=self.person, now=at)

    def answered(self, at: datetime, *, by: User | None = None) -> None:
        person, outcome = by or self.person, Outcome.NOT_UPHELD
        factories.find(self.complaint, by=person, now=at)
        letter = self.letter(MessageKind.FINAL_RESPONSE, outcome=outcome)
        actions.respond(self.complaint, outcome=outcome, letter=letter, by=person, now=at)

    def moved(self, at: datetime, clock: str, *, until: datetime, by_letter: str) -> Deadline:
        """With a letter that names the day."""
        letter = self.letter(by_letter, says=f"We expect to answer by {until:%-d %B %Y}.")
        reason = "The other firm has not sent its records."
        return actions.move_date(
            self.complaint, clock=clock, until=until, reason=reason, letter=letter, by=self.person, now=at
        )

    def of(self, clock: str) -> Deadline:
        """The last stretch of this clock."""
        return self.complaint.deadlines.filter(clock=clock).latest("pk")

    def assert_told(self, expected: Told) -> None:
        """Each of these clocks, due then, and for the reason that the rule gives."""
        rows = {row.clock: row for row in self.complaint.deadlines.order_by("pk")}
        assert {code: rows[code].due_at for code in expected} == {
            code: due for code, (due, _) in expected.items()
        }
        for code, (_, source) in expected.items():
            assert source in rows[code].reasons[-1], code
