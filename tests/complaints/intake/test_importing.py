"""Real exports into the register."""

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from complaints.intake import actions
from complaints.intake.actions import importing
from complaints.intake.exceptions import UnknownMapping
from complaints.intake.models import ImportRun, Submission
from complaints.intake.reading import open_export
from complaints.mailroom.models import OutgoingMail
from complaints.resolution.models import (
    Category,
    Complaint,
    Customer,
    Deadline,
    EntryKind,
    MessageKind,
    State,
)
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HEADER = "Date received,Product,Issue,Consumer complaint narrative,Company,Company response to consumer,Complaint ID\n"
ROWS = [
    '2020-03-18,Mortgage,Fees,"Line one,\nline two",First Bank,Closed with explanation,101\n',
    "2020-03-19,mortgage,Late fee,,Second Bank,In progress,102\n",
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "complaints.csv"
    path.write_text("Archive: x\n" + HEADER + "".join(ROWS))
    return path


def run(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("import_complaints", path, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_an_export_becomes_complaints_marked_as_history(export: Path) -> None:
    told = run(export)

    assert "2 new complaints, 0 already there, 0 refused, 1 lines above the header" in told
    closed, unfinished = Complaint.objects.order_by("external_id")
    assert (closed.state, unfinished.state) == (State.CLOSED, State.RECEIVED)
    assert (closed.imported, closed.external_source, closed.external_id) == (True, "cfpb", "101")
    assert closed.messages.get(kind=MessageKind.COMPLAINT).body == "Line one,\nline two"
    assert closed.entries.get().kind == EntryKind.IMPORTED
    assert closed.history.get().history_change_reason == "Imported"
    assert Category.objects.get().name == "Mortgage"
    assert Submission.objects.get(complaint=closed).payload["status_wording"] == "Closed with explanation"


def test_imported_history_runs_no_clock_and_sends_no_letter(export: Path) -> None:
    run(export)
    call_command("sweep", stdout=StringIO())
    assert not Deadline.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_second_run_adds_none_and_a_killed_one_goes_on(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 1)
    deed = importing._take_in

    def killed(batch: Any, *args: Any, **kwargs: Any) -> None:
        if batch[0].external_id == "102":
            raise KeyboardInterrupt
        deed(batch, *args, **kwargs)

    monkeypatch.setattr(importing, "_take_in", killed)
    with pytest.raises(KeyboardInterrupt):
        run(export)
    assert Complaint.objects.count() == 1
    assert ImportRun.objects.get().finished_at is None

    monkeypatch.setattr(importing, "_take_in", deed)
    assert "1 new complaints, 1 already there" in run(export)
    assert "0 new complaints, 2 already there" in run(export)


def test_the_same_number_twice_in_one_file_is_one_complaint_and_the_second_is_reported(
    tmp_path: Path,
) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(HEADER + ROWS[0] + ROWS[0] + ROWS[1])
    told = run(path)
    assert "2 new complaints, 0 already there, 1 refused" in told
    assert "line 4: the same complaint stands in line 2 already" in told


def test_a_refused_line_is_reported_with_number_and_reason(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    path.write_text(HEADER + "".join(ROWS) + "2020-03-20,=cmd(),Fees\n")
    told = run(path)
    assert "1 refused" in told
    assert "line 5: " in told
    with (tmp_path / "cut.csv.refused.csv").open(newline="") as refused:
        _, (number, fate, reason, text) = list(csv.reader(refused))
    assert (number, fate) == ("5", "refused")
    assert "too few" in reason
    assert text


def test_dates_that_may_be_read_two_ways_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text(HEADER + "03/04/2015,Mortgage,Fees,,First Bank,Closed,1\n")
    with pytest.raises(CommandError, match="--dates dmy or --dates mdy"):
        run(path)
    run(path, dates="dmy")
    assert (
        Complaint.objects.get().received_at.astimezone(ZoneInfo("Europe/London")).date().isoformat()
        == "2015-04-03"
    )


def test_an_unknown_layout_names_its_columns_and_a_saved_mapping_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text("Nr;Eingang;Betreff;Mail\n7;2020-01-31;Zu laut;ada@example.com\n")
    with pytest.raises(CommandError, match="Eingang"):
        run(path)

    columns = {"external_id": "Nr", "received": "Eingang", "title": "Betreff", "customer_email": "Mail"}
    actions.save_mapping(name="ours", columns=columns, by=factories.manager_user(), now=NOW)
    run(path, profile="ours")
    complaint = Complaint.objects.get()
    assert (complaint.title, complaint.external_source) == ("Zu laut", "ours")
    assert complaint.customer == Customer.objects.get(email="ada@example.com")
    with pytest.raises(UnknownMapping):
        actions.profile_called("theirs")


def test_references_are_given_by_year_of_receipt(export: Path) -> None:
    run(export)
    assert all(
        reference.startswith("C20-") for reference in Complaint.objects.values_list("reference", flat=True)
    )


@pytest.mark.parametrize(
    ("name", "complaints", "refused", "junk"),
    [
        ("cfpb_2015_2020_sample_asdownloaded.csv", 6623, 0, 2),
        ("cfpb_2014q4_no_narrative.csv", 8339, 1, 0),
        ("fcc_comcast_2015.csv", 2224, 0, 0),
    ],
)
def test_real_exports_come_in_whole_and_once(
    shared_data: Path, tmp_path: Path, name: str, complaints: int, refused: int, junk: int
) -> None:
    report = tmp_path / "refused.csv"
    told = run(shared_data / "complaints" / name, refused=report)
    assert f"{complaints:,} new complaints, 0 already there, {refused} refused, {junk} lines above" in told
    again = run(shared_data / "complaints" / name, refused=report)
    assert f"0 new complaints, {complaints:,} already there" in again
    assert Complaint.objects.count() == complaints


def test_every_date_of_a_mixed_export_is_the_day_it_names(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "complaints" / "fcc_comcast_2015.csv"
    run(path, refused=tmp_path / "refused.csv")
    zone = ZoneInfo("Europe/London")
    received = {
        complaint.external_id: complaint.received_at.astimezone(zone).strftime("%d-%b-%y").lstrip("0")
        for complaint in Complaint.objects.only("external_id", "received_at")
    }
    with path.open(newline="", encoding="utf-8-sig") as rows:
        named = {row["Ticket"]: row["Date_month_year"].lstrip("0") for row in csv.DictReader(rows)}
    assert received == named


def test_a_batch_is_written_by_whoever_imports(export: Path) -> None:
    person = factories.manager_user()
    with open_export(export) as opened:
        actions.import_complaints(opened, file_name="x.csv", by=person, now=NOW)
    assert {entry.actor for complaint in Complaint.objects.all() for entry in complaint.entries.all()} == {
        person
    }


def test_what_was_mended_is_counted_by_kind_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "mended.csv"
    rows = [f"2020-03-18,Mortgage,Fees,,B\xf6hm {n}é,Closed,{n}\n".encode("cp1252") for n in range(3)]
    path.write_bytes((HEADER + ROWS[0] + ROWS[1].replace("102", "Ł")).encode() + b"".join(rows))
    told = run(path)
    assert "3 times: bytes that are not UTF-8 were read as Windows-1252" in told
    assert Complaint.objects.filter(company__startswith="Böhm").count() == 3
    with (tmp_path / "mended.csv.refused.csv").open(newline="") as report:
        mended = [row for row in csv.reader(report) if row[1] == "mended"]
    assert [row[3] for row in mended] == ["0", "1", "2"]


def test_the_encoding_can_be_told(tmp_path: Path) -> None:
    path = tmp_path / "polish.csv"
    path.write_bytes((HEADER + ROWS[0].replace("First Bank", "Łódź")).encode("cp1250"))
    run(path, encoding="cp1250")
    assert Complaint.objects.get().company == "Łódź"
    with pytest.raises(CommandError):
        call_command("import_complaints", str(path), "--encoding", "klingon")


def test_a_number_too_long_to_keep_is_refused_and_not_cut(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(HEADER + ROWS[0] + ROWS[1].replace("102", "9" * 81))
    assert "1 new complaints, 0 already there, 1 refused" in run(path)


def test_a_moment_of_a_zone_ahead_of_ours_does_not_stop_the_import(tmp_path: Path) -> None:
    path = tmp_path / "ahead.csv"
    path.write_text(HEADER + (timezone.now() + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M") + ROWS[0][10:])
    assert "1 new complaints" in run(path)
    complaint = Complaint.objects.get()
    assert complaint.registered_at == complaint.received_at


def test_customers_are_found_by_their_address_or_made_once_a_batch(
    tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    known = factories.CustomerFactory(email="ada@example.com", name="Ada", phone="1")
    columns = {"external_id": "Nr", "received": "Eingang", "customer_email": "Mail", "customer_name": "Name"}
    actions.save_mapping(name="ours", columns=columns, by=factories.manager_user(), now=NOW)
    path = tmp_path / "ours.csv"
    rows = ["1;2020-01-31;ADA@Example.com;Somebody else", "2;2020-01-31;not an address;Nobody"]
    rows += [f"{n};2020-01-31;c{n % 50}@example.com;Name {n}" for n in range(3, 203)]
    path.write_text("Nr;Eingang;Mail;Name\n" + "\n".join(rows) + "\n")
    with django_assert_max_num_queries(60):
        run(path, profile="ours")
    assert Customer.objects.count() == 51
    assert Complaint.objects.get(external_id="1").customer == known
    assert Customer.objects.get(email="ada@example.com").name == "Ada"
    assert Complaint.objects.get(external_id="2").customer is None
    assert {customer.history.count() for customer in Customer.objects.all()} == {1}
