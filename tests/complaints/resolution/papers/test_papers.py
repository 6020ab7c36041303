"""Letters and reports on paper: accessible, the same bytes for the same data, and words that are only ever printed."""

import hashlib
import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from socket import create_server
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from complaints.resolution import actions
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint, ContactChannel, Message, MessageKind
from complaints.resolution.papers import PaperKind, as_pictures, canonical, data_of, letter_data, typeset
from complaints.resolution.papers.blocks import blocks_of
from complaints.resolution.papers.printable import only_printable, surely_printable
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
GREEK, CYRILLIC, LATIN = "Ελληνικά: παράπονο", "Жалоба на їжак", "Żółć, Řeřicha, Straße, Ñandú"
LANGUAGES = f"{GREEK}. {CYRILLIC}. {LATIN}."


def letter(body: str, *, subject: str = "Your complaint", **details: Any) -> Message:
    customer = factories.CustomerFactory(
        preferred_channel=ContactChannel.LETTER, address="1 Example Street\nBristol", **details
    )
    complaint = factories.investigating(customer=customer)
    assert complaint.handler is not None
    return actions.send_letter(
        complaint,
        kind=MessageKind.UPDATE,
        letter=Letter(subject, body),
        by=complaint.handler,
        now=NOW,
    )


def on_paper(message: Message) -> bytes:
    return typeset("letter", letter_data(message), at=message.at)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(pdf).pages)


def fonts(pdf: bytes) -> Iterator[DictionaryObject]:
    for page in read(pdf).pages:
        for font in page["/Resources"].get("/Font", {}).values():  # type: ignore[attr-defined]
            for descendant in font.get_object()["/DescendantFonts"]:
                yield descendant.get_object()["/FontDescriptor"]


def assert_accessible(pdf: bytes, *, title: str, language: str) -> None:
    reader = read(pdf)
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == title
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    embedded = list(fonts(pdf))
    assert embedded
    assert all("/FontFile3" in font or "/FontFile2" in font for font in embedded)


def test_a_letter_is_an_accessible_pdf_with_its_fonts_inside() -> None:
    message = letter(f"Dear Ann,\n\n{LANGUAGES}\n\n- One\n- Two\n\nKind regards\nBen")
    pdf = on_paper(message)
    assert_accessible(pdf, title="Your complaint", language="en-GB")
    text = text_of(pdf)
    for words in (
        GREEK,
        CYRILLIC,
        LATIN,
        "1 Example Street",
        "Bristol",
        "EX1 2MP",
        "Northgate Travel",
        "Page 1 of 1",
    ):
        assert words in text


def test_the_same_letter_gives_the_same_bytes_and_another_word_gives_others() -> None:
    message = letter("Dear Ann,\n\nno news.")
    once, again = on_paper(message), on_paper(Message.objects.get(pk=message.pk))
    assert hashlib.sha256(once).hexdigest() == hashlib.sha256(again).hexdigest()
    message.body += "!"
    assert on_paper(message) != once


def test_a_letter_says_its_language() -> None:
    message = letter("Guten Tag")
    message.template = "update de 1"
    pdf = on_paper(message)
    assert_accessible(pdf, title="Your complaint", language="de")
    assert "Seite 1 von 1" in text_of(pdf)


@pytest.mark.parametrize("kind", PaperKind)
def test_a_report_is_accessible_and_the_same_for_an_unchanged_file(kind: PaperKind) -> None:
    complaint = factories.closed()
    data = data_of(kind, complaint)
    pdf = typeset("report", data, at=NOW)
    assert_accessible(pdf, title=f"{kind.label}: {complaint.reference}", language="en-GB")
    assert typeset("report", data_of(kind, Complaint.objects.get(pk=complaint.pk)), at=NOW) == pdf
    assert "Charged twice for the same booking" in text_of(pdf)
    assert "£100.00" in text_of(pdf)


def test_the_incident_report_tells_what_happened_and_what_the_summary_does_not() -> None:
    complaint = factories.closed()
    report = canonical(data_of(PaperKind.INCIDENT_REPORT, complaint))
    summary = canonical(data_of(PaperKind.SUMMARY, complaint))
    for inside in ("Course of events", "Root cause", "Deadlines", "Problem, cause, solution"):
        assert inside in report
        assert inside not in summary
    assert complaint.finding.what_happened in report
    assert complaint.finding.explanation in summary


