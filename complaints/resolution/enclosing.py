"""Which letters by e-mail bring their own sheet along: the same bytes as are printed from the file."""

from django.conf import settings

from complaints.mailroom.letters import Attachment
from complaints.resolution.models import Complaint, Message, MessageKind
from complaints.resolution.papers import letter_data, typeset

#: What a customer may have to show to somebody else.
MAY_BRING_IT = frozenset({MessageKind.FINAL_RESPONSE, MessageKind.OFFER})


def brings_its_sheet(kind: str, complaint: Complaint) -> bool:
    customer = complaint.customer
    is_wanted = kind in MAY_BRING_IT and kind in settings.MAIL_AS_PDF
    return is_wanted and customer is not None and customer.writes_by_email


def sheet_of(message: Message) -> Attachment | None:
    """Nothing where the firm does not want it, or the letter goes on paper anyway."""
    if not brings_its_sheet(message.kind, message.complaint):
        return None
    name = f"{message.get_kind_display()} {message.complaint.reference}.pdf"
    pdf = typeset("letter", letter_data(message), at=message.at)
    return Attachment(name, "application/pdf", pdf)
