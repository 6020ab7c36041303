"""What the record says that the clocks of a complaint must hear of: its ledger, and our letters to the customer."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q

from complaints.mailroom.models import OutgoingMail
from complaints.policies import library
from complaints.policies.facts import Dispute, Facts, Priority
from complaints.policies.happenings import (
    Awaited,
    Begun,
    Came,
    Entered,
    Extended,
    Happening,
    Learnt,
    Moved,
    Ranked,
    Ruled,
    Said,
)
from complaints.policies.schema import ClockEvent, Pack
from complaints.resolution.models import (
    OPEN_STATES,
    Complaint,
    Concern,
    Direction,
    Entry,
    EntryKind,
    MessageKind,
    Move,
    State,
)
from complaints.resolution.timing import pack_of

WROTE = frozenset({ClockEvent.MESSAGE_OUT})
#: What a move tells the clocks of the pack. That we wrote to the customer is told by the letter itself.
WORDS: dict[str, frozenset[ClockEvent]] = {
    Move.ACKNOWLEDGE: frozenset({ClockEvent.ACKNOWLEDGED}),
    Move.ACCEPT: frozenset({ClockEvent.ACCEPTED}),
    Move.SETTLE: frozenset({ClockEvent.ACKNOWLEDGED, ClockEvent.ACCEPTED, ClockEvent.ANSWERED}),
    Move.RESPOND: frozenset({ClockEvent.ANSWERED}),
    Move.FULFIL: frozenset({ClockEvent.ANSWERED}),
    EntryKind.STAGE: frozenset({ClockEvent.STAGE_ACKNOWLEDGED}),
    EntryKind.REFERRAL: frozenset({ClockEvent.REFERRED_OUTSIDE}),
}
#: Letters that say more than that we wrote: not done yet, why, and where else the customer may go.
LETTERS: dict[str, frozenset[ClockEvent]] = {
    MessageKind.DELAY_NOTICE: WROTE | {ClockEvent.DELAY_NOTICE},
    MessageKind.OUTSIDE_SCHEME: WROTE | {ClockEvent.DELAY_NOTICE},
}
#: Dates of our own, and what ends the wait.
ANSWER, OFFER, REMEDY, TELL, PROMISED = "answer", "offer", "remedy", "tell", "promised_answer"
ENDS: dict[str, frozenset[str]] = {
    Move.HEAR: frozenset({ANSWER}),
    Move.ACCEPT: frozenset({OFFER}),
    Move.DECLINE: frozenset({OFFER}),
    Move.LAPSE: frozenset({OFFER}),
    Move.FULFIL: frozenset({REMEDY}),
}
OVER = frozenset({State.WITHDRAWN, State.MERGED})
HEARD_OF = (
    EntryKind.OPENED, EntryKind.MOVE, EntryKind.RULES, EntryKind.DATE, EntryKind.STAGE, EntryKind.REFERRAL,
    EntryKind.CORRECTION,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """`pack` is the one it was received under; of any change the happenings tell."""

    pack: Pack
    happenings: list[Happening]


def rules_of(complaint: Complaint) -> dict[str, Any]:
    """The facts on which rules depend, as the ledger keeps them."""
    external_at = complaint.external_at
    return {
        "dispute": complaint.dispute,
        "statement_day": complaint.statement_day,
        "external_at": external_at.isoformat() if external_at else None,
    }


def at_first(complaint: Complaint) -> Record:
    """What is known of a complaint on the day it comes."""
    at = complaint.received_at
    known = _learnt(rules_of(complaint), at=at), Ranked(priority=Priority(complaint.priority), at=at)
    return Record(pack_of(complaint), [Begun(at=at), *known])


def since_then(complaint: Complaint) -> Record:
    """Everything to this day. History brought in from elsewhere has no clocks until it is taken up again."""
    heard_of = Q(kind__in=HEARD_OF) | Q(concern=Concern.UNDELIVERED)
    entries = list(complaint.entries.filter(heard_of).order_by("at", "pk"))
    undelivered = {entry.facts.get("message") for entry in entries if entry.concern == Concern.UNDELIVERED}
    changes = [entry.facts["pack_before"] for entry in entries if "pack_before" in entry.facts]
    found: list[Happening] = [] if complaint.imported else [Begun(at=complaint.received_at)]
    found += _told_by_letters(complaint, undelivered)
    for entry in entries:
        found += _told_by(entry, complaint)
    return Record(library.pack(*changes[0]) if changes else pack_of(complaint), found)


def _told_by_letters(complaint: Complaint, undelivered: Container[int | None]) -> Iterator[Happening]:
    """One taken back before it left has told nobody anything; one that failed or came back, nothing until it was sent
    once more.
    """
    letters = complaint.messages.filter(direction=Direction.OUT, mail__taken_back_at=None).order_by(
        "at", "pk"
    )
    facts = ("kind", "at", "pk", "mail__state", "mail__sent_at")
    for kind, written_at, pk, state, sent_at in letters.values_list(*facts):
        lost = pk in undelivered
        if lost and state != OutgoingMail.State.SENT:
            continue
        at = sent_at if lost else written_at
        yield Said(words=LETTERS.get(kind, WROTE), at=at, order=(1, pk))
        yield Came(clocks=frozenset({TELL}), at=at, order=(1, pk, 1))


def _told_by(entry: Entry, complaint: Complaint) -> Iterator[Happening]:
    """One entry may tell several things; rules and reopening come before the rest, the state comes last."""
    for step, happening in enumerate(
        (*_ruled_by(entry), *_said_by(entry), *_dated_by(entry), *_state_of(entry))
    ):
        if entry.kind == EntryKind.OPENED:  # what was known on the first day counts from receipt
            yield replace(happening, at=complaint.received_at, order=(0, step))
        else:
            yield replace(happening, order=(2, entry.pk, step))


def _ruled_by(entry: Entry) -> Iterator[Happening]:
    facts, at = entry.facts, entry.at
    if "rules" in facts:
        yield _learnt(facts["rules"], at=at)
    if "priority" in facts:
        yield Ranked(priority=Priority(facts["priority"]), at=at)
    if "pack" in facts:
        yield Ruled(pack=library.pack(*facts["pack"]), at=at)
    if entry.move == Move.REOPEN:
        yield Begun(again=True, stage=facts.get("stage", ""), at=at)


def _said_by(entry: Entry) -> Iterator[Happening]:
    what = entry.move or entry.kind
    if what in WORDS:
        yield Said(words=WORDS[what], at=entry.at)
    if what in ENDS:
        yield Came(clocks=ENDS[what], at=entry.at)


def _dated_by(entry: Entry) -> Iterator[Happening]:
    facts, at = entry.facts, entry.at
    if "awaits" in facts:
        awaits = facts["awaits"]
        yield Awaited(**{**awaits, "due_at": datetime.fromisoformat(awaits["due_at"])}, at=at)
    if "extended" in facts:
        yield Extended(clock=facts["extended"], until=datetime.fromisoformat(facts["until"]), at=at)
    if "moved" in facts:
        until = datetime.fromisoformat(facts["until"])
        yield Moved(clock=facts["moved"], until=until, reason=entry.text, at=at)


def _state_of(entry: Entry) -> Iterator[Happening]:
    """States are come into by moves; any other entry notes in which it was written."""
    state = entry.to_state
    if state and entry.kind in (EntryKind.OPENED, EntryKind.MOVE):
        yield Entered(state=state, owed=state in OPEN_STATES, over=state in OVER, at=entry.at)


def _learnt(rules: dict[str, Any], *, at: datetime) -> Learnt:
    external_at = rules["external_at"]
    return Learnt(
        facts=Facts(Dispute(rules["dispute"]), statement_day=rules["statement_day"]),
        external_at=datetime.fromisoformat(external_at) if external_at else None,
        at=at,
    )
