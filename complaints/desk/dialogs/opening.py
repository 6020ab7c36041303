"""From the first word to the first look."""

from complaints.desk.dialogs.on_complaint import allowed, always, on_complaint, while_open
from complaints.desk.forms.acknowledgement import AcknowledgementForm
from complaints.desk.forms.base import NoFields
from complaints.desk.forms.opening import (
    AfterAbuseForm,
    AssignForm,
    CorrectForm,
    PointForm,
    RestrictForm,
    SpokenThanksForm,
)
from complaints.desk.open_file import OpenFile
from complaints.resolution import actions
from complaints.resolution.actors import name_of
from complaints.resolution.models import Move
from complaints.resolution.permission import ASSIGN, SUPERVISE, WORK


@on_complaint.dialog(
    "acknowledge",
    "Record a spoken thanks",
    form=SpokenThanksForm,
    permission=WORK,
    when=allowed(Move.ACKNOWLEDGE),
    title="Thank the customer by telephone or in person",
    guidance=(
        "Say thank you for telling us, and that you are sorry they had to. Repeat the problem in your own words and "
        "ask whether you got it right. Then give your name and these dates:"
    ),
    submit="The customer has been thanked",
)
def acknowledge(file: OpenFile, form: SpokenThanksForm) -> str:
    actions.acknowledge(file.complaint, spoken=form.cleaned_data["spoken"], by=file.person, now=file.now)
    return "Acknowledged. The dates you told are in the file."


@on_complaint.dialog(
    "acknowledge-letter",
    "Send the acknowledgement now",
    form=AcknowledgementForm,
    permission=WORK,
    when=lambda file: file.allows(Move.ACKNOWLEDGE) and not file.thanks_written,
    title="Thank the customer in writing",
    guidance="It would go by itself in the customer's hours. Send it yourself where a personal word is better.",
    submit="Send the letter",
)
def acknowledge_by_letter(file: OpenFile, form: AcknowledgementForm) -> str:
    actions.acknowledge_by_letter(
        file.complaint, letter=form.letter(), key=form.planned.key, by=file.person, now=file.now
    )
    return "The letter is on its way. The complaint counts as acknowledged when it has left."


@on_complaint.dialog(
    "investigate",
    "Start investigating",
    form=NoFields,
    permission=WORK,
    when=allowed(Move.INVESTIGATE),
    guidance="Read the customer's own words before you look at our side. An unassigned complaint becomes yours.",
)
def investigate(file: OpenFile, form: NoFields) -> str:
    actions.investigate(file.complaint, by=file.person, now=file.now)
    return "The complaint is in hand."


@on_complaint.dialog(
    "take",
    "Take it",
    form=NoFields,
    permission=WORK,
    when=lambda file: while_open(file) and file.complaint.handler_id is None,
    title="Take this complaint",
    guidance="It becomes yours, with its dates. The customer gets your name as their contact.",
)
def take(file: OpenFile, form: NoFields) -> str:
    actions.assign(file.complaint, to=file.person, by=file.person, now=file.now)
    return "This complaint is yours now."


@on_complaint.dialog(
    "assign",
    "Assign",
    form=AssignForm,
    permission=ASSIGN,
    when=while_open,
    title="Give the complaint to a handler",
    guidance="One person holds it from here to the end, so that the customer need not tell it twice.",
)
def assign(file: OpenFile, form: AssignForm) -> str:
    handler = form.cleaned_data["to"]
    actions.assign(file.complaint, to=handler, by=file.person, now=file.now)
    return f"{name_of(handler)} has the complaint now."


def may_be_relieved(file: OpenFile) -> bool:
    """Its handler, or somebody for them."""
    if not while_open(file) or file.complaint.handler_id is None:
        return False
    return file.may(ASSIGN) or (file.is_mine and not file.complaint.restricted)


@on_complaint.dialog(
    "after-abuse",
    "Report abuse, hand over",
    form=AfterAbuseForm,
    permission=WORK,
    when=may_be_relieved,
    title="Report abuse and let a colleague go on",
    guidance=(
        "Nobody has to bear insults or threats, and giving this up counts against nobody. The dates go on as they are: "
        "the complaint may still be right. A supervisor hears of it."
    ),
    submit="Put it on record and hand over",
)
def hand_over_after_abuse(file: OpenFile, form: AfterAbuseForm) -> str:
    to = form.cleaned_data["to"]
    actions.hand_over_after_abuse(
        file.complaint, what=form.cleaned_data["what"], to=to, by=file.person, now=file.now
    )
    return f"It is on record. {name_of(to) if to else 'Whoever takes it next'} goes on with it."


@on_complaint.dialog(
    "add-point",
    "Add a point",
    form=PointForm,
    permission=WORK,
    when=while_open,
    guidance="One thing complained of. Each point gets its own answer in the end, so write it as the customer would.",
)
def add_point(file: OpenFile, form: PointForm) -> str:
    actions.add_point(file.complaint, text=form.cleaned_data["text"], by=file.person, now=file.now)
    return "The point is in the file."


@on_complaint.dialog(
    "correct",
    "Correct the facts",
    form=CorrectForm,
    permission=WORK,
    when=always,
    guidance="What stood here before stays in the history. The customer's own words are never edited.",
    submit="Save the correction",
)
def correct(file: OpenFile, form: CorrectForm) -> str:
    reason = form.cleaned_data["reason"]
    actions.correct(file.complaint, by=file.person, now=file.now, reason=reason, **form.changes())
    return "The facts are corrected."


@on_complaint.dialog(
    "restrict",
    "Restrict",
    form=RestrictForm,
    permission=SUPERVISE,
    when=always,
    title="Hide this complaint from everybody but a few",
    guidance="It disappears from all lists, searches, counts and exports of everybody else. Every reading is logged.",
    danger=True,
)
def restrict(file: OpenFile, form: RestrictForm) -> str:
    actions.restrict(
        file.complaint,
        confidants=form.cleaned_data["confidants"],
        reason=form.cleaned_data["reason"],
        by=file.person,
        now=file.now,
    )
    return "The complaint is restricted."
