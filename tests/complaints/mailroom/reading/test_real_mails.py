"""Mails as they really came, from the shared collections; what is expected was said by others."""

import json
from pathlib import Path

import pytest

from complaints.mailroom.reading import ReadMail, read

#: The picture's name is in Windows-1258, where 0xEC and 0xCC are accents on the letter before: “d’écran … à”.
WRONGLY_EXPECTED = {"mail064.box": ["Capture d’e\u0301cran 2017-12-27 a\u0300 12.22.38.jpg"]}


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
