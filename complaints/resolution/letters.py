"""Drafts of the letters to a customer, in the words the firm has chosen and in the customer's own language.

A draft of a letter staff send with a move is a beginning: the form shows it, a person finishes it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import override

from complaints.policies import letter_text, statements
from complaints.policies.letter_names import Wording
from complaints.policies.models import ChosenText, LetterTemplate
from complaints.policies.shipped_letters import FIRST, phrases
from complaints.resolution import letter_values, timing
from complaints.resolution.actors import name_of
from complaints.resolution.links import LINK_HERE
from complaints.resolution.models import Complaint, Customer

#: What only a person can say. A letter with this still in it does not go.
SAY_HERE = "[what was done since, what comes next, and by when]"
#: What is known when the letter is sent.
DECISION_HERE = "[our decision]"


@dataclass(frozen=True, slots=True)
class Undertaking:
    """Something the letter says we will do, as its writer confirmed it."""

    text: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """`template` is the mark of the wording it was begun from; empty where it was written from nothing.

    `despite` is its writer's reason to send what the guard would stop. `promises` are those its writer confirmed;
    None where nobody was asked, and then every day the letter names for a deed of ours is one.
    """

    subject: str
    body: str
    template: str = ""
    despite: str = ""
    promises: tuple[Undertaking, ...] | None = None

    @property
    def language(self) -> str:
        """That of its wording; empty where it has none."""
        return self.template.split(" ")[1] if self.template else ""


def draft(wording: str, complaint: Complaint, *, now: datetime, **facts: Any) -> Letter:
    """The letter of this kind for this complaint. What is known of the case goes in by the wording's own names."""
    return made(chosen(wording, complaint, now=now), complaint, **facts)


def chosen(wording: str, complaint: Complaint, *, now: datetime) -> ChosenText:
    """The words in use for this customer: in their language, or else in that of the policy."""
    house = timing.pack_of(complaint).language
    customer = complaint.customer.language if complaint.customer else house
    return LetterTemplate.objects.chosen(Wording(wording), customer=customer, house=house, now=now)


def mark_of(kind: str, complaint: Complaint, *, now: datetime) -> str:
    """The mark of the words a letter of this kind begins with; nothing where it begins with none of its own."""
    is_worded = kind in {wording.value for wording in Wording}
    return chosen(kind, complaint, now=now).mark if is_worded else ""


def made(choice: ChosenText, complaint: Complaint, **facts: Any) -> Letter:
    """Plain text: nothing is escaped, and nothing a customer wrote is ever read as a template."""
    decision = statements.decision(facts.pop("outcome", ""), choice.language) or DECISION_HERE
    gaps = {"say": SAY_HERE, "decision": decision}
    values = letter_values.values_for(choice, complaint, {**gaps, **facts})
    filled = letter_text.fill(choice.text, values)
    return Letter(filled.subject[:200], filled.body, template=choice.mark)


def decided(letter: Letter, outcome: str) -> Letter:
    """The letter with our decision where its place was kept."""
    sentence = statements.decision(outcome, letter.language or FIRST)
    return replace(letter, body=letter.body.replace(DECISION_HERE, sentence or DECISION_HERE))


def day_told(complaint: Complaint, day: date, *, now: datetime) -> str:
    """A day as our questions to this customer write it."""
    spoken = phrases(chosen(Wording.QUESTION, complaint, now=now).language)
    with override(spoken.locale):
        return letter_values.written(day, spoken.long_date)


def why_unfinished(letter: Letter, customer: Customer) -> str:
    """What still has to be written before this letter can go to this customer; nothing where it can."""
    if SAY_HERE in letter.body:
        return f"Replace {SAY_HERE} with your own words."
    if DECISION_HERE in letter.body:
        return f"Replace {DECISION_HERE} with what we decided."
    if LINK_HERE in letter.body and not customer.writes_by_email:
        return f"This letter goes on paper: instead of {LINK_HERE}, say how to answer by telephone or letter."
    return ""


def firm(complaint: Complaint) -> dict[str, Any]:
    handler = complaint.handler
    return {
        "firm_name": settings.FIRM_NAME,
        "firm_phone": settings.FIRM_PHONE,
        "customer": complaint.customer,
        "contact": name_of(handler) if handler else f"the complaints team at {settings.FIRM_NAME}",
    }
