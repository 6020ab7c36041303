from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.mailroom import letters
from complaints.mailroom.exceptions import BadAddress
from complaints.mailroom.letters import Attachment, Letter, freeze

WRITTEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HEADERS = {
    "Content-Type", "MIME-Version", "Content-Transfer-Encoding", "From", "To", "Subject", "Date", "Message-ID",
    "Auto-Submitted", "X-Auto-Response-Suppress",
}  # fmt: skip
HOSTILE = [
    "Ann\r\nBcc: evil@x.example",
    "Ann\nBcc: evil@x.example\n\nSpam",
    "Ann\x00\x0bBcc: evil@x.example",
    "Ann\u2028Bcc: evil@x.example",
    "Ann\x85Bcc: evil@x.example",
    "Ann, evil@x.example",
    "Ann <evil@x.example>, Bob",
    '"Ann" <evil@x.example>',
    'Ann"\\" <evil@x.example>',
    "evil@x.example",
    "Ann; evil@x.example",
    "=?utf-8?q?Ann=0D=0ABcc=3A_evil=40x=2Eexample?=",
    "=?utf-8?q?Ann=2C_evil=40x=2Eexample?=",
    "Ånn (<evil@x.example>) ," * 30,
    "＜evil＠x.example＞",
    "a" * 500,
    "é" * 500,
    "\ud800 Ann",
    "undisclosed: evil@x.example;",
]


def a_letter(**given_: Any) -> Letter:
    usual: dict[str, Any] = {
        "to": "ann@example.com",
        "subject": "Your complaint",
        "body": "Dear Ann",
        "message_id": "<1@firm.example>",
        "date": WRITTEN,
    }
    return Letter(**usual | given_)


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def recipients(message: EmailMessage) -> list[Address]:
    return [address for name in ("To", "Cc", "Bcc") if message[name] for address in message[name].addresses]


def test_an_automatic_letter_says_so_and_carries_its_identity() -> None:
    message = read(freeze(a_letter(to_name="Ann Lee")))
    assert message["Message-ID"] == "<1@firm.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Date"].datetime == WRITTEN
    assert recipients(message) == [Address("Ann Lee", "ann", "example.com")]


def test_a_letter_by_a_person_does_not_claim_to_be_automatic() -> None:
    message = read(freeze(a_letter(automatic=False)))
    assert "Auto-Submitted" not in message
    assert "X-Auto-Response-Suppress" not in message


@pytest.mark.parametrize("ours", ["complaints@firm.example", "complaints@127.0.0.1"])
def test_how_to_get_no_more_is_told_at_whatever_address_is_ours(ours: str) -> None:
    message = read(freeze(a_letter(unsubscribe=ours)))
    assert message["List-Unsubscribe"] == f"<mailto:{ours}?subject=unsubscribe>"


def test_replies_are_threaded_and_directed() -> None:
    letter = a_letter(in_reply_to="<b@x>", references=["<a@x>"], reply_to="case+1@firm.example")
    message = read(freeze(letter))
    assert (message["In-Reply-To"], message["References"]) == ("<b@x>", "<a@x> <b@x>")
    assert message["Reply-To"] == "case+1@firm.example"


def test_a_long_thread_keeps_its_beginning_and_its_end() -> None:
    thread = [f"<{number}@x>" for number in range(100)]
    kept = read(freeze(a_letter(references=thread, in_reply_to="<last@x>")))["References"].split()
    assert len(kept) == letters.MOST_REFERENCES
    assert (kept[0], kept[-1]) == ("<0@x>", "<last@x>")


def test_rubbish_in_a_message_id_is_left_out() -> None:
    message = read(freeze(a_letter(in_reply_to="rubbish\r\nBcc: evil@x.example <ok@x> <not ok@x>")))
    assert message["In-Reply-To"] == "<ok@x>"
    assert "Bcc" not in message


@pytest.mark.parametrize(
    "body", ["Grüße\n\n– “Ann” 🙂\n", ".\n..\n.hidden\n", "x" * 3000 + "\n", "From me\n", "a=3D\n"]
)
def test_the_body_arrives_as_it_was_written(body: str) -> None:
    raw = freeze(a_letter(body=body))
    assert read(raw).get_content().replace("\r\n", "\n") == body
    raw.decode("ascii")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_every_line_on_the_wire_ends_the_same_way() -> None:
    raw = freeze(a_letter(body="a\nb\n", attachments=[Attachment("a.txt", "text/plain", b"a\nb\r\nc\r")]))
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0


