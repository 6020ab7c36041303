"""Complaints that were received elsewhere, from an export into the register."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from itertools import islice
from typing import Any, TextIO

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.intake.actions.repeats import Notebook
from complaints.intake.actions.reporting import Report
from complaints.intake.exceptions import Overtaken
from complaints.intake.models import ImportRun, ImportState, Submission
from complaints.intake.reading import ComplaintRecord, Export, Refusal, Row, Standing
from complaints.resolution import actions
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.models import Category, Channel, Complaint, Customer

BATCH = 1000
LONGEST_NUMBER = 80
LONGEST_ADDRESS = 254
Clock = Callable[[], datetime]
Progress = Callable[[ImportRun], None]
PROGRESS = (
    "position", "size", "seen_at", "taken", "known", "refused", "junk", "mended", "refusals", "remarks",
)  # fmt: skip


def import_complaints(
    export: Export,
    *,
    file_name: str,
    by: Actor,
    now: datetime,
    clock: Clock | None = None,
    refusals_to: TextIO | None = None,
    progress: Progress = lambda _: None,
) -> ImportRun:
    """Read the whole export into the register, a batch a transaction.

    May be killed and run again: what is there already is recognised by its source and id, never doubled. Each line
    refused or mended is written to `refusals_to` with its number and the reason, the first ones are kept with the run.
    """
    run = ImportRun.objects.create(
        file_name=file_name[:200],
        source=export.profile.name,
        started_by=staff_or_none(by),
        started_at=now,
        seen_at=now,
        state=ImportState.RUNNING,
        attempt=1,
    )
    read_into(run, export, by=by, now=now, clock=clock, refusals_to=refusals_to, progress=progress)
    return run


def read_into(
    run: ImportRun,
    export: Export,
    *,
    by: Actor,
    now: datetime,
    clock: Clock | None = None,
    refusals_to: TextIO | None = None,
    progress: Progress = lambda _: None,
) -> None:
    """What a claimed run is for. Raises Overtaken as soon as somebody else has claimed it."""
    clock = clock or (lambda: now)
    report, shelf, found = Report(run, refusals_to), Shelf(), iter(export)
    report.junk(export.junk)
    with Notebook() as notebook:
        while chunk := list(islice(found, BATCH)):
            batch = list(sifted(chunk, report, notebook))
            run.position, run.size, run.seen_at = export.position, export.size, clock()
            _take_in_once(batch, run, shelf, by=by, now=now)
            progress(run)
    ours = ImportRun.objects.filter(pk=run.pk, attempt=run.attempt)
    end = {"state": ImportState.FINISHED, "finished_at": clock()}
    if not ours.filter(state=ImportState.RUNNING).update(**end, **_progress(run)):
        raise Overtaken
    run.refresh_from_db()


def sifted(chunk: Iterable[Row | Refusal], report: Report, notebook: Notebook) -> Iterator[ComplaintRecord]:
    """The records that can be taken in; what is refused or was mended is written down on the way."""
    for one in chunk:
        held = checked(one, notebook)
        if isinstance(held, Refusal):
            report.refused(held)
        else:
            if held.remarks:
                report.mended(held)
            yield held.record


def checked(row: Row | Refusal, notebook: Notebook) -> Row | Refusal:
    """What reads well and cannot be taken in all the same, for its number."""
    if isinstance(row, Refusal):
        return row
    number = row.record.external_id
    if len(number) > LONGEST_NUMBER:
        reason = f"the number of the complaint is longer than {LONGEST_NUMBER} characters"
        return Refusal(row.line_number, reason, number)
    if first := notebook.first_line(number, row.line_number):
        return Refusal(row.line_number, f"the same complaint stands in line {first} already", number)
    return row


class Shelf:
    """Categories by name, so that each is looked up once a file. Names differing in case only are one."""

    def __init__(self) -> None:
        self.known = {category.name.casefold(): category for category in Category.objects.all()}
        self.asked: dict[str, Category | None] = {"": None}

    def category(self, product: str) -> Category | None:
        if product not in self.asked:
            self.asked[product] = self._looked_up(product.strip()[:200])
        return self.asked[product]

    def _looked_up(self, name: str) -> Category | None:
        if name and name.casefold() not in self.known:
            self.known[name.casefold()], _ = Category.objects.get_or_create(name=name)
        return self.known.get(name.casefold())


def _take_in_once(
    batch: list[ComplaintRecord], run: ImportRun, shelf: Shelf, *, by: Actor, now: datetime
) -> None:
    """Where two imports bring the same complaint at once, the slower one looks again and finds it there."""
    try:
        _take_in(batch, run, shelf, by=by, now=now)
    except IntegrityError:
        _take_in(batch, run, shelf, by=by, now=now)


@transaction.atomic
def _take_in(batch: list[ComplaintRecord], run: ImportRun, shelf: Shelf, *, by: Actor, now: datetime) -> None:
    """The batch and the progress of the run together, so that the counts are true whenever it is killed."""
    customers = _customers(batch, now)
    past = [_past(record, run.source, shelf, customers) for record in batch]
    fresh = actions.record_history(past, by=by, now=now)
    records, person = {record.external_id: record for record in batch}, staff_or_none(by)
    Submission.objects.bulk_create(
        _submission(complaint, records[complaint.external_id], person) for complaint in fresh
    )
    run.taken += len(fresh)
    run.known += len(batch) - len(fresh)
    ours = ImportRun.objects.filter(pk=run.pk, attempt=run.attempt, state=ImportState.RUNNING)
    if not ours.update(**_progress(run)):
        raise Overtaken


def _progress(run: ImportRun) -> dict[str, Any]:
    return {name: getattr(run, name) for name in PROGRESS}


def _past(
    record: ComplaintRecord, source: str, shelf: Shelf, customers: dict[str, Customer]
) -> actions.PastComplaint:
    return actions.PastComplaint(
        external_source=source,
        external_id=record.external_id,
        title=record.title,
        words=record.words,
        channel=CHANNELS[record.channel],
        received_at=record.received_at,
        closed=record.status is Standing.CLOSED,
        closed_at=record.closed_at,
        category=shelf.category(record.product),
        company=record.company,
        customer=customers.get(_address(record)),
    )


def _customers(batch: Iterable[ComplaintRecord], now: datetime) -> dict[str, Customer]:
    """Somebody only where the export names somebody we could find again."""
    people = {
        address: actions.Person(record.customer_name or address, address, record.customer_phone)
        for record in batch
        if (address := _address(record))
    }
    return actions.find_or_make_customers(people.values(), now=now) if people else {}


def _address(record: ComplaintRecord) -> str:
    address = record.customer_email.lower()
    return address if "@" in address and len(address) <= LONGEST_ADDRESS else ""


def _submission(complaint: Complaint, record: ComplaintRecord, person: User | None) -> Submission:
    return Submission(
        complaint_id=complaint.pk,
        channel=complaint.channel,
        words=record.words,
        payload=_payload(record),
        received_at=record.received_at,
        taken_by_id=person.pk if person else None,
    )


CHANNELS = {channel.value: Channel(channel.value) for channel in Channel}
ELSEWHERE = frozenset({"words", "extras", "received_at"})
KEPT = tuple(field.name for field in fields(ComplaintRecord) if field.name not in ELSEWHERE)


def _payload(record: ComplaintRecord) -> dict[str, Any]:
    """All the export says, ours and theirs; the columns nobody mapped are under `extras`."""
    ours = {name: str(value) for name in KEPT if (value := getattr(record, name))}
    return {**ours, "extras": record.extras}
