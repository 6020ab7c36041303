import csv
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from complaints.intake.reading import Export, Refusal, Row, Standing, open_export
from complaints.intake.reading.dates import certain_day

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def folder(shared_data: Path) -> Path:
    return shared_data / "complaints"


def taken(export: Export) -> tuple[list[Row], list[Refusal]]:
    items = list(export)
    return [item for item in items if isinstance(item, Row)], [
        item for item in items if isinstance(item, Refusal)
    ]


def truth(path: Path, *, skip: int = 0) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(islice(file, skip, None)))


def test_the_download_with_unzips_chatter_on_top(folder: Path) -> None:
    path = folder / "cfpb_2015_2020_sample_asdownloaded.csv"
    export = open_export(path, now=NOW)
    rows, refused = taken(export)
    assert (len(rows), refused, [junk.line_number for junk in export.junk]) == (6623, [], [1, 2])
    for row, source in zip(rows, truth(path, skip=2), strict=True):
        record = row.record
        assert record.external_id == source["Complaint ID"]
        assert record.words == source["Consumer complaint narrative"]
        assert record.postcode == source["ZIP code"]
        assert record.received_at.date().isoformat() == source["Date received"]
        assert (record.status is Standing.CLOSED) == source["Company response to consumer"].startswith(
            "Closed"
        )
        assert record.title


def test_the_older_layout_whose_last_line_is_cut(folder: Path) -> None:
    path = folder / "cfpb_2014q4_no_narrative.csv"
    rows, refused = taken(open_export(path, now=NOW))
    assert len(rows) == 8339
    assert [(one.line_number, one.reason) for one in refused] == [
        (8341, "too few fields: 13 where the header has 14")
    ]
    for row, source in zip(rows, truth(path), strict=False):
        month, day, year = map(int, source["Date received"].split("/"))
        assert row.record.received_at == datetime(year, month, day, tzinfo=UTC)


def test_the_disputes(folder: Path) -> None:
    rows, refused = taken(open_export(folder / "cfpb_2011_2018_disputes.csv", now=NOW))
    assert (len(rows), refused) == (802, [])
    assert sum(row.record.extras.get("Consumer disputed?") == "Yes" for row in rows) == 157


@pytest.mark.parametrize("now", [None, NOW])
def test_two_layouts_in_one_date_column(folder: Path, now: datetime | None) -> None:
    path = folder / "fcc_comcast_2015.csv"
    rows, refused = taken(open_export(path, zone=NEW_YORK, now=now))
    assert (len(rows), refused) == (2224, [])
    for row, source in zip(rows, truth(path), strict=True):
        assert row.record.received_at.date() == certain_day(source["Date_month_year"])
        assert row.record.received_at.strftime("%I:%M:%S %p").lstrip("0") == source["Time"]


@pytest.mark.parametrize("kept", ["another name", None])
def test_the_two_layouts_are_told_apart_without_the_check_column_too(
    folder: Path, tmp_path: Path, kept: str | None
) -> None:
    path = folder / "fcc_comcast_2015.csv"
    sources = truth(path)
    other = tmp_path / "other.csv"
    with other.open("w", newline="", encoding="utf-8") as file:
        named = {name: kept if name == "Date_month_year" else name for name in sources[0]}
        writer = csv.writer(file)
        writer.writerow([name for name in named.values() if name])
        writer.writerows([[source[name] for name, new in named.items() if new] for source in sources])
    rows, _ = taken(open_export(other))
    days = [row.record.received_at.date() for row in rows]
    assert days == [certain_day(source["Date_month_year"]) for source in sources]


@pytest.mark.parametrize("size", [100_000, 500_000, 1_234_567])
def test_a_download_that_broke_off_loses_at_most_its_last_record(
    folder: Path, tmp_path: Path, size: int
) -> None:
    whole = folder / "cfpb_2015_2020_sample_asdownloaded.csv"
    broken = tmp_path / "broken.csv"
    broken.write_bytes(whole.read_bytes()[:size])
    rows, refused = taken(open_export(broken))
    expected, _ = taken(open_export(whole))
    assert [row.record for row in rows] == [row.record for row in expected[: len(rows)]]
    assert [one.line_number for one in refused] == [expected[len(rows)].line_number]
