"""What to do now: the one natural step of each stage, in a sentence, with a word of advice. Questions only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from complaints.desk.dialogs.closing import before_closing
from complaints.desk.open_file import OpenFile
from complaints.resolution.models import Fault, State


@dataclass(frozen=True, slots=True)
class Next:
    """`say` is the step, `advice` how to take it. Names of dialogs, most natural first; a part where one is meant."""

    say: str
    advice: str
    first: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    part: int | None = None
    #: The page that explains a date in what is said, and what it is asked about.
    why: tuple[str, int] | None = None


def _received(file: OpenFile) -> Next:
    return Next(
        "Thank the customer.",
        "Before anything is decided: thank them for telling us, repeat the problem back, give your name and the "
        "dates. A thank-you says nothing about whose fault it was.",
        ("acknowledge", "acknowledge-letter"),
        ("settle", "take"),
    )


def _acknowledged(file: OpenFile) -> Next:
    return Next(
        "Look into it.",
        "Read the customer's own words first. What looks like a trifle from here was worth a letter to them.",
        ("investigate",),
        ("settle", "assign"),
    )


def _investigating(file: OpenFile) -> Next:
    if not file.facts_gathered:
        return Next(
            "Find out what happened.",
            "Facts before offers. Ask only what you cannot look up, one thing at a time, and thank for every answer.",
            ("ask",),
            ("waive", "settle"),
        )
    if file.finding is None:
        return Next(
            "Record the finding, then offer.",
            "Say what happened in plain words and whose fault it was before what you offer. Do not blame the "
            "customer, a colleague or a supplier.",
            ("finding",),
            ("ask", "settle"),
        )
    if not file.complaint.desired_outcome.strip():
        return Next(
            "Find out what the customer wants.",
            "Nobody can put it right who does not know what right would be. Ask, and write it down.",
            ("correct",),
            ("ask",),
        )
    return _after_the_finding(file)


def _after_the_finding(file: OpenFile) -> Next:
    finding = file.finding
    if finding is not None and finding.fault != Fault.NO:
        return Next(
            "Make an offer.",
            "An amount or a deed, and a day. Put right what went wrong for this customer; promise only what you "
            "can keep.",
            ("make-offer",),
            ("respond", "finding"),
        )
    unanswered = next((point for point in file.points if not point.answer), None)
    if unanswered is not None:
        return Next(
            "Answer every point.",
            f"Next: “{unanswered.text}”. Each gets its own answer, with the reason.",
            ("answer-point",),
            ("make-offer",),
            part=unanswered.pk,
        )
    return Next(
        "Give the final response.",
        "A no needs more care than a yes: reasons, regret for the trouble, and how to take it further.",
        ("respond",),
        ("make-offer",),
    )


def _waiting(file: OpenFile) -> Next:
    awaited = next((clock for clock in file.running if clock.clock == "answer"), None)
    until = f" until {_day(awaited.due_at)}" if awaited else ""
    return Next(
        f"The customer has our questions{until}.",
        "If they call, take the answer down here. We remind them by ourselves; the final response date keeps running.",
        ("hear",),
        ("update",),
        why=("desk:why", awaited.pk) if awaited else None,
    )


def _referred(file: OpenFile) -> Next:
    return Next(
        "A superior decides on the offer.",
        "Say nothing of the amount to the customer yet. If it takes long, tell them that it takes long.",
        (),
        ("update",),
    )


def _approved(file: OpenFile) -> Next:
    return Next(
        "Send the offer.",
        "Regret first, then what happened, then what we do and when. Any change now voids the approval.",
        ("send-offer",),
        ("revise",),
    )


def _offered(file: OpenFile) -> Next:
    offer = file.live_offer
    until = f" until {_day(offer.open_until)}" if offer else ""
    return Next(
        f"The customer decides{until}.",
        "If they call, read every line out. A no is no reason to argue: ask what would make it right. "
        "Silence never counts as a yes.",
        ("accept",),
        ("decline",),
        why=("desk:why_offer", offer.pk) if offer else None,
    )


def _fulfilling(file: OpenFile) -> Next:
    if file.unfinished_lines:
        line = file.unfinished_lines[0]
        return Next(
            f"Do what was promised: {line.action or f'{line.get_kind_display()} of {line.amount}'}, "
            f"by {line.due_on:%-d %B}.",
            "If the day cannot be kept, tell the customer before it, not after.",
            ("complete",),
            ("update",),
            part=line.pk,
            why=("desk:why_offer", line.offer_id),
        )
    if file.unchecked:
        return Next(
            "A second person checks the payment.",
            "Whoever paid does not check. Look the payment up; do not take the note's word for it.",
            ("check",),
            part=file.unchecked[0].pk,
        )
    return Next(
        "Tell the customer that it is done.",
        "List what was done, thank them for their patience, and leave the door open.",
        ("fulfil",),
        ("document",),
    )


def _answered(file: OpenFile) -> Next:
    missing = before_closing(file)
    if not missing:
        return Next(
            "Close the complaint.",
            "Everything is done, told and written down. The customer can still come back to us.",
            ("close",),
            ("reopen",),
        )
    undocumented = missing[0].startswith("problem")
    return Next(
        "Write down what we learn." if undocumented else "Ask whether it is right now.",
        f"Before closing: {'; '.join(missing)}.",
        ("document",) if undocumented else ("follow-up",),
        ("follow-up", "reopen") if undocumented else ("document", "reopen"),
    )


def _closed(file: OpenFile) -> Next:
    return Next(
        "Nothing to do.", "If the customer comes back, thank them and take it up again.", (), ("reopen",)
    )


def _withdrawn(file: OpenFile) -> Next:
    return Next("Nothing to do.", "The customer took it back. What they told us stays in the file.")


def _merged(file: OpenFile) -> Next:
    return Next("Go on in the other complaint.", "This one is carried by another, which has its points.")


def _day(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "l j F")


STAGES: dict[str, Callable[[OpenFile], Next]] = {
    State.RECEIVED: _received,
    State.ACKNOWLEDGED: _acknowledged,
    State.INVESTIGATING: _investigating,
    State.WAITING: _waiting,
    State.REFERRED: _referred,
    State.APPROVED: _approved,
    State.OFFERED: _offered,
    State.FULFILLING: _fulfilling,
    State.ANSWERED: _answered,
    State.CLOSED: _closed,
    State.WITHDRAWN: _withdrawn,
    State.MERGED: _merged,
}
