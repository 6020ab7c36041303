"""The sections of a report. Each is facts (pairs), blocks of text and rows of a table, any of them empty."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from complaints.policies.shipped_letters import Phrases
from complaints.resolution.actors import name_of
from complaints.resolution.letter_values import promised, written
from complaints.resolution.models import (
    Complaint,
    Entry,
    EntryKind,
    Finding,
    Fulfilment,
    Message,
    MessageKind,
    OfferLine,
    OfferState,
)
from complaints.resolution.papers.blocks import blocks_of

Section = dict[str, Any]
Teller = Callable[[Complaint, Phrases], Section]
MOST_ROWS = 500
LONGEST = 20_000
#: Offers of which a customer has heard.
TOLD = (OfferState.SENT, OfferState.ACCEPTED, OfferState.DECLINED, OfferState.LAPSED, OfferState.FULFILLED)


def section(
    heading: str,
    *,
    facts: Iterable[tuple[str, str]] = (),
    text: str = "",
    columns: Iterable[tuple[str, int]] = (),
    rows: Iterable[tuple[str, ...]] = (),
) -> Section:
    """`columns` are names and relative widths."""
    return {
        "heading": heading,
        "facts": [[word, blocks_of(_shortened(said))] for word, said in facts if said.strip()],
        "blocks": blocks_of(_shortened(text)),
        "columns": [name for name, _ in columns],
        "widths": [width for _, width in columns],
        "rows": [[_shortened(cell) for cell in row] for row in rows],
    }


def _shortened(text: str) -> str:
    """A report is to be read; what runs on for dozens of pages is read in the file."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … (the rest is in the file)"


def _day(spoken: Phrases, moment: Any) -> str:
    return written(moment, spoken.date)


def _moment(spoken: Phrases, moment: Any) -> str:
    return written(moment, f"{spoken.date}, H:i")


def the_complaint(complaint: Complaint, spoken: Phrases) -> Section:
    customer, handler = complaint.customer, complaint.handler
    return section(
        "The complaint",
        facts=[
            ("Matter", complaint.title),
            ("Customer", customer.name if customer else "Nobody named"),
            ("Received", f"{_moment(spoken, complaint.received_at)}, {complaint.get_channel_display()}"),
            ("Category", str(complaint.category or "")),
            ("Business", complaint.company),
            ("Priority", complaint.get_priority_display()),
            ("Handler", name_of(handler) if handler else "Nobody"),
            ("State", complaint.get_state_display()),
            ("Outcome", complaint.get_outcome_display() if complaint.outcome else ""),
            ("Policy", f"{complaint.pack_code}, version {complaint.pack_version}"),
        ],
    )


def the_complaint_briefly(complaint: Complaint, spoken: Phrases) -> Section:
    customer = complaint.customer
    return section(
        "The complaint",
        facts=[
            ("Matter", complaint.title),
            ("Customer", customer.name if customer else "Nobody named"),
            ("Received", _day(spoken, complaint.received_at)),
            ("State", complaint.get_state_display()),
            ("Outcome", complaint.get_outcome_display() if complaint.outcome else ""),
        ],
    )


def in_their_words(complaint: Complaint, _spoken: Phrases) -> Section:
    first = complaint.messages.filter(kind=MessageKind.COMPLAINT).first()
    return section(
        "In the customer’s words",
        text=first.body if first else "",
        facts=[("Wanted", complaint.desired_outcome)],
    )


def in_our_words(complaint: Complaint, spoken: Phrases) -> Section:
    if not complaint.restatement.strip():
        return in_their_words(complaint, spoken)
    wanted = [("You wanted", complaint.desired_outcome)]
    return section("What the complaint is about", text=complaint.restatement, facts=wanted)


def points(complaint: Complaint, _spoken: Phrases) -> Section:
    rows = [
        (point.text, point.answer or "Not answered yet", point.get_outcome_display() if point.outcome else "")
        for point in complaint.points.all()
    ]
    return section("Point by point", columns=[("Point", 4), ("Answer", 5), ("Outcome", 2)], rows=rows)


def finding(complaint: Complaint, _spoken: Phrases) -> Section:
    found = Finding.objects.select_related("root_cause").filter(complaint=complaint).first()
    if found is None:
        return section("What was established")
    return section(
        "What was established",
        facts=[
            ("What happened", found.what_happened),
            ("Fault", found.get_fault_display()),
            ("Basis", f"{found.get_basis_display()}: {found.basis_detail}"),
            ("Root cause", str(found.root_cause or "")),
            ("Told as", found.explanation),
        ],
    )


def explanation(complaint: Complaint, _spoken: Phrases) -> Section:
    found = Finding.objects.filter(complaint=complaint).first()
    return section("What we found", text=found.explanation if found else "")


def offers(complaint: Complaint, spoken: Phrases) -> Section:
    lines = OfferLine.objects.filter(offer__complaint=complaint, offer__state__in=TOLD)
    done = {one.line_id: one for one in Fulfilment.objects.filter(line__offer__complaint=complaint)}
    rows = [
        (promised(line, spoken), line.offer.get_state_display(), _done(done.get(line.pk), spoken))
        for line in lines.select_related("offer").order_by("offer__version", "pk")
    ]
    return section("What we offered and did", columns=[("Offer", 5), ("State", 2), ("Done", 3)], rows=rows)


def _done(done: Fulfilment | None, spoken: Phrases) -> str:
    return f"{_day(spoken, done.done_at)}: {done.proof}" if done else ""


def lessons(complaint: Complaint, _spoken: Phrases) -> Section:
    return section(
        "Problem, cause, solution",
        facts=[("Problem", complaint.problem), ("Cause", complaint.cause), ("Solution", complaint.solution)],
    )


def deadlines(complaint: Complaint, spoken: Phrases) -> Section:
    rows = [
        (
            deadline.label,
            _moment(spoken, deadline.due_at),
            _moment(spoken, deadline.stopped_at) if deadline.stopped_at else "Running",
            "" if deadline.stopped_at is None else "Kept" if deadline.kept else "Missed",
        )
        for deadline in complaint.deadlines.order_by("due_at", "pk")
    ]
    columns = [("Deadline", 4), ("Due", 3), ("Met", 3), ("Result", 2)]
    return section("Deadlines", columns=columns, rows=rows)


def correspondence(complaint: Complaint, spoken: Phrases) -> Section:
    told: QuerySet[Message] = complaint.messages.order_by("at", "pk")[:MOST_ROWS]
    rows = [
        (
            _moment(spoken, message.at),
            message.get_direction_display(),
            f"{message.get_kind_display()}, {message.get_channel_display()}",
        )
        for message in told
    ]
    return section("Correspondence", columns=[("When", 3), ("Way", 3), ("What", 5)], rows=rows)


def told_entries(complaint: Complaint) -> QuerySet[Entry]:
    """What a report tells of. Notes are for colleagues; and a report that told of itself would never be the same."""
    return complaint.entries.exclude(
        Q(kind__in=(EntryKind.NOTE, EntryKind.MESSAGE_IN, EntryKind.MESSAGE_OUT))
    )


def events(complaint: Complaint, spoken: Phrases) -> Section:
    rows = [
        (_moment(spoken, entry.at), _event(entry), entry.actor_name)
        for entry in told_entries(complaint).order_by("at", "pk")[:MOST_ROWS]
    ]
    return section("Course of events", columns=[("When", 3), ("What", 6), ("Who", 3)], rows=rows)


def _event(entry: Entry) -> str:
    named = entry.get_move_display() or entry.get_concern_display() or entry.get_kind_display()
    return f"{named}: {entry.text}" if entry.text else named
