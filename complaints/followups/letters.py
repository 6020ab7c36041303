"""The letters that fall due by themselves, written at the moment they go, from what the file says then."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime

from complaints.followups.models import PlannedLetter
from complaints.followups.plan import ANSWERS
from complaints.policies.letter_names import Wording
from complaints.resolution import letters, timing
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint, MessageKind, Move, OfferLine, OfferState

Context = dict[str, Any]


def write(planned: PlannedLetter, *, now: datetime) -> Letter:
    kind = MessageKind(planned.kind)
    context = CONTEXTS[kind](planned) if kind in CONTEXTS else {}
    return letters.draft(wording_of(planned), planned.complaint, now=now, **context)


def wording_of(planned: PlannedLetter) -> Wording:
    if planned.kind == MessageKind.QUESTION_REMINDER and planned.stage > 1:
        return Wording.QUESTION_SECOND_REMINDER
    return Wording(planned.kind)


def _acknowledgement(planned: PlannedLetter) -> Context:
    """Nothing the customer typed, their name included: the address on a web form may be somebody else's (SEC-33)."""
    complaint = planned.complaint
    dates = {deadline.clock: deadline.due_at for deadline in complaint.deadlines.running()}
    return {
        "by_name": planned.cycle.actor_id is not None,
        "update_by": dates.get("update"),
        "final_response_by": dates.get("final_response"),
    }


def _question_reminder(planned: PlannedLetter) -> Context:
    complaint = planned.complaint
    return {
        "questions": list(complaint.questions.filter(settled_at__isnull=True)),
        "asked_at": planned.cycle.at,
    }


def _offer_reminder(planned: PlannedLetter) -> Context:
    return {"offer": planned.complaint.offers.filter(state=OfferState.SENT).get()}


def _follow_up(planned: PlannedLetter) -> Context:
    return {"lines": _done(planned.complaint)}


def _closing(planned: PlannedLetter) -> Context:
    complaint = planned.complaint
    until = timing.may_reopen_until(complaint)
    told = date_format(localtime(until), "j F Y")
    text = timing.pack_of(complaint).reopen_text.strip()
    return {
        "lines": _done(complaint),
        "come_back": text.replace("{until}", told),
        "come_back_until": until,
    }


def _done(complaint: Complaint) -> list[OfferLine]:
    """What the last answer says was done; nothing when it was a letter alone."""
    answer = complaint.entries.filter(move__in=ANSWERS).order_by("-pk").first()
    if answer is None or answer.move == Move.RESPOND:
        return []
    kept = OfferLine.objects.filter(offer__complaint=complaint, offer__state=OfferState.FULFILLED)
    if answer.move == Move.SETTLE:
        return list(kept.filter(offer__sent_at=answer.at))
    return list(kept.filter(offer=answer.facts["offer"]))


CONTEXTS: dict[MessageKind, Callable[[PlannedLetter], Context]] = {
    MessageKind.ACKNOWLEDGEMENT: _acknowledgement,
    MessageKind.QUESTION_REMINDER: _question_reminder,
    MessageKind.OFFER_REMINDER: _offer_reminder,
    MessageKind.FOLLOW_UP: _follow_up,
    MessageKind.CLOSING: _closing,
}
