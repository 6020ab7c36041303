"""What makes one question urgent, read from the file."""

from datetime import datetime

from complaints.resolution import timing
from complaints.resolution.models import Complaint, Direction, Priority
from escalations.urgency import Circumstances


def circumstances_of(
    complaint: Complaint, *, answer_due_at: datetime, contacts: int | None = None
) -> Circumstances:
    """`contacts` where a caller has counted them already."""
    if contacts is None:
        contacts = complaint.messages.filter(direction=Direction.IN).count()
    return Circumstances(
        vulnerable=complaint.customer is not None and complaint.customer.vulnerable,
        serious=complaint.priority == Priority.SERIOUS,
        media=complaint.media_risk,
        contacts=contacts,
        often=timing.pack_of(complaint).escalation.repeated_contacts,
        next_due_at=complaint.next_due_at if complaint.is_open and complaint.has_due_date else None,
        answer_due_at=answer_due_at,
    )
