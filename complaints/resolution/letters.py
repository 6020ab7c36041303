"""Drafts of the letters staff send with a move. A draft is a beginning: the form shows it, a person finishes it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from complaints.resolution.actors import name_of
from complaints.resolution.models import Complaint, MessageKind


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


def firm(complaint: Complaint) -> dict[str, Any]:
    handler = complaint.handler
    return {
        "firm_name": settings.FIRM_NAME,
        "firm_phone": settings.FIRM_PHONE,
        "customer": complaint.customer,
        "contact": name_of(handler) if handler else f"the complaints team at {settings.FIRM_NAME}",
    }
