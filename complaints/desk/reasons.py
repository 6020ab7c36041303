"""Why this day, where no clock gives it: a promise in a letter, the days of an offer, a letter that goes by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from complaints.followups import plan
from complaints.followups.actions.planning import turn_of
from complaints.followups.models import PlannedLetter
from complaints.policies.words import full_date, full_moment
from complaints.resolution.actors import name_of
from complaints.resolution.models import Offer, Promise
from complaints.resolution.timing import pack_of


@dataclass(frozen=True, slots=True)
class Told:
    """One of several dates, with its reason."""

    what: str
    day: str
    because: str


def of_promise(promise: Promise) -> list[str]:
    letter = promise.message
    return [
        f"Our letter “{letter}” of {_moment(letter.at)} promises it; {letter.author_name} wrote it.",
        "Whoever sends a letter confirms the day of each promise in it. It is kept by the end of that day.",
        f"{name_of(promise.owner)} sees to it. Once the day is past, a supervisor hears of it.",
    ]


def of_offer(offer: Offer) -> Iterator[Told]:
    timings = pack_of(offer.complaint).timings
    for line in offer.lines.all():
        what = f"{line.get_kind_display()}: {line.action or line.amount}"
        yield Told(what, full_date(line.due_on), "Promised with the offer.")
    yield Told(
        "The customer decides",
        _moment(offer.open_until),
        f"By our rules an offer stays open for {timings.offer_open_for}; whoever makes it may choose another day.",
    )
    yield Told(
        "We ask whether it is right",
        full_date(offer.follow_up_on),
        f"By our rules {timings.follow_up_after} later; whoever makes the offer may choose another day.",
    )


def of_letter(letter: PlannedLetter) -> list[str]:
    turn = turn_of(letter.cycle, plan.name_of(letter.cycle))
    same = (due for due in plan.letters_after(turn) if (due.kind, due.stage) == (letter.kind, letter.stage))
    wanted = next(same, None)
    found = [f"It follows from: {letter.cycle}, {_moment(letter.cycle.at)}."]
    if wanted:
        found.append(wanted.because)
    if letter.because not in ("", *found):
        found.append(f"It was put off since. {letter.because}")
    return [*found, letter.why_cancelled] if letter.why_cancelled else found


def _moment(moment: datetime) -> str:
    return full_moment(timezone.localtime(moment))