@pytest.mark.parametrize(
    "media", ["text/csv", "application/pdf", "message/rfc822", "rubbish", "text/plain\r\nX: y"]
)
def test_attachments_arrive_to_the_byte(media: str) -> None:
    content = b"a;b\r\nc\nd\r\xff\x00.\n"
    message = read(freeze(a_letter(attachments=[Attachment("list.csv", media, content)])))
    (part,) = message.iter_attachments()
    assert part.get_payload(decode=True) == content
    assert part.get_filename() == "list.csv"
    assert "X" not in part


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", 'a"; x="b.exe', "a\r\nContent-Type: text/html", "Ärger.pdf", ""]
)
def test_an_attachment_name_is_only_a_name(name: str) -> None:
    (part,) = read(
        freeze(a_letter(attachments=[Attachment(name, "application/pdf", b"x")]))
    ).iter_attachments()
    shown = part.get_filename()
    assert shown
    assert not set(shown) & {"/", "\\", "\r", "\n"}
    assert part.get_content_type() == "application/pdf"


@pytest.mark.parametrize("text", HOSTILE)
def test_sec_34_a_name_never_makes_a_second_recipient_or_header(text: str) -> None:
    message = read(freeze(a_letter(to_name=text)))
    assert [address.addr_spec for address in recipients(message)] == ["ann@example.com"]
    assert set(message.keys()) == HEADERS


@pytest.mark.parametrize("text", HOSTILE)
def test_sec_34_a_subject_never_makes_a_header(text: str) -> None:
    message = read(freeze(a_letter(subject=letters.one_line(text))))
    assert [address.addr_spec for address in recipients(message)] == ["ann@example.com"]
    assert set(message.keys()) == HEADERS
    assert message["Subject"] == letters.one_line(text)


@given(st.text(max_size=300), st.text(max_size=300))
def test_sec_34_no_text_at_all_makes_a_second_recipient_or_header(name: str, subject: str) -> None:
    message = read(freeze(a_letter(to_name=name, subject=letters.one_line(subject))))
    assert [address.addr_spec for address in recipients(message)] == ["ann@example.com"]
    assert set(message.keys()) | {"Subject"} == HEADERS


@pytest.mark.parametrize("text", HOSTILE)
def test_sec_34_what_is_no_single_address_is_refused(text: str) -> None:
    with pytest.raises(BadAddress):
        letters.address(text if text != "evil@x.example" else "ann@example.com,evil@x.example")


@pytest.mark.parametrize(
    "text",
    ["", "ann", "@example.com", "ann@", "a@b@example.com", "ann@example.com\n", "ann@example.com\r\nRCPT TO:<evil@x.example>",
     "<ann@example.com>", "ann@exa mple.com", '"a,b"@example.com', '"<evil@x.example>"@example.com', "ånn@example.com",
     "ann\u212a@example.com", "a..b@example.com", "a" * 65 + "@" + "b" * 190 + ".com", ["ann@example.com"], None, 7],
)  # fmt: skip
def test_sec_34_odd_addresses_are_refused(text: object) -> None:
    with pytest.raises(BadAddress):
        letters.address(text)


@pytest.mark.parametrize(
    ("given_", "result"),
    [
        (" ann@example.com ", "ann@example.com"),
        ("Ann.O'Neil+x@EXAMPLE.com", "Ann.O'Neil+x@example.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_an_address_takes_the_form_every_server_takes(given_: str, result: str) -> None:
    assert letters.address(given_) == result


def test_a_name_keeps_its_letters() -> None:
    message = read(freeze(a_letter(to_name="Ångström-O’Neil, Dr. Zoë “Zo”")))
    assert recipients(message)[0].display_name == "Ångström-O’Neil, Dr. Zoë “Zo”"


def test_the_message_id_is_ours(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Complaints <help@firm.example>"
    first, second = letters.new_message_id(), letters.new_message_id()
    assert first != second
    assert first.endswith("@firm.example>")
    settings.MAIL_DOMAIN = "mail.firm.example"
    assert letters.new_message_id().endswith("@mail.firm.example>")


def test_the_firm_may_have_any_name(settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = '"Müller, Söhne & Co." <help@firm.example>'
    sender = read(freeze(a_letter()))["From"].addresses
    assert [(one.display_name, one.addr_spec) for one in sender] == [
        ("Müller, Söhne & Co.", "help@firm.example")
    ]


def test_text_is_cleaned_of_what_chokes_others() -> None:
    assert letters.paragraphs("a\r\nb\rc\x00\x1b\td\ud800") == "a\nb\nc\td"
    assert letters.one_line("  a \r\n b\x00c ") == "a b c"
    assert len(letters.one_line("x" * 300)) == letters.LONGEST_SUBJECT
