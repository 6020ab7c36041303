"""Mails as they really came, from the shared collections; what is expected was said by others."""

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest

from complaints.mailroom.reading import Kind, ReadMail, read
from complaints.mailroom.reading.quoting import newly_written

#: The picture's name is in Windows-1258, where 0xEC and 0xCC are accents on the letter before: “d’écran … à”.
WRONGLY_EXPECTED = {"mail064.box": ["Capture d’e\u0301cran 2017-12-27 a\u0300 12.22.38.jpg"]}
EXACT_AT_LEAST, TRIMMED_CASES = 14, 26
FOUND_AT_LEAST, BOUNCES = 193, 195


@pytest.fixture(scope="session")
def mails(shared_data: Path) -> Path:
    return shared_data / "mail"


def read_file(path: Path) -> ReadMail:
    return read(path.read_bytes())


def test_every_mail_of_every_folder_is_read(mails: Path) -> None:
    files = [file for kind in ("*.box", "*.eml") for file in sorted(mails.rglob(kind))]
    assert len(files) > 250
    for file in files:
        mail = read_file(file)
        assert mail.sender or mail.subject or mail.text or mail.attachments, file.name


def test_helpdesk_mails_say_who_wrote_them_about_what_and_which_files_they_bring(mails: Path) -> None:
    folder = mails / "helpdesk_mails"
    expected = json.loads((folder / "expected.json").read_text())
    assert len(expected) >= 36
    for name, facts in expected.items():
        mail = read_file(folder / name)
        attached = [one["filename"] for one in facts["attachments"] if not one["is_alternative_of_body"]]
        assert mail.sender is not None
        assert (mail.sender.address, mail.sender.name, mail.subject) == (
            facts["from_email"],
            facts["from_display_name"],
            facts["subject"],
        ), name
        assert [one.name for one in mail.attachments] == WRONGLY_EXPECTED.get(name, attached), name


def test_the_binary_files_of_helpdesk_mails_are_what_was_sent(mails: Path) -> None:
    folder = mails / "helpdesk_mails"
    for name, facts in json.loads((folder / "expected.json").read_text()).items():
        sizes = [len(one.content) for one in read_file(folder / name).attachments]
        expected = [one.get("bytes") for one in facts["attachments"] if not one["is_alternative_of_body"]]
        assert all(told in (None, size) for told, size in zip(expected, sizes, strict=True)), name


def test_trimming_loses_no_line_anybody_newly_wrote_and_mostly_leaves_nothing_else(mails: Path) -> None:
    exact = 0
    cases = sorted((mails / "reply_trimming" / "emails").iterdir())
    assert len(cases) >= TRIMMED_CASES
    for case in cases:
        expected = (mails / "reply_trimming" / "trimmed" / case.name).read_text().strip()
        trimmed = newly_written(case.read_text()).strip()
        assert [line for line in expected.splitlines() if line.strip() not in trimmed] == [], case.name
        exact += trimmed == expected
    print(f"{exact} of {len(cases)} exactly")  # noqa: T201
    assert exact >= EXACT_AT_LEAST


def test_bounces_are_told_from_letters(mails: Path) -> None:
    reasons: dict[str, set[str]] = defaultdict(set)
    with (mails / "bounces" / "expected.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            reasons[row["file"]].add(row["reason"])
    kinds = {name: read_file(mails / "bounces" / name).kind for name in reasons}
    ordinary = {name for name, reason in reasons.items() if reason == {"not a bounce"}}
    assert {kinds[name] for name in ordinary} == {Kind.ORDINARY}
    found = [name for name in reasons.keys() - ordinary if kinds[name] not in {Kind.ORDINARY, Kind.LIST}]
    print(f"{len(found)} of {len(reasons) - len(ordinary)} found")  # noqa: T201
    assert len(reasons) - len(ordinary) >= BOUNCES
    assert len(found) >= FOUND_AT_LEAST


def test_bounces_name_who_did_not_get_the_letter_and_why(mails: Path) -> None:
    with (mails / "bounces" / "expected.csv").open(newline="") as file:
        hard = {row["file"] for row in csv.DictReader(file) if row["hard_bounce"] == "true"}
    bounces = {name: bounce for name in hard if (bounce := read_file(mails / "bounces" / name).bounce)}
    named = [name for name, bounce in bounces.items() if any("@" in one.address for one in bounce.recipients)]
    assert len(named) >= 0.95 * len(hard)
    assert len([name for name in named if bounces[name].permanent]) >= 0.9 * len(hard)


def test_ordinary_mail_is_not_taken_for_a_machine(mails: Path) -> None:
    machines = {Kind.AUTO_REPLY, Kind.BOUNCE, Kind.DELAYED, Kind.DELIVERED, Kind.ABUSE_REPORT}
    reports = {"Undelivered Mail Returned to Sender"}
    for file in sorted((mails / "helpdesk_mails").glob("*.box")):
        mail = read_file(file)
        assert mail.subject in reports or mail.kind not in machines, (file.name, mail.reasons)
