"""The pages that take complaints in from a file: upload, preview, import, report."""

import csv
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from complaints.intake import actions, tasks, uploads
from complaints.intake.models import ImportRun, ImportState, SavedMapping
from complaints.resolution.models import Complaint
from tests.complaints.desk.pages import everything, no_logins
from tests.factories import handler_user, manager_user

pytestmark = pytest.mark.django_db
LIST = "/desk/intake/importrun/"
HEADER = "Date received,Product,Issue,Consumer complaint narrative,Company,Company response to consumer,Complaint ID\n"
GOOD = '2020-03-18,Mortgage,Fees,"Line one,\nline two",First Bank,Closed with explanation,101\n'
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def importer() -> User:
    person = manager_user()
    person.user_permissions.add(Permission.objects.get(codename="import_complaint"))
    return person


@pytest.fixture
def desk(importer: User) -> Client:
    return logged_in(importer)


@pytest.fixture(autouse=True)
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    heard: list[int] = []

    def hear(pk: int) -> bool:
        heard.append(pk)
        return True

    monkeypatch.setattr(tasks, "ring", hear)
    return heard


def logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def upload(client: Client, content: str | bytes, name: str = "complaints.csv") -> str:
    file = BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    answer = client.post(LIST, {"file": file})
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def tell(client: Client, address: str, do: str, **told: Any) -> Any:
    return client.post(address, {"do": do, **told})


def started(client: Client, address: str) -> ImportRun:
    answer = tell(client, address, "start")
    assert answer.status_code == 303, answer.content.decode()
    return ImportRun.objects.get(pk=int(answer["Location"].rstrip("/").split("/")[-2]))


def carried_out(run: ImportRun) -> ImportRun:
    done = actions.carry_out(run.pk, clock=timezone.now)
    assert done is not None
    return done


def test_a_file_is_chosen_looked_at_and_read(desk: Client, importer: User, rung: list[int]) -> None:
    address = upload(desk, "Archive: x\n" + HEADER + GOOD + "2020-03-20,cut\n")
    page = seen(desk, address)
    assert "found in line 2" in page
    assert "18 Mar 2020, 00:00" in page
    assert "Archive: x" in page
    assert "too few fields" in page
    assert not Complaint.objects.exists()

    run = started(desk, address)
    assert rung == [run.pk]
    assert (run.source, run.started_by, run.state) == ("cfpb", importer, ImportState.WAITING)
    assert 'http-equiv="refresh"' in seen(desk, reverse("admin:intake_importrun_change", args=[run.pk]))

    done = carried_out(run)
    assert (done.state, done.taken, done.refused, done.junk) == (ImportState.FINISHED, 1, 1, 1)
    page = seen(desk, reverse("admin:intake_importrun_change", args=[run.pk]))
    assert 'http-equiv="refresh"' not in page
    assert "too few fields" in page
    assert Complaint.objects.get().entries.get().actor == importer
    assert not uploads.path_of(run.file_key).exists(), "what was read is kept no longer than it is needed"


def test_a_number_that_comes_twice_is_foretold_as_refused(desk: Client) -> None:
    address = upload(desk, HEADER + GOOD + GOOD)
    preview = desk.get(address).context["preview"]
    assert (len(preview.rows), preview.looked_at) == (1, 2)
    assert [refusal.reason for refusal in preview.refusals] == ["the same complaint stands in line 2 already"]


def test_looking_changes_nothing(desk: Client) -> None:
    address = upload(desk, HEADER + GOOD)
    run = carried_out(started(desk, upload(desk, HEADER + GOOD)))
    before = no_logins(everything())
    for page in (LIST, address, reverse("admin:intake_importrun_change", args=[run.pk])):
        seen(desk, page)
    assert no_logins(everything()) == before
    assert desk.get(reverse("admin:intake_importrun_again", args=[run.pk])).status_code == 405


def test_sec_25_only_who_may_import_opens_the_pages(desk: Client) -> None:
    address = upload(desk, HEADER + GOOD)
    run = started(desk, upload(desk, HEADER + GOOD))
    handler = logged_in(handler_user())
    for page in (LIST, address, f"{LIST}{run.pk}/change/", f"{LIST}{run.pk}/report/"):
        assert handler.get(page).status_code == 403, page
    for page in (LIST, address, f"{LIST}{run.pk}/again/"):
        assert handler.post(page, {"do": "start"}).status_code == 403, page


