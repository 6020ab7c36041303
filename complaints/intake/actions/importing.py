"""Complaints that were received elsewhere, from an export into the register."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from itertools import islice
from typing import Any, TextIO

from django.db import transaction

from complaints.intake.exceptions import UnknownMapping
from complaints.intake.models import ImportRun, SavedMapping, Submission
from complaints.intake.reading import PROFILES, ComplaintRecord, Export, Profile, Refusal, Row, Standing
from complaints.resolution import actions
from complaints.resolution.actions import PastComplaint
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.models import Category, Channel, Complaint, Customer

BATCH = 1000
MOST_SHOWN = 200
TITLE = 200
Progress = Callable[[ImportRun], None]


def profile_called(name: str) -> Profile:
    """A profile that ships with the product, or a mapping somebody saved. Raises UnknownMapping."""
    if name.casefold() in PROFILES:
        return PROFILES[name.casefold()]
    saved = SavedMapping.objects.filter(name=name).first()
    if saved is None:
        known = [*PROFILES, *SavedMapping.objects.values_list("name", flat=True)]
        raise UnknownMapping(f"There is no profile or mapping called “{name}”; we have {', '.join(known)}.")
    return Profile.from_mapping(saved.name, saved.columns)


def save_mapping(*, name: str, columns: dict[str, str], by: Actor, now: datetime) -> SavedMapping:
    """Keep a mapping under a name; what had the name before is replaced."""
    Profile.from_mapping(name, columns)
    saved, _ = SavedMapping.objects.update_or_create(
        name=name, defaults={"columns": columns, "saved_by": staff_or_none(by), "saved_at": now}
    )
    return saved


def import_complaints(
    export: Export,
    *,
    file_name: str,
    by: Actor,
    now: datetime,
    refusals_to: TextIO | None = None,
    progress: Progress = lambda _: None,
) -> ImportRun:
    """Read the whole export into the register, a batch a transaction.

    May be killed and run again: what is there already is recognised by its source and id, never doubled. Each line
    refused is written to `refusals_to` with its number and the reason, the first ones are kept with the run.
    """
    run = ImportRun.objects.create(
        file_name=file_name[:200],
        source=export.profile.name,
        started_by=staff_or_none(by),
        started_at=now,
        junk=len(export.junk),
    )
    refusals = Refusals(run, refusals_to)
    for line in export.junk:
        refusals.note(line.line_number, "above the header, not a record", line.text)
    shelf = Shelf()
    for batch in batches(refusals.without(export)):
        taken = _take_in(batch, run.source, shelf, by=by, now=now)
        run.taken += taken
        run.known += len(batch) - taken
        run.save()
        progress(run)
    run.finished_at = now
    run.save()
    return run


class Refusals:
    """Where refused lines are written down: all of them in the file, the first ones on the run."""

    def __init__(self, run: ImportRun, out: TextIO | None) -> None:
        self.run = run
        self.writer = csv.writer(out) if out else None
        if self.writer:
            self.writer.writerow(["line", "reason", "what stands there"])

    def note(self, line_number: int, reason: str, text: str) -> None:
        if self.writer:
            self.writer.writerow([line_number, reason, harmless(text)])
        if len(self.run.refusals) < MOST_SHOWN:
            self.run.refusals.append({"line": line_number, "reason": reason, "text": text})

    def without(self, found: Iterable[Row | Refusal]) -> Iterator[Row]:
        """The rows; what was refused is written down on the way."""
        for one in found:
            if isinstance(one, Row):
                yield one
            else:
                self.run.refused += 1
                self.note(one.line_number, one.reason, one.excerpt)


def harmless(text: str) -> str:
    """A cell that a spreadsheet will not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r＝" and text else text


def batches(rows: Iterator[Row]) -> Iterator[list[ComplaintRecord]]:
    while batch := [row.record for row in islice(rows, BATCH)]:
        yield batch


class Shelf:
    """Categories by name, so that each is looked up once a file. Names differing in case only are one."""

    def __init__(self) -> None:
        self.known = {category.name.casefold(): category for category in Category.objects.all()}

    def category(self, product: str) -> Category | None:
        name = product.strip()[:200]
        if not name:
            return None
        if name.casefold() not in self.known:
            self.known[name.casefold()], _ = Category.objects.get_or_create(name=name)
        return self.known[name.casefold()]


@transaction.atomic
def _take_in(batch: list[ComplaintRecord], source: str, shelf: Shelf, *, by: Actor, now: datetime) -> int:
    """How many of the batch were new."""
    records = {record.external_id: record for record in reversed(batch)}
    fresh = actions.record_history([_past(record, source, shelf, now) for record in batch], by=by, now=now)
    Submission.objects.bulk_create(
        _submission(complaint, records[complaint.external_id], by) for complaint in fresh
    )
    return len(fresh)


def _past(record: ComplaintRecord, source: str, shelf: Shelf, now: datetime) -> PastComplaint:
    return PastComplaint(
        external_source=source,
        external_id=record.external_id,
        title=record.title,
        words=record.words,
        channel=Channel(record.channel),
        received_at=record.received_at,
        closed=record.status is Standing.CLOSED,
        closed_at=record.closed_at,
        category=shelf.category(record.product),
        company=record.company,
        customer=_customer(record, now),
    )


def _customer(record: ComplaintRecord, now: datetime) -> Customer | None:
    """Somebody only where the export names somebody we could find again."""
    if not (record.customer_email and "@" in record.customer_email):
        return None
    name = record.customer_name or record.customer_email
    return actions.find_or_make_customer(
        name=name[:200], email=record.customer_email, phone=record.customer_phone[:40], now=now
    )


def _submission(complaint: Complaint, record: ComplaintRecord, by: Actor) -> Submission:
    return Submission(
        complaint=complaint,
        channel=complaint.channel,
        words=record.words,
        payload=_payload(record),
        received_at=record.received_at,
        taken_by=staff_or_none(by),
    )


ELSEWHERE = frozenset({"words", "extras", "received_at"})
KEPT = tuple(field.name for field in fields(ComplaintRecord) if field.name not in ELSEWHERE)


def _payload(record: ComplaintRecord) -> dict[str, Any]:
    """All the export says, ours and theirs; the columns nobody mapped are under `extras`."""
    ours = {name: str(value) for name in KEPT if (value := getattr(record, name))}
    return {**ours, "extras": record.extras}
