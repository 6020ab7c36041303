"""Listening and finding out: questions, answers, points, the finding."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from complaints.resolution.actions import clocks, steps
from complaints.resolution.actions.checking import checked
from complaints.resolution.actions.correspondence import keep_words, write_to_customer
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.exceptions import NobodyHolds, NothingAsked, NothingHeard, ReasonNeeded
from complaints.resolution.happened import ANSWER
from complaints.resolution.letters import Letter
from complaints.resolution.models import (
    Basis,
    Channel,
    Complaint,
    EntryKind,
    Fault,
    Finding,
    MessageKind,
    Move,
    Outcome,
    Point,
    Question,
    RootCause,
)
from complaints.resolution.permission import WORK, require_permission


@transaction.atomic
def ask(
    complaint: Complaint,
    *,
    questions: Iterable[str],
    letter: Letter,
    answer_by: datetime,
    by: Actor,
    now: datetime,
) -> Complaint:
    """Ask the customer. The complaint waits; the final-response clock does not."""
    step = steps.begin(Move.ASK, complaint, by=by, now=now)
    texts = [text.strip() for text in questions if text.strip()]
    person = staff_or_none(by)
    if not texts:
        raise NothingAsked
    if person is None:
        raise NobodyHolds
    for text in texts:
        Question.objects.create(complaint=step.complaint, text=text, asked_at=now, asked_by=person)
    message = write_to_customer(step.complaint, kind=MessageKind.QUESTION, letter=letter, by=by, now=now)
    awaits = clocks.awaiting(
        ANSWER, label="Customer's answer", due_at=answer_by, reason="Asked in our letter."
    )
    return steps.finish(step, questions=len(texts), awaits=awaits, **checked(message))


@transaction.atomic
def hear(
    complaint: Complaint,
    *,
    answers: Mapping[int, str],
    by: Actor,
    now: datetime,
    channel: Channel = Channel.WEB,
    waived_because: str = "",
) -> Complaint:
    """Record the answers (question id to text). Questions without one are waived with a reason, or stay refused.

    A customer may answer some and leave others; staff must say why they go on without (C4).
    """
    step = steps.begin(Move.HEAR, complaint, by=by, now=now)
    given = {pk: text.strip() for pk, text in answers.items() if text.strip()}
    reason = waived_because.strip() or ("" if staff_or_none(by) else "Left open by the customer.")
    open_questions = list(step.complaint.questions.filter(settled_at__isnull=True))
    heard = [question for question in open_questions if question.pk in given]
    if not heard and not waived_because.strip():
        raise NothingHeard
    for question in open_questions:
        settle_question(question, answer=given.get(question.pk, ""), waived_because=reason, now=now)
    if heard:
        body = "\n\n".join(f"{question.text}\n{question.answer}" for question in heard)
        keep_words(step.complaint, body=body, channel=channel, kind=MessageKind.ANSWER, now=now)
    return steps.finish(step, text=waived_because, answered=len(heard))


def settle_question(question: Question, *, answer: str, waived_because: str, now: datetime) -> None:
    if not answer and not waived_because:
        raise NothingHeard(f"No answer yet to “{question.text}”. Write it down, or why we go on without it.")
    question.answer = answer
    question.waived_because = "" if answer else waived_because
    question.settled_at = now
    question.save()


@transaction.atomic
def waive_questions(complaint: Complaint, *, reason: str, by: Actor, now: datetime) -> Question:
    """Put on record why the facts are clear without asking the customer (B11)."""
    complaint = steps.lock_open(complaint)
    require_permission(by, WORK, complaint)
    person = staff_or_none(by)
    if not reason.strip() or person is None:
        raise ReasonNeeded
    question = Question.objects.create(
        complaint=complaint,
        text="Is anything unclear that the customer must be asked?",
        asked_at=now,
        asked_by=person,
        waived_because=reason.strip(),
        settled_at=now,
    )
    steps.record(
        complaint, EntryKind.NOTE, by=by, now=now, text=f"No question to the customer: {reason.strip()}"
    )
    return question


@transaction.atomic
def record_finding(
    complaint: Complaint,
    *,
    fault: Fault,
    basis: Basis,
    basis_detail: str,
    what_happened: str,
    explanation: str,
    root_cause: RootCause | None = None,
    by: Actor,
    now: datetime,
) -> Finding:
    """Write down what was established, and on what basis (D9). A later finding replaces it; history keeps both."""
    complaint = steps.lock_open(complaint)
    require_permission(by, WORK, complaint)
    person = staff_or_none(by)
    if person is None:
        raise NobodyHolds
    if not basis_detail.strip() or not what_happened.strip():
        raise ReasonNeeded("Say what happened, and which policy, record or reason the finding rests on.")
    finding = Finding.objects.filter(complaint=complaint).first() or Finding(complaint=complaint)
    finding.fault, finding.basis, finding.basis_detail = fault, basis, basis_detail.strip()
    finding.what_happened, finding.explanation = what_happened.strip(), explanation.strip()
    finding.root_cause, finding.found_by, finding.found_at = root_cause, person, now
    finding.save()
    steps.record(complaint, EntryKind.FINDING, by=by, now=now, text=f"{fault.label}: {what_happened.strip()}")
    return finding


@transaction.atomic
def answer_point(point: Point, *, answer: str, outcome: Outcome, by: Actor, now: datetime) -> Point:
    """Answer one point of the complaint, in words the customer will read."""
    complaint = steps.lock_open(point.complaint)
    require_permission(by, WORK, complaint)
    if not answer.strip():
        raise ReasonNeeded("Write the answer to this point.")
    point.answer, point.outcome = answer.strip(), outcome
    point.save()
    steps.record(
        complaint, EntryKind.POINT, by=by, now=now, text=f"{point.text}: {outcome.label}", point=point.pk
    )
    return point