def test_sec_25_an_upload_belongs_to_one_person_and_one_session(desk: Client, importer: User) -> None:
    address = upload(desk, HEADER + GOOD)
    other = manager_user()
    other.user_permissions.add(Permission.objects.get(codename="import_complaint"))
    for stranger in (logged_in(other), logged_in(importer)):
        assert stranger.get(address).status_code == 404
        assert tell(stranger, address, "start").status_code == 404
        assert tell(stranger, address, "discard").status_code == 404
    assert not ImportRun.objects.exists()

    session = desk.session
    drafts = session["import_drafts"]
    drafts[address.rstrip("/").split("/")[-1]]["owner"] = other.pk
    session["import_drafts"] = drafts
    session.save()
    assert desk.get(address).status_code == 404, "the session alone does not open it either"


@pytest.mark.parametrize("key", ["nothing", "a" * 32, "..%2f..%2fsettings"])
def test_sec_25_a_key_nobody_was_given_opens_nothing(desk: Client, key: str) -> None:
    assert desk.get(f"{LIST}file/{key}/", follow=True).status_code == 404


def test_sec_06_script_in_headers_and_cells_is_only_text(desk: Client) -> None:
    header = HEADER.replace("Company,", f"Company,{SCRIPT},")
    row = GOOD.replace("First Bank,", f"{SCRIPT},{SCRIPT},").replace("Fees", SCRIPT)
    address = upload(desk, f"{SCRIPT}\n{header}{row}{SCRIPT},cut\n", name=f"{SCRIPT}.csv")
    page = seen(desk, address)
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page

    run = carried_out(started(desk, address))
    for page in (seen(desk, LIST), seen(desk, f"{LIST}{run.pk}/change/")):
        assert SCRIPT not in page
        assert "script&gt;" in page


def test_sec_06_script_in_an_unknown_header_and_in_dates_is_only_text(desk: Client) -> None:
    page = seen(desk, upload(desk, f"{SCRIPT};Eingang\nx;2020-01-31\ny;2020-02-28\n"))
    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


def test_sec_06_no_more_than_200_characters_of_a_line_are_shown(desk: Client) -> None:
    long = "x" * 5000
    address = upload(desk, f"{long}\n{HEADER}{GOOD.replace('Fees', long)}2020-03-20,{long}\n")
    run_page = f"{LIST}{carried_out(started(desk, address)).pk}/change/"
    assert "x" * 201 not in seen(desk, run_page)
    again = upload(desk, f"{long}\n{HEADER}{GOOD.replace('Fees', long)}2020-03-20,{long}\n")
    assert "x" * 201 not in seen(desk, again)
    unknown = upload(desk, f"{long};Eingang\n1;2020-01-31\n2;2020-02-28\n")
    assert "x" * 201 not in seen(desk, unknown)


def test_dates_that_may_be_read_two_ways_are_asked_for(desk: Client) -> None:
    address = upload(desk, HEADER + GOOD.replace("2020-03-18", "03/04/2015"))
    page = seen(desk, address)
    assert "3 April 2015" in page
    assert "4 March 2015" in page
    assert tell(desk, address, "start").status_code == 422
    assert tell(desk, address, "read", dates="dmy", profile="", encoding="").status_code == 303
    assert "3 Apr 2015" in seen(desk, address)
    carried_out(started(desk, address))
    assert Complaint.objects.get().received_at.date().isoformat() == "2015-04-02"  # 3 April, one hour ahead


def test_an_unknown_header_is_mapped_by_hand_and_remembered(desk: Client) -> None:
    content = "Nr;Eingang;Betreff;Mail\n7;2020-01-31;Zu laut;ada@example.com\n"
    address = upload(desk, content, name="ours.csv")
    page = desk.get(address)
    assert "r-errors" not in page.content.decode(), "a file nobody has seen before is no mistake"
    form = page.context["columns"]
    assert form.initial["received"] == "1", "Eingang is suggested as the date received"
    assert tell(desk, address, "columns", name="ours", received="").status_code == 422
    assert tell(desk, address, "columns", name="cfpb", received="1").status_code == 422
    told = {
        "name": "ours",
        "keep": "on",
        "external_id": "0",
        "received": "1",
        "title": "2",
        "customer_email": "3",
    }
    assert tell(desk, address, "columns", **told).status_code == 303
    assert "Zu laut" in seen(desk, address)
    carried_out(started(desk, address))
    complaint = Complaint.objects.get()
    assert complaint.external_source == "ours"
    assert complaint.customer is not None
    assert complaint.customer.email == "ada@example.com"

    assert SavedMapping.objects.get().columns["title"] == "Betreff"
    second = upload(desk, content.replace("7;", "8;"))
    assert tell(desk, second, "read", profile="ours", dates="", encoding="").status_code == 303
    carried_out(started(desk, second))
    assert Complaint.objects.count() == 2


