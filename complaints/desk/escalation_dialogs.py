"""What a supervisor can do with a question: every deed a form and one verb."""

from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html_join

from complaints.desk.dialogs.dialog import Dialogs
from complaints.desk.forms.base import DialogForm, NoFields, Words, with_reason
from complaints.desk.open_question import OpenQuestion
from complaints.desk.templatetags.file_words import money
from complaints.resolution.models import OfferLine
from escalations import actions
from escalations.models import WORK

on_escalation: Dialogs[OpenQuestion] = Dialogs()


class ApproveForm(DialogForm):
    """Carries the seal of the offer that was shown: what is approved is what was read."""

    seal = forms.CharField(widget=forms.HiddenInput)
    text = Words(label="A word to the handler", rows=3, required=False)

    def __init__(self, *args: object, subject: OpenQuestion, **kwargs: object) -> None:
        super().__init__(*args, subject=subject, **kwargs)
        if subject.offer is not None:
            self.begin_with(seal=subject.offer.seal)

    def briefing(self) -> list[tuple[str, str]]:
        shown = [(line.get_kind_display(), said(line)) for line in self.subject.lines]
        if self.subject.amounts:
            shown.append(("Together", money(self.subject.total, self.subject.currency)))
        return shown


def said(line: OfferLine) -> str:
    """A line in full: what is approved must be read."""
    amount = money(line.amount.amount, line.amount.currency.code) if line.amount else ""
    until = with_reason(f"by {date_format(line.due_on, 'j M Y')}", "why_offer", line.offer_id)
    parts = (amount, line.action, line.conditions, until)
    return format_html_join(", ", "{}", ((part,) for part in parts if part))


class RefuseForm(DialogForm):
    text = Words(label="Why not? The handler will read this")


class SendBackForm(DialogForm):
    text = Words(label="Your advice to the handler")


class PassUpForm(DialogForm):
    text = Words(label="Why it needs somebody higher")


class AnswerForm(DialogForm):
    text = Words(label="Your answer: what is decided, and what the handler is to do")


def decides_offer(question: OpenQuestion) -> bool:
    return question.is_about_offer and question.may_act and not question.is_own_proposal


def may_grant(question: OpenQuestion) -> bool:
    return decides_offer(question) and question.is_within_authority


def answers(question: OpenQuestion) -> bool:
    return not question.is_about_offer and question.may_act


def returns(question: OpenQuestion) -> bool:
    return question.may_act and not question.is_own_proposal


@on_escalation.dialog(
    "approve",
    "Approve",
    form=ApproveForm,
    permission=WORK,
    when=may_grant,
    title="Approve the offer",
    guidance="You approve what is written here and nothing else. Any change to the offer voids your approval.",
)
def approve(question: OpenQuestion, form: ApproveForm) -> str:
    actions.approve(question.escalation, **form.cleaned_data, by=question.person, now=question.now)
    return "Approved. The handler can send the offer to the customer."


@on_escalation.dialog(
    "answer",
    "Answer",
    form=AnswerForm,
    permission=WORK,
    when=answers,
    title="Answer the question",
    guidance="Say what is decided and who does what next. The customer's patience is part of the matter.",
)
def answer(question: OpenQuestion, form: AnswerForm) -> str:
    actions.answer(question.escalation, **form.cleaned_data, by=question.person, now=question.now)
    return "Answered. It stands in the story of the complaint."


@on_escalation.dialog(
    "send-back",
    "Send back",
    form=SendBackForm,
    permission=WORK,
    when=returns,
    title="Send it back to the handler",
    guidance="For when something is missing or another offer would be better. Say what would make you agree.",
)
def send_back(question: OpenQuestion, form: SendBackForm) -> str:
    actions.send_back(question.escalation, **form.cleaned_data, by=question.person, now=question.now)
    return "Sent back with your advice."


@on_escalation.dialog(
    "pass-up",
    "Pass up",
    form=PassUpForm,
    permission=WORK,
    when=lambda question: question.may_act,
    title="Pass it to the next level",
    guidance="It goes to the lowest queue above that can decide it, with everything known here.",
)
def pass_up(question: OpenQuestion, form: PassUpForm) -> str:
    following = actions.pass_up(
        question.escalation, **form.cleaned_data, by=question.person, now=question.now
    )
    return f"Passed up to {following.queue}."


@on_escalation.dialog(
    "refuse",
    "Refuse",
    form=RefuseForm,
    permission=WORK,
    when=decides_offer,
    title="Refuse the offer",
    guidance="The complaint goes back to the handler, and the offer is void. A reason helps to make a better one.",
    danger=True,
)
def refuse(question: OpenQuestion, form: RefuseForm) -> str:
    actions.refuse(question.escalation, **form.cleaned_data, by=question.person, now=question.now)
    return "Refused. The complaint is with its handler again."


@on_escalation.dialog(
    "claim",
    "Claim",
    form=NoFields,
    permission=WORK,
    when=lambda question: question.is_free and returns(question),
    title="Claim this question",
    guidance="It is yours then, until you decide or release it, or its own clock runs out.",
)
def claim(question: OpenQuestion, _form: NoFields) -> str:
    actions.claim(question.escalation, by=question.person, now=question.now)
    return "Claimed. It is yours to decide."


@on_escalation.dialog(
    "release",
    "Release",
    form=NoFields,
    permission=WORK,
    when=lambda question: question.is_mine,
    title="Release it for a colleague",
    guidance="It goes back to the queue, for whoever claims next.",
)
def release(question: OpenQuestion, _form: NoFields) -> str:
    actions.release(question.escalation, by=question.person, now=question.now)
    return f"Released to {question.escalation.queue}."
