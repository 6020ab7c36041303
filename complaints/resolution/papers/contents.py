"""What stands on each paper, as plain data: texts, lists and dates already in words."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.translation import override

from complaints.policies.shipped_letters import FIRST, Phrases, phrases
from complaints.resolution import timing
from complaints.resolution.letter_values import written
from complaints.resolution.links import LINK_HERE
from complaints.resolution.models import Complaint, Message
from complaints.resolution.papers import sections
from complaints.resolution.papers.blocks import blocks_of

Data = dict[str, Any]


class PaperKind(StrEnum):
    INCIDENT_REPORT = "incident_report"
    SUMMARY = "summary"

    @property
    def label(self) -> str:
        return {self.INCIDENT_REPORT: "Incident report", self.SUMMARY: "Summary of the complaint"}[self]


ABOUT = {
    PaperKind.INCIDENT_REPORT: "What was complained of, what happened, what was done and when. For the house alone.",
    PaperKind.SUMMARY: "What was complained of, what we found and what we did.",
}
TOLD: dict[PaperKind, tuple[sections.Teller, ...]] = {
    PaperKind.INCIDENT_REPORT: (
        sections.the_complaint,
        sections.in_their_words,
        sections.points,
        sections.finding,
        sections.offers,
        sections.lessons,
        sections.deadlines,
        sections.correspondence,
        sections.events,
    ),
    PaperKind.SUMMARY: (
        sections.the_complaint_briefly,
        sections.in_our_words,
        sections.points,
        sections.explanation,
        sections.offers,
        sections.correspondence,
    ),
}


def data_of(kind: PaperKind, complaint: Complaint) -> Data:
    """The report as it stands: the same for an unchanged file, whenever it is asked for."""
    spoken = phrases(FIRST)
    with override(spoken.locale):
        told = [teller(complaint, spoken) for teller in TOLD[kind]]
    return {
        **_house(complaint, FIRST, spoken),
        "title": f"{kind.label}: {complaint.reference}",
        "about": f"{ABOUT[kind]} As it stood on {_as_of(complaint, spoken)}.",
        "sections": [section for section in told if section["facts"] or section["blocks"] or section["rows"]],
    }


def letter_data(message: Message) -> Data:
    """A letter as it is posted, from the words that were frozen when it was written."""
    complaint = message.complaint
    marked = message.template.split(" ")
    language = marked[1] if len(marked) > 1 else timing.pack_of(complaint).language
    spoken = phrases(language)
    customer = complaint.customer
    address = [*customer.address.splitlines(), customer.postcode] if customer else []
    with override(spoken.locale):
        date = written(message.at, spoken.date)
    return {
        **_house(complaint, language, spoken),
        "title": message.subject or message.get_kind_display(),
        "subject": message.subject or message.get_kind_display(),
        "about": f"{message.get_kind_display()} · {complaint.reference}",
        "recipient": [line.strip() for line in [customer.name if customer else "", *address] if line.strip()],
        "date": date,
        "blocks": blocks_of(message.body.replace(LINK_HERE, spoken.link_on_paper)),
        "enclosures": [],
    }


def as_of(complaint: Complaint) -> datetime:
    """The last thing a report tells of: what is written on it as its own date."""
    last = sections.told_entries(complaint).order_by("-at", "-pk").first()
    return last.at if last else complaint.registered_at


def _as_of(complaint: Complaint, spoken: Phrases) -> str:
    return written(as_of(complaint), f"{spoken.date}, H:i")


def _house(complaint: Complaint, language: str, spoken: Phrases) -> Data:
    contact = [settings.FIRM_PHONE, settings.DEFAULT_FROM_EMAIL]
    tongue, _, region = language.partition("-")
    return {
        "language": tongue,
        "region": region or None,
        "reference": complaint.reference,
        "firm": {"name": settings.FIRM_NAME, "lines": [*settings.FIRM_ADDRESS, *filter(None, contact)]},
        "words": {
            "page": spoken.page,
            "of": spoken.page_of,
            "reference": spoken.our_reference,
            "enclosed": spoken.enclosed,
        },
    }