def test_an_encoding_can_be_told(desk: Client) -> None:
    # Both readings are text: only a person knows which is meant.
    address = upload(desk, (HEADER + GOOD.replace("First Bank", "Böhm")).encode("cp1250"))
    assert tell(desk, address, "read", profile="", dates="", encoding="mac-roman").status_code == 303
    assert "Böhm" not in seen(desk, address)
    tell(desk, address, "read", profile="", dates="", encoding="cp1250")
    assert "Böhm" in seen(desk, address)
    assert carried_out(started(desk, address)).encoding == "cp1250"
    assert Complaint.objects.get().company == "Böhm"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + b"\0" * 400, b"\x00\x01\x02\x03" * 100, b"only one line without a table"]
)
def test_a_file_that_is_no_table_is_refused_in_words(desk: Client, content: bytes) -> None:
    address = upload(desk, content)
    answer = desk.get(address)
    assert answer.context["preview"].problem
    assert tell(desk, address, "start").status_code == 422
    assert not ImportRun.objects.exists()
    assert tell(desk, address, "discard").status_code == 303
    assert desk.get(address).status_code == 404


def test_nothing_and_too_much_are_refused(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Choose a file." in desk.post(LIST, {}).content.decode()
    monkeypatch.setattr("complaints.desk.forms.importing.LARGEST", 10)
    file = BytesIO(b"x" * 11)
    file.name = "x.csv"
    answer = desk.post(LIST, {"file": file})
    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()


def test_the_last_few_uploads_of_a_session_are_kept_and_no_more(desk: Client, media: Path) -> None:
    addresses = [upload(desk, HEADER + GOOD) for _ in range(7)]
    assert len(list((media / "imports").iterdir())) == 5
    assert desk.get(addresses[1]).status_code == 404
    assert desk.get(addresses[2]).status_code == 200


def test_a_broker_that_is_down_is_told_with_the_way_round_it(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "ring", lambda _: False)
    answer = desk.post(upload(desk, HEADER + GOOD), {"do": "start"}, follow=True)
    run = ImportRun.objects.get()
    assert f"./run manage import_complaints --run {run.pk}" in answer.content.decode()
    assert run.state == ImportState.WAITING


def test_a_run_whose_reader_was_killed_is_started_again_and_doubles_nothing(
    desk: Client, rung: list[int]
) -> None:
    run = started(desk, upload(desk, HEADER + GOOD))
    ImportRun.objects.filter(pk=run.pk, state="waiting").update(state="running", attempt=1, taken=1)
    again = reverse("admin:intake_importrun_again", args=[run.pk])
    desk.post(again)
    assert rung == [run.pk], "somebody reads it still"

    ImportRun.objects.filter(pk=run.pk).update(seen_at=timezone.now() - timedelta(minutes=5))
    assert "gave no sign of life" in seen(desk, f"{LIST}{run.pk}/change/")
    desk.post(again)
    assert rung == [run.pk, run.pk]
    done = carried_out(run)
    assert (done.state, done.taken, done.earlier, done.attempt) == (ImportState.FINISHED, 1, 1, 2)
    desk.post(again)
    assert len(rung) == 2, "what is finished is not begun again"


def test_sec_07_the_report_is_downloaded_and_holds_no_formula(desk: Client) -> None:
    bad = "\n".join(f"{sign}cmd(),cut" for sign in ("=", "+", "-", "@", "＝", "\t="))
    run = carried_out(started(desk, upload(desk, HEADER + GOOD + bad + "\n")))
    answer = desk.get(reverse("admin:intake_importrun_report", args=[run.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    text = answer.getvalue().decode("utf-8-sig")
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert len(cells) > 20
    assert not [cell for cell in cells if re.match(r"\s*[=+\-@＝]", cell)]


def test_the_menu_leads_to_it_for_those_who_may(desk: Client) -> None:
    assert LIST in seen(desk, "/desk/")
    assert LIST not in seen(logged_in(handler_user()), "/desk/")


def test_the_list_takes_as_many_queries_for_many_runs_as_for_one(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        key = uploads.keep([b"x"])
        choices = actions.Choices(profile="cfpb")
        actions.plan_import(
            file_key=key,
            file_name=f"{number}.csv",
            choices=choices,
            by=manager_importer(number),
            now=timezone.now(),
        )
    seen(desk, LIST)
    with django_assert_max_num_queries(12):
        seen(desk, LIST)


def manager_importer(number: int) -> User:
    person = manager_user(username=f"importer{number}")
    person.user_permissions.add(Permission.objects.get(codename="import_complaint"))
    return person
