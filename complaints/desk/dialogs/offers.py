"""From a proposal to a promise kept."""

from complaints.desk.dialogs.on_complaint import allowed, on_complaint
from complaints.desk.forms.fulfilment import CheckForm, OutcomeForm, ProofForm
from complaints.desk.forms.offers import (
    AcceptForm,
    DeclineForm,
    OfferForm,
    ReviseForm,
    SendOfferForm,
)
from complaints.desk.open_file import OpenFile, done_about
from complaints.resolution import actions
from complaints.resolution.models import Move, OfferState
from complaints.resolution.permission import WORK


def ready_for_an_offer(file: OpenFile) -> bool:
    return (
        file.allows(Move.PROPOSE, Move.REFER)
        and bool(file.complaint.desired_outcome.strip())
        and file.finding is not None
        and file.facts_gathered
    )


@on_complaint.dialog(
    "make-offer",
    "Make an offer",
    form=OfferForm,
    permission=WORK,
    when=ready_for_an_offer,
    guidance=(
        "Be exact: an amount or a deed, and a day. Offer what puts this right for this customer, and promise only "
        "what you can keep. Above your authority it goes to a superior before the customer hears of it."
    ),
    submit="Put the offer forward",
)
def make_offer(file: OpenFile, form: OfferForm) -> str:
    offer = actions.put_forward(
        file.complaint,
        terms=form.terms(),
        tried=form.cleaned_data["tried"],
        defer=form.cleaned_data["defer"],
        by=file.person,
        now=file.now,
    )
    if offer.state == OfferState.REFERRED:
        return "The offer is with a superior. You will hear of the decision here."
    return "The offer is approved within your authority. Send it to the customer."


@on_complaint.dialog(
    "revise",
    "Revise the offer",
    form=ReviseForm,
    permission=WORK,
    when=allowed(Move.REVISE),
    title="Take the offer back before it is sent",
    guidance="Its approval is void with this. The new version has to earn its own.",
    submit="Take it back",
)
def revise(file: OpenFile, form: ReviseForm) -> str:
    actions.revise(file.complaint, reason=form.cleaned_data["reason"], by=file.person, now=file.now)
    return "The offer is taken back. Make the new one when you are ready."


@on_complaint.dialog(
    "send-offer",
    "Send the offer",
    form=SendOfferForm,
    permission=WORK,
    when=allowed(Move.OFFER),
    title="Send the offer to the customer",
    guidance="Regret first, then what happened, then what we do and when, and what to do if it is not right.",
)
def send_offer(file: OpenFile, form: SendOfferForm) -> str:
    actions.offer(file.complaint, letter=form.letter(), by=file.person, now=file.now)
    return "The offer is on its way. Silence will never count as a yes."


@on_complaint.dialog(
    "accept",
    "Record acceptance",
    form=AcceptForm,
    permission=WORK,
    when=allowed(Move.ACCEPT),
    title="The customer accepts by telephone or in person",
    guidance="Read out every line and its day, ask for a clear yes, and write down how it was said.",
)
def accept(file: OpenFile, form: AcceptForm) -> str:
    actions.accept(file.complaint, spoken=form.cleaned_data["spoken"], by=file.person, now=file.now)
    return "Accepted. Now do what was promised, by its day."


@on_complaint.dialog(
    "decline",
    "Record refusal",
    form=DeclineForm,
    permission=WORK,
    when=allowed(Move.DECLINE),
    title="The customer declines the offer",
    guidance="Do not argue. Ask what would make it right, and offer a talk with a manager.",
)
def decline(file: OpenFile, form: DeclineForm) -> str:
    actions.decline(
        file.complaint,
        reason=form.cleaned_data["reason"],
        wants_manager=form.cleaned_data["wants_manager"],
        by=file.person,
        now=file.now,
    )
    return "The refusal is recorded. The complaint is in your hands again."


def can_complete(file: OpenFile) -> bool:
    return file.line is None or done_about(file.line) is None


@on_complaint.dialog(
    "complete",
    "Record as done",
    form=ProofForm,
    permission=WORK,
    when=can_complete,
    part="line",
    title="One part of the promise is done",
    guidance="Only what has happened, with something a colleague can look up.",
)
def complete(file: OpenFile, form: ProofForm) -> str:
    line = file.line
    if line is None:
        return ""
    done = actions.complete_line(line, proof=form.cleaned_data["proof"], by=file.person, now=file.now)
    return "Recorded. A second person must check this payment." if done.awaits_check else "Recorded as done."


def can_check(file: OpenFile) -> bool:
    done = file.fulfilment
    return done is not None and done.awaits_check and done.done_by_id != file.person.pk


@on_complaint.dialog(
    "check",
    "Check the payment",
    form=CheckForm,
    permission=WORK,
    when=can_check,
    part="fulfilment",
    title="Confirm a colleague's payment",
    guidance="Look the payment up yourself: the amount, the receiver, the day. Your name stands for it.",
    submit="I have checked it",
)
def check(file: OpenFile, form: CheckForm) -> str:
    if file.fulfilment is not None:
        actions.check_payment(file.fulfilment, by=file.person, now=file.now)
    return "The payment is checked."


def all_done(file: OpenFile) -> bool:
    return file.allows(Move.FULFIL) and not file.unfinished_lines and not file.unchecked


@on_complaint.dialog(
    "fulfil",
    "Tell the outcome",
    form=OutcomeForm,
    permission=WORK,
    when=all_done,
    title="Tell the customer that everything is done",
    guidance="List what was done, thank the customer for their patience, and leave the door open.",
    submit="Send the letter",
)
def fulfil(file: OpenFile, form: OutcomeForm) -> str:
    actions.fulfil(file.complaint, letter=form.letter(), by=file.person, now=file.now)
    return "The outcome is told. We ask in a few days whether it is right."
