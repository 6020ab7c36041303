"""One question before a supervisor as it lies open before somebody: each fact is read once, when first asked for."""

from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Max, Q
from django.utils.text import capfirst

from complaints.desk.open_file import CURRENCY
from complaints.desk.templatetags.file_words import money
from complaints.resolution.actors import name_of
from complaints.resolution.authority import Amount, Room
from complaints.resolution.models import Complaint, Deadline, Direction, Finding, Offer, OfferLine
from escalations.ceilings import Ceilings, ceilings_on, may_grant_together
from escalations.models import WORK, Escalation, Reason, State
from escalations.standing_in import acts_for, shares_eyes

BESIDE = (
    "queue",
    "offer__proposed_by",
    "claimed_by",
    "passed_up_from__queue",
    "passed_up_to__queue",
    "complaint__customer",
    "complaint__category",
    "complaint__handler",
)


class OpenQuestion:
    def __init__(self, escalation: Escalation, *, person: User, now: datetime) -> None:
        self.escalation = escalation
        self.person = person
        self.now = now

    def __str__(self) -> str:
        return f"{self.complaint.reference} · {self.title}"

    @property
    def complaint(self) -> Complaint:
        return self.escalation.complaint

    @property
    def title(self) -> str:
        """“Refund and goodwill of £500 for P. Haddad”; where no money is asked, the matter itself."""
        if not self.amounts:
            return self.complaint.title
        kinds = list(dict.fromkeys(line.get_kind_display().lower() for line in self.lines if line.amount))
        customer = f" for {self.complaint.customer}" if self.complaint.customer else ""
        return capfirst(f"{' and '.join(kinds)} of {money(self.total, self.currency)}{customer}")

    @property
    def is_about_offer(self) -> bool:
        return bool(self.escalation.reason == Reason.OVER_LIMIT)

    @property
    def is_mine(self) -> bool:
        return bool(self.escalation.state == State.CLAIMED) and self.escalation.claimed_by == self.person

    @property
    def is_free(self) -> bool:
        return bool(self.escalation.state == State.OPEN)

    @property
    def is_to_take_over(self) -> bool:
        """Claimed by somebody absent, for whom this person stands in."""
        claimed = self.escalation.is_unanswered and self.escalation.claimed_by is not None
        return claimed and self.escalation.claimed_by == self.on_behalf

    @cached_property
    def is_own_proposal(self) -> bool:
        """The person's own, or one for which their eyes count as the proposer's."""
        return self.offer is not None and shares_eyes(self.person, self.offer.proposed_by, now=self.now)

    @cached_property
    def groups(self) -> set[int]:
        return set(self.person.groups.values_list("pk", flat=True))

    @property
    def works_the_queue(self) -> bool:
        in_own_right = self.escalation.queue.group_id in self.groups
        return self.person.has_perm(WORK) and (in_own_right or self.on_behalf is not None)

    @cached_property
    def on_behalf(self) -> User | None:
        """The absent colleague for whom this person would act here."""
        return acts_for(self.person, self.escalation, now=self.now)

    @property
    def may_act(self) -> bool:
        free = self.is_free or self.is_mine or self.is_to_take_over
        return free and self.works_the_queue

    @property
    def why_not(self) -> str:
        """Why this person can decide nothing here; nothing where they can."""
        escalation = self.escalation
        if not escalation.is_unanswered:
            return ""
        if not self.works_the_queue:
            return f"This lies with {escalation.queue}. You may read it, not decide it."
        if escalation.claimed_by is not None and not (self.is_mine or self.is_to_take_over):
            return f"{name_of(escalation.claimed_by)} has claimed this and will decide."
        if self.offer is not None and self.offer.proposed_by_id == self.person.pk:
            return "You proposed this offer. Somebody else must decide on it."
        if self.offer is not None and self.is_own_proposal:
            proposer = name_of(self.offer.proposed_by)
            return f"{proposer} proposed this, and one of you stands in for the other. Somebody else must decide."
        return ""

    @property
    def offer(self) -> Offer | None:
        return self.escalation.offer

    @cached_property
    def offers(self) -> list[Offer]:
        """All offers made on the complaint, newest first."""
        made = self.complaint.offers.select_related("proposed_by", "approved_by")
        return list(made.prefetch_related("lines").order_by("-version"))

    @property
    def past_offers(self) -> list[Offer]:
        return [offer for offer in self.offers if offer != self.offer]

    @cached_property
    def lines(self) -> list[OfferLine]:
        asked = next((offer for offer in self.offers if offer == self.offer), None)
        return list(asked.lines.all()) if asked else []

    @property
    def amounts(self) -> list[Amount]:
        return [
            Amount(line.kind, line.amount.currency.code, line.amount.amount)
            for line in self.lines
            if line.amount
        ]

    @property
    def currency(self) -> str:
        return self.amounts[0].currency if self.amounts else CURRENCY

    @property
    def total(self) -> Decimal:
        return sum((amount.value for amount in self.amounts), Decimal(0))

    @cached_property
    def ceilings(self) -> Ceilings:
        return ceilings_on(self.complaint, self.groups, self.currency, now=self.now)

    @property
    def room(self) -> Room | None:
        """The widest room this person still has here."""
        kind = self.amounts[0].kind if self.amounts else ""
        rooms = self.ceilings.rooms(self.groups, kind)
        return max(rooms, key=lambda room: room.left, default=None)

    @property
    def is_within_authority(self) -> bool:
        return self.ceilings.hold(self.groups, self.amounts) and self._principal_could_grant

    @property
    def _principal_could_grant(self) -> bool:
        if self.on_behalf is None or self.offer is None:
            return True
        groups = self.on_behalf.groups.values_list("pk", flat=True)
        return may_grant_together(self.offer, groups, now=self.now)

    @cached_property
    def finding(self) -> Finding | None:
        return Finding.objects.filter(complaint=self.complaint).first()

    @cached_property
    def running(self) -> list[Deadline]:
        return list(self.complaint.deadlines.running())

    @cached_property
    def contact(self) -> dict[str, Any]:
        """When we last wrote, when the customer last did, and how often they came to us."""
        from_customer = Q(direction=Direction.IN)
        return self.complaint.messages.aggregate(
            ours=Max("at", filter=Q(direction=Direction.OUT)),
            theirs=Max("at", filter=from_customer),
            times=Count("pk", filter=from_customer),
        )
