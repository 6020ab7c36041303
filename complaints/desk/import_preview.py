"""A look at an upload before anything is taken in: what was found, what is in doubt, the first complaints in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from complaints.desk.forms.importing import LABELS, shortened
from complaints.desk.import_draft import Draft
from complaints.intake import uploads
from complaints.intake.actions import ENCODINGS, open_as_chosen
from complaints.intake.actions.importing import checked
from complaints.intake.actions.repeats import Notebook
from complaints.intake.actions.reporting import kind_of
from complaints.intake.reading import (
    AmbiguousDates,
    Export,
    JunkLine,
    Refusal,
    Row,
    UnknownLayout,
    UnreadableExport,
)
from complaints.resolution.exceptions import Refused

ROWS, REFUSALS, LOOKED_AT = 20, 10, 1000
MOST_SHOWN = 200
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Question:
    """How the dates may be read: each as written, with the day each order makes of it."""

    column: str
    orders: Sequence[str]
    examples: Sequence[tuple[str, Sequence[tuple[str, Any]]]]


@dataclass(slots=True)
class Preview:
    """Either `ready`, or there is a `problem`, or `question` or `header` say what must be told first."""

    ready: bool = False
    problem: str = ""
    question: Question | None = None
    header: Sequence[str] = ()
    header_line: int = 0
    suggestions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    profile: str = ""
    facts: Sequence[tuple[str, str]] = ()
    columns: Sequence[tuple[str, str]] = ()
    unmapped: Sequence[str] = ()
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: dict[str, int] = field(default_factory=dict)
    junk: Sequence[JunkLine] = ()
    looked_at: int = 0


def look_at(draft: Draft, *, now: datetime) -> Preview:
    try:
        with open_as_chosen(uploads.path_of(draft.key), choices=draft.choices, now=now) as export:
            return _understood(export)
    except AmbiguousDates as doubt:
        return Preview(question=_question(doubt))
    except UnknownLayout as unknown:
        return Preview(
            problem=shortened(str(unknown), MOST_SHOWN),
            header=unknown.header,
            header_line=unknown.line_number,
            suggestions=unknown.suggestions,
        )
    except (UnreadableExport, Refused) as refusal:
        return Preview(problem=shortened(str(refusal), MOST_SHOWN))


def _question(doubt: AmbiguousDates) -> Question:
    examples = [
        (shortened(raw), [(order, readings.get(order)) for order in doubt.orders])
        for raw, readings in doubt.examples
    ]
    return Question(shortened(doubt.column), doubt.orders, examples)


def _understood(export: Export) -> Preview:
    preview = Preview(
        ready=True,
        header=export.header,
        header_line=export.header_line,
        suggestions={ours: [column] for ours, column in export.mapping.items()},
        profile=export.profile.name,
        facts=list(_facts(export).items()),
        columns=[(LABELS[ours], shortened(column)) for ours, column in export.mapping.items()],
        unmapped=[shortened(column) for column in export.unmapped[:MOST_SHOWN]],
        junk=export.junk[:REFUSALS],
    )
    with Notebook() as notebook:
        for read in islice(export, LOOKED_AT):
            _note(preview, checked(read, notebook))
    return preview


def _note(preview: Preview, found: Row | Refusal) -> None:
    preview.looked_at += 1
    if isinstance(found, Refusal):
        preview.refusals += [found] if len(preview.refusals) < REFUSALS else []
        return
    preview.rows += [found] if len(preview.rows) < ROWS else []
    for remark in found.remarks:
        kind = kind_of(remark)
        preview.remarks[kind] = preview.remarks.get(kind, 0) + 1


def _facts(export: Export) -> dict[str, str]:
    orders = {order for of_field in export.orders.values() for order in of_field.values()}
    spoken = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}
    return {
        "Header": f"found in line {export.header_line}",
        "Read as": export.profile.name,
        "Columns parted by": DELIMITERS.get(export.delimiter, export.delimiter),
        "Encoding": ENCODINGS.get(export.encoding, export.encoding.upper()),
        "Dates": " and ".join(spoken[order] for order in sorted(orders)) or "written beyond doubt",
    }
