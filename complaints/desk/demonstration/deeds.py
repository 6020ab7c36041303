"""What people do in a story, until an answer stands: each calls the verb that a page would call."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.models import User

from complaints.desk.demonstration import words
from complaints.desk.demonstration.case import Case
from complaints.intake.actions import Telling, lodge, register
from complaints.mailroom.models import State as MailState
from complaints.policies import clock
from complaints.policies.limits import limit_from
from complaints.resolution import actions, letters
from complaints.resolution.models import (
    Basis,
    Channel,
    Complaint,
    Concern,
    Fault,
    MessageKind,
    Outcome,
)

#: A form comes from the customer; everything else is taken down by one of us.
SPOKEN = (Channel.PHONE, Channel.VISIT)
ANSWER_WITHIN = limit_from("5 business days")


def complain(case: Case) -> None:
    telling = _telling(case)
    if case.channel == Channel.WEB:
        complaint = lodge(telling, now=case.now)
    else:
        complaint = register(telling, by=case.handler, now=case.now)
    case.complaint, case.person.known = complaint, complaint.customer
    if case.channel in SPOKEN:
        spoken = case.say(*words.SPOKEN_THANKS)
        actions.acknowledge(complaint, spoken=spoken, by=case.handler, now=case.now + timedelta(minutes=9))
    if case.chance(0.1):
        paper = f"Northgate Travel\nBooking {case.slots['booking']}\n{case.slots['place']}, {case.slots['hotel']}\n"
        actions.keep_document(
            complaint, name="confirmation.txt", content=paper.encode(), by=case.customer, now=case.now
        )


def _telling(case: Case) -> Telling:
    incident, person = case.incident, case.person
    wish = case.say(*incident.wish)
    spoken = case.channel in SPOKEN
    parts = (
        case.say(*words.GREETINGS),
        case.say(*incident.telling),
        case.say(*words.SINCE),
        case.say(*words.SIGN_OFFS),
    )
    return Telling(
        token=f"demonstration-{case.rng.getrandbits(64):x}",
        customer=person.known,
        name=person.name,
        email=person.email,
        phone=person.phone,
        details=person.details,
        title=case.say(incident.title),
        words="\n\n".join(part for part in parts if part),
        points=[case.say(point) for point in incident.points] if case.chance(0.7) or spoken else (),
        desired_outcome=wish,
        restatement=f"{case.say(incident.title)}. You ask for this: {wish}" if spoken else "",
        restatement_confirmed=spoken,
        category=case.firm.categories[incident.category],
        channel=case.channel,
        received_at=case.now,
        **case.traits,
    )


def see_to_thanks(case: Case) -> None:
    """Post the thanks that goes on paper; where a mail came back, ring."""
    complaint = case.complaint
    thanks = complaint.messages.filter(kind=MessageKind.ACKNOWLEDGEMENT).select_related("mail").last()
    if thanks is None:
        return
    if thanks.awaits_posting:
        actions.mark_posted(thanks, by=case.handler, now=case.now)
    elif thanks.mail is not None and thanks.mail.state == MailState.FAILED:
        spoken = case.say(*words.SPOKEN_THANKS)
        actions.acknowledge(complaint, spoken=spoken, by=case.handler, now=case.now)


def take(case: Case) -> None:
    complaint = case.file
    if complaint.handler_id is None and case.chance(0.4):
        giver = next(one for one in case.firm.supervisors if one not in case.traits.get("about", ()))
        complaint = actions.assign(complaint, to=case.handler, by=giver, now=case.now)
    actions.investigate(complaint, by=case.handler, now=case.now)


def hide(case: Case, *, confidants: list[User]) -> None:
    actions.restrict(
        case.complaint,
        confidants=confidants,
        reason=words.NOTE_TO_RESTRICT,
        by=case.firm.supervisors[0],
        now=case.now,
    )


def ask(case: Case) -> None:
    complaint = case.file
    answer_by = clock.due(case.now, ANSWER_WITHIN, case.calendar)
    question = case.say(case.incident.question)
    letter = letters.draft(
        MessageKind.QUESTION,
        complaint,
        now=case.now,
        questions=[question],
        answer_by=answer_by,
    )
    actions.ask(
        complaint, questions=[question], letter=letter, answer_by=answer_by, by=case.handler, now=case.now
    )


def hear(case: Case) -> None:
    complaint = case.complaint
    (question,) = complaint.questions.filter(settled_at__isnull=True)
    answers = {question.pk: case.say(*case.incident.answers)}
    if case.person.email:
        actions.hear(complaint, answers=answers, by=case.customer, now=case.now)
    else:
        actions.hear(complaint, answers=answers, channel=Channel.LETTER, by=case.handler, now=case.now)


def waive(case: Case) -> None:
    actions.waive_questions(case.complaint, reason=case.say(*words.WAIVERS), by=case.handler, now=case.now)


def aside(case: Case) -> None:
    actions.note(case.complaint, text=case.say(*words.ASIDES), by=case.handler, now=case.now)


def write_again(case: Case) -> None:
    """The customer has something to add."""
    actions.take_message(
        case.complaint, body=case.say(*words.FURTHER), channel=Channel.WEB, by=case.customer, now=case.now
    )


def keep_informed(complaint: Complaint, rng: Random, *, by: User, now: datetime) -> None:
    draft = letters.draft(MessageKind.UPDATE, complaint, now=now)
    letter = replace(draft, body=draft.body.replace(letters.SAY_HERE, rng.choice(words.NEWS)))
    actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=letter, by=by, now=now)


def find(case: Case, fault: Fault) -> None:
    incident = case.incident
    ours = fault in (Fault.YES, Fault.PARTLY)
    actions.record_finding(
        case.complaint,
        fault=fault,
        basis=Basis.EVIDENCE if case.chance(0.8) else Basis.POLICY,
        basis_detail=case.say(incident.evidence),
        what_happened=case.say(incident.behind if ours else incident.not_ours),
        explanation=case.say(incident.told if ours else incident.not_ours),
        root_cause=case.firm.causes[incident.cause] if ours else None,
        by=case.handler,
        now=case.now,
    )


def respond(case: Case, outcome: Outcome) -> None:
    complaint = case.file
    said = case.say(case.incident.told if outcome == Outcome.UPHELD else case.incident.not_ours)
    for point in complaint.points.filter(answer=""):
        actions.answer_point(point, answer=said, outcome=outcome, by=case.handler, now=case.now)
    complaint = case.file
    letter = letters.draft(
        MessageKind.FINAL_RESPONSE,
        complaint,
        now=case.now,
        outcome=outcome,
        finding=complaint.finding,
        points=list(complaint.points.all()),
    )
    actions.respond(complaint, outcome=outcome, letter=letter, by=case.handler, now=case.now)
    document(case)


def document(case: Case) -> None:
    finding = getattr(case.file, "finding", None)
    cause = finding.root_cause if finding and finding.root_cause else None
    actions.document(
        case.complaint,
        problem=case.say(words.PROBLEM.format(title=case.incident.title)),
        cause=cause.name if cause else "No fault of ours was found.",
        solution=case.rng.choice(words.SOLUTION).format(deed=case.say(case.incident.deed))
        if cause
        else "Explained, with the records.",
        by=case.handler,
        now=case.now,
    )


def withdraw(case: Case) -> None:
    by = case.customer if case.person.email and case.chance(0.6) else case.handler
    actions.withdraw(case.complaint, words=case.say(*words.WITHDRAWALS), by=by, now=case.now)


def ask_for_a_manager(case: Case) -> None:
    said = "I would like a manager to look at my complaint. " + case.say(*words.FURTHER)
    complaint = case.complaint
    actions.take_message(complaint, body=said, channel=Channel.WEB, by=case.customer, now=case.now)
    actions.raise_concern(
        complaint, concern=Concern.ASKED_FOR_MANAGER, text=said, by=case.customer, now=case.now
    )
