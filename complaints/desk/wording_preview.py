"""How a letter reads with a real complaint: whatever is known of it, by the names a wording may use."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User

from complaints.desk.forms.inquiry import DATE_HERE, QUESTIONS_HERE
from complaints.policies.models import ChosenText
from complaints.resolution import actions, letters, timing
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint
from complaints.resolution.reference import understand


def complaint_to_try(reference: str, *, by: User) -> Complaint | None:
    """The one that is named, or the newest; in either case only of those this person may see."""
    seen = Complaint.objects.visible_to(by).filter(customer__isnull=False)
    seen = seen.select_related("customer", "handler")
    if not reference.strip():
        return seen.filter(restricted=False).order_by("-pk").first()
    return seen.filter(reference=understand(reference)).first() if understand(reference) else None


def preview(choice: ChosenText, complaint: Complaint, *, by: User, now: datetime) -> Letter:
    actions.log_reading(complaint, by=by, now=now)
    return letters.made(choice, complaint, **_facts(complaint, now))


def _facts(complaint: Complaint, now: datetime) -> dict[str, Any]:
    offer = complaint.offers.order_by("-version").first()
    dates = {deadline.clock: deadline.due_at for deadline in complaint.deadlines.running()}
    asked = [question.text for question in complaint.questions.filter(settled_at__isnull=True)]
    return {
        "by_name": True,
        "finding": getattr(complaint, "finding", None),
        "points": list(complaint.points.all()),
        "outcome": complaint.outcome,
        "offer": offer,
        "lines": list(offer.lines.all()) if offer else [],
        "questions": asked or [QUESTIONS_HERE],
        "answer_by": DATE_HERE,
        "asked_at": now,
        "update_by": dates.get("update"),
        "final_response_by": dates.get("final_response"),
        "come_back": timing.pack_of(complaint).reopen_text.strip().replace("{until}", DATE_HERE),
        "come_back_until": DATE_HERE,
    }
