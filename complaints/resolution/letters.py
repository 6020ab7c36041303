"""Drafts of the letters staff send with a move. A draft is a beginning: the form shows it, a person finishes it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from complaints.resolution.actors import name_of
from complaints.resolution.links import LINK_HERE
from complaints.resolution.models import Complaint, Customer, MessageKind

#: What only a person can say. A letter with this still in it does not go.
SAY_HERE = "[what was done since, what comes next, and by when]"


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


def draft(kind: MessageKind, complaint: Complaint, **context: Any) -> Letter:
    """The letter of this kind for this complaint. The template's first line is its subject."""
    return render(f"resolution/letters/{kind}.txt", complaint, **context)


def render(template: str, complaint: Complaint, **context: Any) -> Letter:
    """Plain text: nothing is escaped, and nothing a customer wrote is ever used as a template."""
    text = render_to_string(template, {"complaint": complaint, **firm(complaint), **context})
    subject, _, body = text.strip().partition("\n")
    return Letter(subject=subject.strip()[:200], body=f"{body.strip()}\n")


def why_unfinished(letter: Letter, customer: Customer) -> str:
    """What still has to be written before this letter can go to this customer; nothing where it can."""
    if SAY_HERE in letter.body:
        return f"Replace {SAY_HERE} with your own words."
    if LINK_HERE in letter.body and not customer.writes_by_email:
        return f"This letter goes on paper: instead of {LINK_HERE}, say how to answer by telephone or letter."
    return ""


def firm(complaint: Complaint) -> dict[str, Any]:
    handler, customer = complaint.handler, complaint.customer
    return {
        "firm_name": settings.FIRM_NAME,
        "firm_phone": settings.FIRM_PHONE,
        "customer": customer,
        "by_email": customer is not None and customer.writes_by_email,
        "link": LINK_HERE,
        "say": SAY_HERE,
        "contact": name_of(handler) if handler else f"the complaints team at {settings.FIRM_NAME}",
    }