def test_a_note_changes_no_report_and_a_move_does() -> None:
    handler = factories.handler_user()
    complaint = factories.answered(by=handler)
    before = data_of(PaperKind.INCIDENT_REPORT, complaint)
    actions.note(complaint, text="Lunch.", by=handler, now=NOW + timedelta(days=9))
    assert data_of(PaperKind.INCIDENT_REPORT, complaint) == before
    complaint = actions.reopen(complaint, reason="More.", by=handler, now=NOW + timedelta(days=9))
    assert data_of(PaperKind.INCIDENT_REPORT, complaint) != before


HOSTILE = """<img src=http://127.0.0.1:{port}/a.png> <span color="red">x</span> #import "@preview/x:0.1.0": *
#image("/etc/passwd") #read("/etc/hostname") #include "../../../config/settings.py" file:///etc/hostname
#let x = 1; $ x^2 $ *bold* _it_ `code` = Heading @ref <label> \\u{{41}} // comment /* */ [ ] {{ }} #{{panic("x")}}"""


@contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """A port of ours, and whoever has knocked."""
    with create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        knocks: list[object] = []
        yield server.getsockname()[1], knocks
        try:
            knocks.append(server.accept())
        except TimeoutError:
            return


def test_sec_08_what_a_customer_wrote_is_printed_and_never_run_fetched_or_opened() -> None:
    with listening() as (port, knocks):
        words = HOSTILE.format(port=port)
        complaint = factories.received(title=words[:190], words=words, desired_outcome=words)
        message = letter("Dear Ann", subject="Your complaint", name='#image("/etc/passwd")')
        message.subject, message.body = words.split("\n")[0], words
        printed = text_of(typeset("report", data_of(PaperKind.INCIDENT_REPORT, complaint), at=NOW))
        printed += text_of(on_paper(message))
    assert knocks == []
    squeezed = "".join(printed.split())
    for written in ('#image("/etc/passwd")', "<imgsrc=http:", "*bold*_it_`code`", '#{panic("x")}'):
        assert written in squeezed
    assert "root:x" not in printed
    assert Path("/etc/hostname").read_text().strip() not in printed


def test_sec_08_the_typesetter_opens_nothing_outside_its_own_folder(tmp_path: Path) -> None:
    """The folder is a wall: even a template of ours could not read past it."""
    sources = Path(actions.__file__).parent.parent / "papers" / "typst"
    assert not [path for path in sources.iterdir() if "@preview" in path.read_text()]
    for path in sources.iterdir():
        assert all(
            word not in path.read_text() for word in ("read(", "image(", "include ", "plugin(", "eval(")
        )


def test_sec_08_a_word_of_a_megabyte_is_set_in_seconds() -> None:
    complaint = factories.received(words="x" * 1_000_000)
    message = letter("Dear Ann")
    message.body = "y" * 1_000_000
    began = time.process_time()
    report = typeset("report", data_of(PaperKind.INCIDENT_REPORT, complaint), at=NOW)
    whole = on_paper(message)
    assert time.process_time() - began < 10
    assert "therestisinthefile" in "".join(text_of(report).split())
    assert len(read(whole).pages) > 100


@pytest.mark.parametrize(
    "odd",
    ["漢字", "👩‍👩‍👧", "a\u0301\u0323\u0489", "\ud800", "\x00\x1b", "\u202eabc", "\u0e01\u0e33", "نص", "🏳️‍🌈"],
)
def test_a_character_we_have_no_letter_for_becomes_a_box_and_stops_nothing(odd: str) -> None:
    message = letter("Dear Ann")
    message.body = f"Dear {odd} Ann"
    assert "Dear" in text_of(on_paper(message))


def test_only_what_has_a_letter_is_printable() -> None:
    assert only_printable({"a": ["漢é", 1, None]}) == {"a": ["□é", 1, None]}
    assert surely_printable("e\u0301 Ж") == "é Ж"


def test_typed_text_keeps_its_paragraphs_lines_and_lists() -> None:
    assert blocks_of("One\ntwo\n\n- a\n- b\nThree\n\n\n") == [
        {"kind": "text", "lines": ["One", "two"]},
        {"kind": "list", "items": ["a", "b"]},
        {"kind": "text", "lines": ["Three"]},
    ]


def test_pictures_are_for_eyes() -> None:
    pages = as_pictures("letter", letter_data(letter("Dear Ann")))
    assert [page[:4] for page in pages] == [b"\x89PNG"]


def test_the_data_is_one_text_whatever_the_order() -> None:
    assert (
        canonical({"b": 1, "a": "é"})
        == canonical({"a": "é", "b": 1})
        == json.dumps({"a": "é", "b": 1}, ensure_ascii=False, indent=1)
    )
