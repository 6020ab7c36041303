"""Dates: which rules they follow, how one is moved, and what comes after the answer in complaints with stages."""

from complaints.desk.dialogs.on_complaint import always, on_complaint, while_open
from complaints.desk.forms.dates import (
    MoveDateForm,
    NextStageForm,
    ReferralForm,
    RulesForm,
    StageThanksForm,
    due_words,
)
from complaints.desk.forms.rules import PackForm
from complaints.desk.open_file import OpenFile
from complaints.resolution import actions, moving, stages, timing
from complaints.resolution.models import Dispute, Move
from complaints.resolution.permission import SUPERVISE, WORK


@on_complaint.dialog(
    "rules",
    "Change the kind of dispute",
    form=RulesForm,
    permission=WORK,
    when=while_open,
    title="What is this complaint about?",
    guidance="The law has clocks of its own for some disputes. They count from receipt, whenever we find out.",
    submit="Apply these rules",
)
def change_rules(file: OpenFile, form: RulesForm) -> str:
    typed = {**form.cleaned_data, "dispute": Dispute(form.cleaned_data["dispute"])}
    switched = actions.change_rules(file.complaint, **typed, by=file.person, now=file.now)
    if switched.begun or switched.ended:
        return "Other clocks apply now. The time already used is counted."
    return "The same clocks apply as before, reckoned anew."


@on_complaint.dialog(
    "pack",
    "Change the policy",
    form=PackForm,
    permission=SUPERVISE,
    when=always,
    title="Which rules does this complaint come under?",
    guidance=(
        "In the version of the day it was received, and no time used is lost. "
        "Tell the customer of any date they were told that is another now."
    ),
    submit="Put it under these rules",
)
def change_pack(file: OpenFile, form: PackForm) -> str:
    code, reason = form.cleaned_data["pack"], form.cleaned_data["reason"]
    changed = actions.change_pack(file.complaint, code=code, reason=reason, by=file.person, now=file.now)
    return f"It comes under {timing.pack_of(changed).name} now."


def has_a_date_to_move(file: OpenFile) -> bool:
    pack = timing.pack_of(file.complaint)
    return any(moving.way_of(deadline, pack) for deadline in file.running)


@on_complaint.dialog(
    "move-date",
    "Move a date",
    form=MoveDateForm,
    permission=WORK,
    when=has_a_date_to_move,
    title="It takes longer than we said",
    guidance="Say it before the day, not after. Name the reason and a day you can keep.",
    submit="Move the date",
)
def move_date(file: OpenFile, form: MoveDateForm) -> str:
    moved = actions.move_date(
        file.complaint,
        clock=form.cleaned_data["clock"],
        until=form.moment(),
        reason=form.cleaned_data["reason"],
        letter=form.given(),
        by=file.person,
        now=file.now,
    )
    told = "The letter is on its way." if form.is_written else "The customer is still to be told."
    return f"{due_words(moved)}. {told}"


@on_complaint.dialog(
    "next-stage",
    "Next stage asked for",
    form=NextStageForm,
    permission=WORK,
    when=lambda file: file.allows(Move.REOPEN) and stages.next_stage(file.complaint) is not None,
    title="The customer asks for the next stage",
    guidance="Thank them for asking. Whoever decided before hands the file over and stays out of it.",
    submit="Begin the next stage",
)
def next_stage(file: OpenFile, form: NextStageForm) -> str:
    actions.request_stage(file.complaint, words=form.cleaned_data["words"], by=file.person, now=file.now)
    return "The next stage has begun. Somebody who has not decided before takes it from here."


@on_complaint.dialog(
    "stage-thanks",
    "Acknowledge the next stage",
    form=StageThanksForm,
    permission=WORK,
    when=lambda file: bool(file.complaint.stage) and while_open(file),
    title="Tell the customer that it is looked at again",
    guidance="Who looks at it now, that they have not decided it before, and by when the answer comes.",
    submit="Tell the customer",
)
def acknowledge_stage(file: OpenFile, form: StageThanksForm) -> str:
    letter = form.given()
    spoken = "" if letter else form.cleaned_data["spoken"]
    actions.acknowledge_stage(file.complaint, letter=letter, spoken=spoken, by=file.person, now=file.now)
    return "The next stage is acknowledged."


@on_complaint.dialog(
    "referral",
    "Taken to an ombudsman",
    form=ReferralForm,
    permission=WORK,
    when=lambda file: not while_open(file),
    title="The customer has taken the matter outside",
    guidance="It is their right. Keep the file as it is; they will ask for it.",
    submit="Put it on record",
)
def record_referral(file: OpenFile, form: ReferralForm) -> str:
    actions.record_referral(file.complaint, **form.cleaned_data, by=file.person, now=file.now)
    return "It is in the file."
