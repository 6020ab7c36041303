"""The repair behind the listeners: what was announced and not heard is found in the file and raised all the same."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from complaints.resolution.actions.sweeping import work_through
from complaints.resolution.actors import System
from complaints.resolution.models import (
    OPEN_STATES,
    Complaint,
    Entry,
    EntryKind,
    Move,
    Offer,
    OfferState,
)
from complaints.resolution.models import State as ComplaintState
from escalations.actions.raising import raise_escalation
from escalations.actions.sweeping import BATCH
from escalations.models import Escalation, EscalationQuerySet, Queue, Reason
from escalations.moot import why_moot

#: What was missed longer ago than this is history.
LOOK_BACK = timedelta(days=14)


def raise_missed(*, now: datetime) -> int:
    """Everything the listeners should have raised. Returns how many questions were."""
    if not Queue.objects.active().exists():
        return 0
    return (
        work_through(_referred()[:BATCH], lambda offer: _put_up(offer, now=now))
        + work_through(_concerns(now)[:BATCH], lambda entry: _hear(entry, entry.concern, now=now))
        + work_through(_reopened(now)[:BATCH], lambda entry: _hear(entry, Reason.UNHAPPY, now=now))
        + work_through(_in_the_media()[:BATCH], lambda one: _raise(one, Reason.MEDIA, now=now))
        + work_through(_stuck()[:BATCH], lambda one: _raise(one.complaint, Reason.DECLINED, now=now))
    )


def _referred() -> QuerySet[Offer]:
    asked = Escalation.objects.unanswered().filter(complaint=OuterRef("complaint"), reason=Reason.OVER_LIMIT)
    waiting = Offer.objects.filter(state=OfferState.REFERRED, complaint__state=ComplaintState.REFERRED)
    return waiting.filter(~Exists(asked)).select_related("complaint").order_by("proposed_at", "pk")


def _put_up(offer: Offer, *, now: datetime) -> None:
    said = Entry.objects.filter(complaint=offer.complaint, move=Move.REFER, facts__offer=offer.pk).last()
    raise_escalation(
        offer.complaint,
        reason=Reason.OVER_LIMIT,
        by=System.CLOCK,
        now=now,
        offer=offer,
        tried=said.text if said else "",
    )


def _concerns(now: datetime) -> QuerySet[Entry]:
    said = Entry.objects.filter(kind=EntryKind.CONCERN, move="", at__gte=now - LOOK_BACK)
    return said.filter(~Exists(_answering(reason=OuterRef("concern")))).select_related("complaint")


def _reopened(now: datetime) -> QuerySet[Entry]:
    """Taken up again by the customer or for them: they are not satisfied."""
    moves = Entry.objects.filter(move=Move.REOPEN, actor__isnull=True, at__gte=now - LOOK_BACK)
    return moves.filter(~Exists(_answering(reason=Reason.UNHAPPY))).select_related("complaint")


def _answering(*, reason: object) -> QuerySet[Escalation]:
    """Questions that cover what an entry says: raised with it, later, or still unanswered then."""
    return _covering("at").filter(complaint=OuterRef("complaint"), reason=reason)


def _covering(moment: str) -> EscalationQuerySet:
    since = OuterRef(moment)
    return Escalation.objects.filter(
        Q(raised_at__gte=since) | Q(decided_at__isnull=True) | Q(decided_at__gte=since)
    )


def _hear(entry: Entry, reason: str, *, now: datetime) -> None:
    _raise(entry.complaint, Reason(reason), now=now, ask=entry.text)


def _in_the_media() -> QuerySet[Complaint]:
    asked = Escalation.objects.filter(complaint=OuterRef("pk"), reason=Reason.MEDIA)
    return Complaint.objects.open().filter(~Exists(asked), media_risk=True).order_by("pk")


def _stuck() -> QuerySet[Offer]:
    """Declined after another was declined: the second says that the two sides are stuck."""
    declined = Offer.objects.filter(state=OfferState.DECLINED, complaint__state__in=OPEN_STATES)
    earlier = Offer.objects.filter(
        state=OfferState.DECLINED, complaint=OuterRef("complaint"), version__lt=OuterRef("version")
    )
    asked = _covering("answered_at").filter(complaint=OuterRef("complaint"), reason=Reason.DECLINED)
    return declined.filter(Exists(earlier), ~Exists(asked)).select_related("complaint").order_by("pk")


def _raise(complaint: Complaint, reason: Reason, *, now: datetime, ask: str = "") -> None:
    """Unless it has answered itself meanwhile."""
    question = Escalation(complaint=complaint, reason=reason, raised_at=now)
    if not why_moot(question, complaint, now=now):
        raise_escalation(complaint, reason=reason, by=System.CLOCK, now=now, ask=ask)
