"""Listening and finding out."""

from complaints.desk.dialogs.on_complaint import allowed, on_complaint, while_open
from complaints.desk.forms.inquiry import AnswerPointForm, AskForm, FindingForm, HearForm, WaiveForm
from complaints.desk.open_file import OpenFile
from complaints.resolution import actions
from complaints.resolution.models import Basis, Channel, Fault, Move, Outcome, State
from complaints.resolution.permission import WORK


def in_inquiry(file: OpenFile) -> bool:
    return file.complaint.state in (State.INVESTIGATING, State.WAITING)


@on_complaint.dialog(
    "ask",
    "Ask the customer",
    form=AskForm,
    permission=WORK,
    when=allowed(Move.ASK),
    guidance=(
        "Say first what you have understood, then ask what is missing. No question that sounds like a doubt. "
        "The complaint waits for the answer; the date of the final response does not."
    ),
    submit="Send the questions",
)
def ask(file: OpenFile, form: AskForm) -> str:
    actions.ask(
        file.complaint,
        questions=form.asked(),
        letter=form.letter(),
        answer_by=form.answer_until(),
        by=file.person,
        now=file.now,
    )
    return "The questions are on their way."


@on_complaint.dialog(
    "hear",
    "Record the answer",
    form=HearForm,
    permission=WORK,
    when=allowed(Move.HEAR),
    guidance="Thank the customer for answering. Write down what was said, not what we make of it.",
)
def hear(file: OpenFile, form: HearForm) -> str:
    actions.hear(
        file.complaint,
        answers=form.answers(),
        channel=Channel(form.cleaned_data["channel"]),
        waived_because=form.cleaned_data["waived_because"],
        by=file.person,
        now=file.now,
    )
    return "The answer is in the file. The complaint is in your hands again."


@on_complaint.dialog(
    "waive",
    "No question needed",
    form=WaiveForm,
    permission=WORK,
    when=lambda file: file.complaint.state == State.INVESTIGATING and not file.facts_gathered,
    title="Go on without asking the customer",
    guidance="Facts come before offers. If they are clear without a question, say what makes them clear.",
    submit="Put it on record",
)
def waive(file: OpenFile, form: WaiveForm) -> str:
    actions.waive_questions(file.complaint, reason=form.cleaned_data["reason"], by=file.person, now=file.now)
    return "It is on record why no question was needed."


@on_complaint.dialog(
    "finding",
    "Record finding",
    form=FindingForm,
    permission=WORK,
    when=in_inquiry,
    title="Record the finding",
    guidance=(
        "Say what happened in plain words, and whose fault it was, before you think of what to offer. "
        "Do not blame the customer, a colleague or a supplier."
    ),
    submit="Record the finding",
)
def record_finding(file: OpenFile, form: FindingForm) -> str:
    data = form.cleaned_data
    actions.record_finding(
        file.complaint,
        fault=Fault(data["fault"]),
        basis=Basis(data["basis"]),
        basis_detail=data["basis_detail"],
        what_happened=data["what_happened"],
        explanation=data["explanation"],
        root_cause=data["root_cause"],
        by=file.person,
        now=file.now,
    )
    return "The finding is recorded."


@on_complaint.dialog(
    "answer-point",
    "Answer",
    form=AnswerPointForm,
    permission=WORK,
    when=while_open,
    part="point",
    title="Answer one point",
    guidance="Answer this point and no other. Where we cannot agree, give the reason, not an opinion of the customer.",
    submit="Keep the answer",
)
def answer_point(file: OpenFile, form: AnswerPointForm) -> str:
    point = file.point
    if point is None:
        return ""
    data = form.cleaned_data
    actions.answer_point(
        point, answer=data["answer"], outcome=Outcome(data["outcome"]), by=file.person, now=file.now
    )
    return "The point is answered."
