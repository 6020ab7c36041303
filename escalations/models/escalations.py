from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_fsm import FSMField, transition

from complaints.resolution.models import Complaint, Deadline, Offer
from complaints.resolution.models.protected import ProtectedState
from escalations.models.queues import Queue
from escalations.models.reasons import Reason
from escalations.models.substitutions import Substitution

WORK = "escalations.work_escalation"


class State(models.TextChoices):
    OPEN = "open", "Unclaimed"
    CLAIMED = "claimed", "Claimed"
    DECIDED = "decided", "Decided"
    RETURNED = "returned", "Sent back"
    PASSED_UP = "passed_up", "Passed up"
    MOOT = "moot", "No longer needed"


UNANSWERED = (State.OPEN, State.CLAIMED)
S = State


class Decision(models.TextChoices):
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Refused"
    ANSWERED = "answered", "Answered"
    SENT_BACK = "sent_back", "Sent back"
    PASSED_UP = "passed_up", "Passed up"
    MOOT = "moot", "No longer needed"


class Mood(models.TextChoices):
    """How the customer is, as the person who raised it found them (B26)."""

    CALM = "calm", "Calm"
    WORRIED = "worried", "Worried"
    TIRED = "tired", "Tired of it"
    UPSET = "upset", "Upset"
    ANGRY = "angry", "Angry"
    DISTRESSED = "distressed", "In distress"


@dataclass(frozen=True, slots=True)
class Ruling:
    """How a question ended, and by whom; `by` is empty where the house settled it."""

    decision: Decision
    by: User | None
    by_name: str
    at: datetime
    text: str = ""


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        seen = Complaint.objects.visible_to(user).filter(pk=OuterRef("complaint"))
        return self.filter(Exists(seen))

    def unanswered(self) -> Self:
        return self.filter(decided_at__isnull=True)

    def unclaimed(self) -> Self:
        return self.filter(state=State.OPEN)

    def worked_by(self, user: User, *, now: datetime) -> Self:
        """Those of the queues this person works, on complaints this person may see."""
        if not user.has_perm(WORK):
            return self.none()
        return self.visible_to(user).filter(queue__in=Queue.objects.worked_by(user, now=now))

    def claimable_by(self, user: User, *, now: datetime) -> Self:
        """Nobody is handed the question they asked themselves, nor one for which their eyes count as the asker's."""
        one_pair_of_eyes = Substitution.objects.bound_to(user, now=now)
        mine = Q(offer__isnull=False, offer__proposed_by__in=one_pair_of_eyes) | Q(raised_by=user)
        return self.worked_by(user, now=now).unclaimed().exclude(mine)

    def held_by(self, user: User) -> Self:
        return self.filter(state=State.CLAIMED, claimed_by=user)

    def by_urgency(self) -> Self:
        return self.order_by("-urgency", "due_at", "pk")

    def unanswered_past_clock(self, now: datetime) -> Self:
        """Late, and there is somebody further up to pass it to."""
        higher = Queue.objects.active().filter(level__gt=OuterRef("level"))
        return self.unanswered().filter(Exists(higher), due_at__lt=now)


class Escalation(ProtectedState):
    """A question put before a supervisor: why, with what was tried, how urgent, and what became of it.

    Passed up, it ends here and goes on as a new row in the next queue (`passed_up_from`), so that each level keeps
    its own clock and answer. `raised_at` stays the moment it was first asked, `queued_at` is when it came into this
    queue; the answer is due by the limit that held then (`answer_within`). `true_due_at` is filled where the house
    noticed late: when it should have been raised.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="escalations")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="escalations")
    level = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=20, choices=Reason.choices)
    state = FSMField(max_length=10, choices=State.choices, default=State.OPEN, protected=True)
    ask = models.TextField("what is asked", blank=True)
    tried = models.TextField("what was tried so far", blank=True)
    mood = models.CharField("how the customer is", max_length=10, choices=Mood.choices, blank=True)
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="escalations"
    )
    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, null=True, blank=True, related_name="escalations"
    )
    passed_up_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="passed_up_to"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    raised_by_name = models.CharField(max_length=200)
    raised_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField("answer due")
    answer_within = models.CharField(max_length=60, blank=True)
    true_due_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField("queue told", null=True, blank=True)
    urgency = models.SmallIntegerField(default=0)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="claimed_escalations",
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True)
    decision_text = models.TextField(blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        permissions = [("work_escalation", "Can claim and decide escalations")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="escalation_state_is_known"),
            models.UniqueConstraint(
                fields=["complaint", "reason"],
                condition=Q(state__in=[state.value for state in UNANSWERED]),
                name="escalation_one_unanswered_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=S.OPEN, claimed_by__isnull=True, claimed_at__isnull=True)
                | Q(state=S.CLAIMED, claimed_by__isnull=False, claimed_at__isnull=False)
                | ~Q(state__in=[state.value for state in UNANSWERED]),
                name="escalation_claimed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[state.value for state in UNANSWERED], decided_at__isnull=True, decision=""
                )
                | (
                    ~Q(state__in=[state.value for state in UNANSWERED])
                    & Q(decided_at__isnull=False)
                    & ~Q(decision="")
                    & ~Q(decided_by_name="")
                ),
                name="escalation_decided_once_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.RETURNED) | ~Q(decision_text=""), name="escalation_returned_with_advice"
            ),
            models.CheckConstraint(
                condition=~Q(reason=Reason.OVER_LIMIT) | Q(offer__isnull=False),
                name="escalation_over_limit_has_its_offer",
            ),
            models.CheckConstraint(
                condition=~Q(reason=Reason.RAISED) | (~Q(tried="") & ~Q(ask="")),
                name="escalation_by_hand_says_what_was_tried",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "queue", "-urgency", "due_at", "id"], name="escalation_claim_next"),
            models.Index(
                fields=["due_at"], condition=Q(decided_at__isnull=True), name="escalation_unanswered"
            ),
            models.Index(fields=["complaint", "reason"], name="escalation_by_complaint"),
            models.Index(
                fields=["id"],
                condition=Q(decided_at__isnull=True, told_at__isnull=True),
                name="escalation_queue_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} on {self.complaint_id}"

    @property
    def is_unanswered(self) -> bool:
        return self.decided_at is None

    @transition(field="state", source=S.OPEN, target=S.CLAIMED)
    def claim(self, *, by: User, now: datetime) -> None:
        self.claimed_by, self.claimed_at = by, now

    @transition(field="state", source=S.CLAIMED, target=S.OPEN)
    def release(self) -> None:
        self.claimed_by = self.claimed_at = None

    @transition(field="state", source=list(UNANSWERED), target=S.DECIDED)
    def decide(self, ruling: Ruling) -> None:
        self._write_down(ruling)

    @transition(field="state", source=list(UNANSWERED), target=S.RETURNED)
    def send_back(self, ruling: Ruling) -> None:
        self._write_down(ruling)

    @transition(field="state", source=list(UNANSWERED), target=S.PASSED_UP)
    def pass_up(self, ruling: Ruling) -> None:
        self._write_down(ruling)

    @transition(field="state", source=list(UNANSWERED), target=S.MOOT)
    def drop(self, ruling: Ruling) -> None:
        self._write_down(ruling)

    def _write_down(self, ruling: Ruling) -> None:
        self.decision, self.decision_text = ruling.decision, ruling.text
        self.decided_by, self.decided_by_name, self.decided_at = ruling.by, ruling.by_name, ruling.at
