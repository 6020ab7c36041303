"""What the sampled records say about how this file writes its dates."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from complaints.intake.reading.dates import certain_day
from complaints.intake.reading.exceptions import AmbiguousDates
from complaints.intake.reading.layouts import Orders, Sighting, decide, sightings_of

Rows = Sequence[Sequence[str]]
_LOOKED_AT = 500
_ENOUGH = 5
_ODDS = 19


def orders_of_receipt(
    column: str, rows: Rows, fields: Mapping[str, int], *, order: str | None, latest: date | None
) -> Orders:
    """By the column itself and its named check; failing that, by any other column that says the same days plainly."""
    at, check = fields["received"], fields.get("received_check")
    sightings = sightings_of(
        (row[at], certain_day(row[check]) if check is not None else None) for row in rows
    )
    try:
        return decide(column, sightings, order=order, latest=latest)
    except AmbiguousDates:
        for witness in _witnesses(rows[:_LOOKED_AT], at, latest):
            testified = sightings_of((row[at], certain_day(row[witness])) for row in rows)
            return decide(column, testified, order=order, latest=latest)
        raise


def orders_of_closing(
    column: str,
    rows: Rows,
    fields: Mapping[str, int],
    *,
    order: str | None,
    latest: date | None,
    known: Orders,
) -> Orders:
    """The same hand wrote the date of receipt, so what was settled there is believed where this column says nothing."""
    at = fields["closed"]
    return decide(
        column, sightings_of((row[at], None) for row in rows), order=order, latest=latest, known=known
    )


def _witnesses(rows: Rows, at: int, latest: date | None) -> Iterator[int]:
    for column in range(len(rows[0]) if rows else 0):
        if column != at and _testifies(rows, at, column, latest):
            yield column


def _testifies(rows: Rows, at: int, column: int, latest: date | None) -> bool:
    """Whether the column has a plain date which nearly always is one of the readings of the doubtful one."""
    agreed = denied = 0
    for row in rows:
        day = certain_day(row[column]) if any(map(str.isdigit, row[column][:30])) else None
        if day is not None:
            for sighting in sightings_of([(row[at], day)]):
                agrees = _doubtful(sighting, latest) and day in sighting.readings(latest).values()
                agreed += agrees
                denied += not agrees and _doubtful(sighting, latest)
    return agreed >= _ENOUGH and denied * _ODDS <= agreed


def _doubtful(sighting: Sighting, latest: date | None) -> bool:
    return len(set(sighting.readings(latest).values())) > 1
