"""What the names in a letter stand for: the facts of one complaint, in words, in the letter's language."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from complaints.policies.letter_names import names_of
from complaints.policies.models import ChosenText
from complaints.policies.shipped_letters import Phrases, phrases
from complaints.resolution import timing
from complaints.resolution.actors import name_of
from complaints.resolution.links import LINK_HERE
from complaints.resolution.models import Complaint, Finding, Offer, OfferLine, Point, Priority

YES = "yes"
Facts = Mapping[str, Any]


def values_for(choice: ChosenText, complaint: Complaint, facts: Facts) -> dict[str, str]:
    """A value for each name of this wording, empty where nothing is known; and for no other name."""
    spoken = phrases(choice.language)
    names = names_of(choice.wording)
    with override(spoken.locale):
        known = {**of_complaint(complaint, spoken), **of_facts(facts, spoken)}
    known["rights"] = timing.pack_of(complaint).rights_in(choice.language).strip()
    return {code: known.get(code, "") for code in names}


def of_complaint(complaint: Complaint, spoken: Phrases) -> dict[str, str]:
    customer, handler = complaint.customer, complaint.handler
    name = " ".join(customer.name.split()) if customer else ""
    team = spoken.team_of_firm.format(firm=settings.FIRM_NAME)
    urgent = complaint.priority in (Priority.SERIOUS, Priority.HIGH)
    return {
        "reference": complaint.reference,
        "customer_name": name,
        "contact": name_of(handler) if handler else team,
        "signed_by": name_of(handler) if handler else spoken.team,
        "firm_name": settings.FIRM_NAME,
        "firm_phone": settings.FIRM_PHONE,
        "by_email": YES if customer is None or customer.writes_by_email else "",
        "link": LINK_HERE,
        "greeting": spoken.dear.replace("{name}", name),
        "restatement": complaint.restatement.strip(),
        "serious": YES if complaint.priority == Priority.SERIOUS else "",
        "given_priority": YES if complaint.priority == Priority.HIGH else "",
        "usual": "" if urgent else YES,
        "answered_on": written(complaint.answered_at, spoken.date),
    }


def of_facts(facts: Facts, spoken: Phrases) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in facts.items():
        values.update(IN_WORDS[name](value, spoken) if name in IN_WORDS else {name: value or ""})
    return values


def written(moment: date | str | None, form: str) -> str:
    """In the language now active. What is text already stays as it is."""
    if moment is None or isinstance(moment, str):
        return moment or ""
    return date_format(localtime(moment) if isinstance(moment, datetime) else moment, form)


def listed(texts: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)


def said(line: OfferLine, spoken: Phrases) -> str:
    if line.amount is None:
        return line.action
    kind = spoken.remedies.get(line.kind, line.get_kind_display())
    sum_ = spoken.kind_of_amount.format(kind=kind, amount=line.amount)
    return f"{sum_}: {line.action}" if line.action else sum_


def promised(line: OfferLine, spoken: Phrases) -> str:
    by_day = spoken.by_day.format(day=written(line.due_on, spoken.date))
    return f"{said(line, spoken)}{by_day}" + (f" ({line.conditions})" if line.conditions else "")


def _greeting(by_name: Any, spoken: Phrases) -> dict[str, str]:
    return {} if by_name else {"greeting": spoken.hello}


def _finding(finding: Finding | None, _spoken: Phrases) -> dict[str, str]:
    return {"explanation": finding.explanation.strip() if finding else ""}


def _points(points: Iterable[Point], _spoken: Phrases) -> dict[str, str]:
    return {"points": "\n\n".join(f"{point.text}\n{point.answer}".strip() for point in points)}


def _lines(lines: Iterable[OfferLine], spoken: Phrases) -> dict[str, str]:
    lines = list(lines)
    return {
        "what_we_offer": listed(promised(line, spoken) for line in lines),
        "what_was_done": listed(said(line, spoken) for line in lines),
    }


def _offer(offer: Offer | None, spoken: Phrases) -> dict[str, str]:
    if offer is None:
        return {}
    return {
        "benefit": offer.benefit.strip(),
        "open_until": written(offer.open_until, spoken.long_moment),
        "offered_on": written(offer.sent_at, spoken.day),
    }


def _named(name: str, form: str) -> Callable[[Any, Phrases], dict[str, str]]:
    """A date that stands under this name, written in this form of the language."""
    return lambda moment, spoken: {name: written(moment, getattr(spoken, form))}


#: Facts that are more than a text, and how they are said.
IN_WORDS: dict[str, Callable[[Any, Phrases], dict[str, str]]] = {
    "by_name": _greeting,
    "finding": _finding,
    "points": _points,
    "lines": _lines,
    "offer": _offer,
    "questions": lambda questions, _spoken: {"questions": listed(str(question) for question in questions)},
    "answer_by": _named("answer_by", "long_date"),
    "update_by": _named("update_by", "long_date"),
    "final_response_by": _named("final_response_by", "long_date"),
    "asked_at": _named("asked_on", "day"),
    "come_back_until": _named("come_back_until", "date"),
}
