"""The answer, the follow-up, the filing, and the ways out and back in."""

from complaints.desk.dialogs.on_complaint import allowed, on_complaint
from complaints.desk.forms.closing import (
    CloseForm,
    DocumentForm,
    FinalResponseForm,
    FollowUpForm,
    MergeForm,
    ReopenForm,
    WithdrawForm,
)
from complaints.desk.forms.offers import SettleForm
from complaints.desk.open_file import OpenFile
from complaints.followups.actions import take_follow_up_answer
from complaints.resolution import actions, timing
from complaints.resolution.models import Fault, Move, Outcome, State
from complaints.resolution.permission import WORK


@on_complaint.dialog(
    "respond",
    "Give the final response",
    form=FinalResponseForm,
    permission=WORK,
    when=lambda file: file.allows(Move.RESPOND) and file.finding is not None,
    guidance=(
        "Answer every point, give the reasons, say what we regret. A no needs more care than a yes: "
        "say what the customer can do if they see it differently."
    ),
    submit="Send the final response",
)
def respond(file: OpenFile, form: FinalResponseForm) -> str:
    outcome = Outcome(form.cleaned_data["outcome"])
    actions.respond(file.complaint, outcome=outcome, letter=form.letter(), by=file.person, now=file.now)
    return "The final response is on its way."


@on_complaint.dialog(
    "settle",
    "Settle now",
    form=SettleForm,
    permission=WORK,
    when=allowed(Move.SETTLE),
    title="Put it right at first contact",
    guidance=(
        "Only what you have done already, within your own authority, and with the customer's clear yes. "
        "Sums that a second person must check cannot be settled this way."
    ),
    submit="Settle and send the letter",
)
def settle(file: OpenFile, form: SettleForm) -> str:
    actions.settle(
        file.complaint,
        lines=form.given(),
        acceptance=form.cleaned_data["acceptance"],
        proof=form.cleaned_data["proof"],
        outcome=Outcome(form.cleaned_data["outcome"]),
        letter=form.letter(),
        by=file.person,
        now=file.now,
    )
    return "Settled. The letter is on its way."


@on_complaint.dialog(
    "document",
    "Document",
    form=DocumentForm,
    permission=WORK,
    when=lambda file: file.complaint.state in (State.FULFILLING, State.ANSWERED, State.CLOSED),
    title="Problem, cause and solution, for those who learn from it",
    guidance="Write for a colleague who meets the same problem next year. No names, no blame.",
    submit="Keep it",
)
def document(file: OpenFile, form: DocumentForm) -> str:
    actions.document(file.complaint, **form.cleaned_data, by=file.person, now=file.now)
    return "Documented."


@on_complaint.dialog(
    "follow-up",
    "Record the follow-up",
    form=FollowUpForm,
    permission=WORK,
    when=lambda file: file.complaint.state == State.ANSWERED,
    title="Is the matter right for the customer?",
    guidance="Ask openly and listen. A no is worth more to us than a polite yes.",
)
def follow_up(file: OpenFile, form: FollowUpForm) -> str:
    take_follow_up_answer(file.complaint, **form.cleaned_data, by=file.person, now=file.now)
    if form.cleaned_data["satisfied"]:
        return "The follow-up is in the file. Nothing stands in the way of closing but the paperwork."
    return "The customer's no is in the file. The complaint is open again, and a supervisor hears of it."


def may_close(file: OpenFile) -> bool:
    return file.allows(Move.CLOSE) and not before_closing(file)


def before_closing(file: OpenFile) -> list[str]:
    """What still has to be done before the complaint may be closed."""
    complaint, finding = file.complaint, file.finding
    missing = []
    if not (complaint.problem and complaint.cause and complaint.solution):
        missing.append("problem, cause and solution written down")
    if finding and finding.fault in (Fault.YES, Fault.PARTLY) and finding.root_cause_id is None:
        missing.append("the root cause named in the finding")
    if complaint.followed_up_at is None and file.now < timing.may_close_from(complaint):
        missing.append("the follow-up, or its time run out")
    return missing


@on_complaint.dialog(
    "close",
    "Close",
    form=CloseForm,
    permission=WORK,
    when=may_close,
    title="Close the complaint",
    guidance="Everything is done, told and written down. The customer can still come back to us.",
)
def close(file: OpenFile, form: CloseForm) -> str:
    for promise, text in form.ended("kept"):
        actions.keep_promise(promise, text=text, by=file.person, now=file.now)
    for promise, reason in form.ended("dropped"):
        actions.drop_promise(promise, reason=reason, by=file.person, now=file.now)
    actions.close(file.complaint, by=file.person, now=file.now)
    return "Closed and filed."


def may_reopen(file: OpenFile) -> bool:
    return file.allows(Move.REOPEN) and file.now <= timing.may_reopen_until(file.complaint)


@on_complaint.dialog(
    "reopen",
    "Reopen",
    form=ReopenForm,
    permission=WORK,
    when=may_reopen,
    title="Take the complaint up again",
    guidance="Thank the customer for coming back. Start from what is still open, not from the beginning.",
)
def reopen(file: OpenFile, form: ReopenForm) -> str:
    actions.reopen(file.complaint, reason=form.cleaned_data["reason"], by=file.person, now=file.now)
    return "The complaint is open again, with new dates."


@on_complaint.dialog(
    "withdraw",
    "Withdraw",
    form=WithdrawForm,
    permission=WORK,
    when=allowed(Move.WITHDRAW),
    title="The customer takes the complaint back",
    guidance="Only the customer withdraws, of their own accord. If they are tired of waiting, hurry instead.",
    danger=True,
)
def withdraw(file: OpenFile, form: WithdrawForm) -> str:
    actions.withdraw(file.complaint, words=form.cleaned_data["words"], by=file.person, now=file.now)
    return "The complaint is withdrawn."


@on_complaint.dialog(
    "merge",
    "Merge",
    form=MergeForm,
    permission=WORK,
    when=allowed(Move.MERGE),
    title="Let another complaint carry this one",
    guidance="The same matter, told twice. Its points go to the other complaint; nothing of it is lost.",
    danger=True,
)
def merge(file: OpenFile, form: MergeForm) -> str:
    other = form.cleaned_data["into"]
    actions.merge(
        file.complaint, into=other, reason=form.cleaned_data["reason"], by=file.person, now=file.now
    )
    return f"Merged into {other.reference}."
