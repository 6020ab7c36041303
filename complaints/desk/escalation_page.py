"""One question as a supervisor sees it: what is asked, what was tried, like cases, what may be decided, why now."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from complaints.desk.escalation_dialogs import on_escalation
from complaints.desk.next_step import Button
from complaints.desk.open_question import OpenQuestion
from complaints.desk.templatetags.file_words import money
from complaints.resolution.models import Entry, EntryKind, Move
from escalations import early_warning, precedents, urgency
from escalations.circumstances import circumstances_of
from escalations.models import Escalation, EscalationQuerySet

ADDRESS = "admin:escalations_escalation_do"
#: Decisions in the order of the card; claiming and releasing have buttons of their own.
DECISIONS = ("approve", "answer", "send-back", "pass-up", "refuse")
#: Moves whose words tell what was tried.
ATTEMPTS = (Move.HEAR, Move.DECLINE, Move.REFUSE, Move.REVISE)
SHOWN_CASES, SHOWN_QUESTIONS, SHOWN_STEPS = 5, 10, 4


def context(question: OpenQuestion) -> dict[str, Any]:
    escalation, complaint = question.escalation, question.complaint
    seen = circumstances_of(complaint, answer_due_at=escalation.due_at, contacts=question.contact["times"])
    like = precedents.like(complaint, currency=question.currency, reader=question.person, now=question.now)
    primary, others = decisions(question)
    return {
        "question": question,
        "escalation": escalation,
        "complaint": complaint,
        "now": question.now,
        "like": like,
        "cases": like.cases[:SHOWN_CASES],
        "primary": primary,
        "others": others,
        "claim": _address(question, "claim") if on_escalation["claim"].is_offered(question) else "",
        "release": _address(question, "release") if question.is_mine else "",
        "too_much": too_much(question),
        "urgency": urgency.in_words(seen, now=question.now) if escalation.is_unanswered else "",
        "warned": early_warning.warned_of(complaint, now=question.now) if complaint.is_open else None,
        "before": list(before(question)[:SHOWN_QUESTIONS]),
        "trail": [] if escalation.tried else list(trail(question)[:SHOWN_STEPS]),
    }


def decisions(question: OpenQuestion) -> tuple[Button | None, list[Button]]:
    """The natural answer, and the other ones: only what this person may do now."""
    found = []
    for name in DECISIONS:
        dialog = on_escalation[name]
        if dialog.is_offered(question):
            label = dialog.label
            if name == "approve" and question.amounts:
                label = f"Approve {money(question.total, question.currency)}"
            found.append(Button(label, _address(question, name), dialog.danger))
    if found and on_escalation["approve" if question.is_about_offer else "answer"].is_offered(question):
        return found[0], found[1:]
    return None, found


def too_much(question: OpenQuestion) -> bool:
    """The offer is this person's to decide, and above what they may still grant here."""
    mine = question.is_about_offer and question.may_act and not question.is_own_proposal
    return mine and not question.is_within_authority


def before(question: OpenQuestion) -> EscalationQuerySet:
    """What else was put before a supervisor on this complaint."""
    others = Escalation.objects.filter(complaint=question.complaint).exclude(pk=question.escalation.pk)
    return others.select_related("queue").order_by("-queued_at", "-pk")


def trail(question: OpenQuestion) -> QuerySet[Entry]:
    """What the story says of attempts so far, newest first."""
    told = Q(kind=EntryKind.NOTE) | Q(move__in=ATTEMPTS)
    return question.complaint.entries.filter(told).exclude(text="").order_by("-at", "-pk")


def _address(question: OpenQuestion, name: str) -> str:
    return reverse(ADDRESS, args=[question.escalation.pk, name])
