"""The graph: what may follow what. Who may do it, and on what facts, is the verb's business (`actions`)."""

from datetime import datetime

from django.db import models
from django.db.models import Case, GeneratedField, Value, When
from django_fsm import FSMField, transition

from complaints.resolution.models.protected import ProtectedState


class State(models.TextChoices):
    RECEIVED = "received", "Received"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    INVESTIGATING = "investigating", "Investigating"
    WAITING = "waiting", "Waiting"
    REFERRED = "referred", "Awaiting approval"
    APPROVED = "approved", "Approved"
    OFFERED = "offered", "Offered"
    FULFILLING = "fulfilling", "Putting right"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    MERGED = "merged", "Merged"


class Move(models.TextChoices):
    ACKNOWLEDGE = "acknowledge", "Acknowledge"
    INVESTIGATE = "investigate", "Start investigating"
    ASK = "ask", "Ask the customer"
    HEAR = "hear", "Record the answer"
    PROPOSE = "propose", "Make an offer"
    REFER = "refer", "Refer for approval"
    APPROVE = "approve", "Approve"
    REFUSE = "refuse", "Refuse"
    REVISE = "revise", "Revise the offer"
    OFFER = "offer", "Send the offer"
    ACCEPT = "accept", "Record acceptance"
    DECLINE = "decline", "Record refusal"
    LAPSE = "lapse", "Let the offer lapse"
    FULFIL = "fulfil", "Tell the outcome"
    RESPOND = "respond", "Give the final response"
    SETTLE = "settle", "Settle now"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"
    WITHDRAW = "withdraw", "Withdraw"
    MERGE = "merge", "Merge"


#: Somebody at the firm still owes the customer something.
OPEN_STATES = (
    State.RECEIVED,
    State.ACKNOWLEDGED,
    State.INVESTIGATING,
    State.WAITING,
    State.REFERRED,
    State.APPROVED,
    State.OFFERED,
    State.FULFILLING,
)

S = State


class Lifecycle(ProtectedState):
    """State and graph of a complaint. One method a move; each stamps a date or does nothing at all."""

    state = FSMField(max_length=16, choices=State.choices, default=State.RECEIVED, protected=True)
    state_since = models.DateTimeField()
    is_open = GeneratedField(
        expression=Case(
            When(state__in=[state.value for state in OPEN_STATES], then=Value(value=True)),
            default=Value(value=False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @transition(field="state", source=S.RECEIVED, target=S.ACKNOWLEDGED)
    def acknowledge(self, *, now: datetime) -> None:
        self.acknowledged_at = now

    @transition(field="state", source=S.ACKNOWLEDGED, target=S.INVESTIGATING)
    def investigate(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.INVESTIGATING, target=S.WAITING)
    def ask(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.WAITING, target=S.INVESTIGATING)
    def hear(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.INVESTIGATING, target=S.APPROVED)
    def propose(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.INVESTIGATING, target=S.REFERRED)
    def refer(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.REFERRED, target=S.APPROVED)
    def approve(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.REFERRED, target=S.INVESTIGATING)
    def refuse(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.APPROVED, target=S.INVESTIGATING)
    def revise(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.APPROVED, target=S.OFFERED)
    def offer(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.OFFERED, target=S.FULFILLING)
    def accept(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.OFFERED, target=S.INVESTIGATING)
    def decline(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.OFFERED, target=S.INVESTIGATING)
    def lapse(self, *, now: datetime) -> None: ...

    @transition(field="state", source=S.FULFILLING, target=S.ANSWERED)
    def fulfil(self, *, now: datetime) -> None:
        self.answered_at = now

    @transition(field="state", source=S.INVESTIGATING, target=S.ANSWERED)
    def respond(self, *, now: datetime) -> None:
        self.answered_at = now

    @transition(field="state", source=[S.RECEIVED, S.ACKNOWLEDGED, S.INVESTIGATING], target=S.ANSWERED)
    def settle(self, *, now: datetime) -> None:
        self.answered_at = now

    @transition(field="state", source=S.ANSWERED, target=S.CLOSED)
    def close(self, *, now: datetime) -> None:
        self.closed_at = now

    @transition(field="state", source=[S.ANSWERED, S.CLOSED], target=S.INVESTIGATING)
    def reopen(self, *, now: datetime) -> None:
        self.answered_at = self.closed_at = None

    @transition(field="state", source=list(OPEN_STATES), target=S.WITHDRAWN)
    def withdraw(self, *, now: datetime) -> None:
        self.closed_at = now

    @transition(field="state", source=list(OPEN_STATES), target=S.MERGED)
    def merge(self, *, now: datetime) -> None:
        self.closed_at = now
